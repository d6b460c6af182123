package compat;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;

/** The range assignor, which also tells on standard error what this member was assigned. */
public final class ReportingAssignor extends RangeAssignor {
    @Override
    public void onAssignment(Assignment assignment, ConsumerGroupMetadata metadata) {
        System.err.println("assigned " + assignment.partitions().size());
    }
}
