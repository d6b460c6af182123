package compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer of {@link Driver} in a group. */
final class DriverMember implements ConsumerRebalanceListener {
    private static final Map<String, String> ASSIGNORS = Map.of(
        "range", "RangeAssignor", "roundrobin", "RoundRobinAssignor", "cooperative-sticky", "CooperativeStickyAssignor");
    private static final long IDLE_COMMIT_NANOS = 300_000_000;
    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(5);

    private final String topic;
    private final int every;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, OffsetAndMetadata> next = new TreeMap<>(java.util.Comparator.comparingInt(TopicPartition::partition));
    private int uncommitted;
    private long committedAt = System.nanoTime();

    DriverMember(String bootstrap, JsonNode request) {
        topic = request.get("topic").asText();
        every = request.get("commitEvery").asInt();
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("group.id", request.get("group").asText());
        properties.put("partition.assignment.strategy",
            "org.apache.kafka.clients.consumer." + ASSIGNORS.get(request.get("assignor").asText()));
        properties.put("session.timeout.ms", request.get("sessionTimeoutMs").asText());
        properties.put("heartbeat.interval.ms", "500");
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", "false");
        properties.put("fetch.max.wait.ms", "100");
        properties.put("reconnect.backoff.max.ms", "500");
        if (request.has("instanceId")) properties.put("group.instance.id", request.get("instanceId").asText());
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(java.util.List.of(topic), this);
    }

    void poll() {
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
                Driver.tell("record", Driver.JSON.createObjectNode().put("line", RecordLine.of(record)));
                next.put(new TopicPartition(topic, record.partition()), new OffsetAndMetadata(record.offset() + 1));
                if (++uncommitted >= every) commit();
            }
        } catch (KafkaException error) {
            Driver.tell("problem", Driver.JSON.createObjectNode().put("error", error.toString()));
        }
        if (System.nanoTime() - committedAt > IDLE_COMMIT_NANOS) commit();
    }

    void leave() {
        commit();
        consumer.close();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        ObjectNode what = withPartitions(partitions);
        Driver.tell("assigned", what.put("generation", consumer.groupMetadata().generationId()));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        commit();
        giveUp(partitions, false);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        giveUp(partitions, true);
    }

    private void giveUp(Collection<TopicPartition> partitions, boolean lost) {
        next.keySet().removeAll(partitions);
        Driver.tell("revoked", withPartitions(partitions).put("lost", lost));
    }

    private void commit() {
        committedAt = System.nanoTime();
        uncommitted = 0;
        if (next.isEmpty()) return;
        Map<TopicPartition, OffsetAndMetadata> offsets = Map.copyOf(next);
        next.clear();
        Driver.tell("committing", withOffsets(offsets));
        try {
            consumer.commitSync(offsets, COMMIT_LIMIT);
            Driver.tell("committed", withOffsets(offsets));
        } catch (CommitFailedException | RebalanceInProgressException | FencedInstanceIdException error) {
            Driver.tell("refused", withOffsets(offsets).put("error", error.toString()));
            offsets.forEach(next::putIfAbsent);
        } catch (RetriableCommitFailedException | org.apache.kafka.common.errors.TimeoutException error) {
            Driver.tell("failed", withOffsets(offsets).put("error", error.toString()));
            offsets.forEach(next::putIfAbsent);
        }
    }

    private static ObjectNode withPartitions(Collection<TopicPartition> partitions) {
        ObjectNode what = Driver.JSON.createObjectNode();
        ArrayNode list = what.putArray("partitions");
        for (TopicPartition each : partitions) list.add(each.partition());
        return what;
    }

    private static ObjectNode withOffsets(Map<TopicPartition, OffsetAndMetadata> offsets) {
        ObjectNode what = Driver.JSON.createObjectNode();
        ArrayNode list = what.putArray("offsets");
        offsets.forEach((partition, offset) -> list.addArray().add(partition.partition()).add(offset.offset()));
        return what;
    }
}
