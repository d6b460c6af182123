package compat;

import java.io.File;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.metadata.properties.MetaProperties;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.storage.internals.checkpoint.LeaderEpochCheckpointFile;
import org.apache.kafka.storage.internals.checkpoint.OffsetCheckpointFile;
import org.apache.kafka.storage.internals.checkpoint.PartitionMetadataFile;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;

/** Reads what stands beside the logs of a data directory with the classes that Kafka's broker has for it; a line for each fact. */
public final class DirectoryFiles {
    private static final LogDirFailureChannel FAILURES = new LogDirFailureChannel(1);

    public static void main(String[] args) throws Exception {
        String root = args[0];
        MetaPropertiesEnsemble ensemble = new MetaPropertiesEnsemble.Loader().addLogDirs(List.of(root)).load();
        if (!ensemble.errorLogDirs().isEmpty()) throw new IllegalStateException("meta.properties cannot be read");
        for (MetaProperties meta : ensemble.logDirProps().values()) {
            System.out.println("meta.properties " + meta.clusterId().get() + " " + meta.nodeId().getAsInt());
        }
        for (String name : new String[] {"recovery-point-offset-checkpoint", "cleaner-offset-checkpoint", "log-start-offset-checkpoint"}) {
            File file = new File(root, name);
            if (!file.exists()) continue;
            new OffsetCheckpointFile(file, FAILURES).read()
                .forEach((partition, offset) -> System.out.println(name + " " + partition + " " + offset));
        }
        File[] partitions = new File(root).listFiles((directory) -> PartitionMetadataFile.newFile(directory).exists());
        Arrays.sort(partitions);
        for (File partition : partitions) {
            PartitionMetadataFile metadata = new PartitionMetadataFile(PartitionMetadataFile.newFile(partition), FAILURES);
            System.out.println(partition.getName() + " " + metadata.read().topicId());
            File epochs = LeaderEpochCheckpointFile.newFile(partition);
            if (!epochs.exists()) continue;
            new LeaderEpochCheckpointFile(epochs, FAILURES).read()
                .forEach((entry) -> System.out.println(partition.getName() + " epoch " + entry.epoch() + " " + entry.startOffset()));
        }
    }
}
