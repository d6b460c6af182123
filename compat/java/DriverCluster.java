package compat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AddRaftVoterOptions;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.Uuid;

/** Administration of replicas and of the cluster for {@link DriverSteps}. */
final class DriverCluster {
    static final Map<String, String> CAN = new TreeMap<>();

    static {
        CAN.put("electLeaders", "topic partition unclean");
        CAN.put("reassign", "topic partition replicas");
        CAN.put("moveReplica", "topic partition directory");
        CAN.put("describeReplica", "topic partition");
        CAN.put("describePages", "topic limit");
        CAN.put("authorizedOperations", "topic");
        CAN.put("updateFeature", "feature level how validateOnly");
        CAN.put("unregisterBroker", "broker");
        for (String each : List.of("addVoter", "removeVoter")) CAN.put(each, "voter");
    }

    private final Admin admin;

    DriverCluster(Admin admin) {
        this.admin = admin;
    }

    Object perform(JsonNode request) throws Exception {
        TopicPartition partition = new TopicPartition(request.path("topic").asText(), request.path("partition").asInt());
        switch (request.get("op").asText()) {
            case "electLeaders":
                ElectionType type = request.path("unclean").asBoolean() ? ElectionType.UNCLEAN : ElectionType.PREFERRED;
                return admin.electLeaders(type, Set.of(partition)).all().get();
            case "reassign":
                return admin.alterPartitionReassignments(Map.of(partition, wanted(request))).all().get();
            case "moveReplica":
                TopicPartitionReplica replica = new TopicPartitionReplica(partition.topic(), partition.partition(), broker());
                String directory = request.hasNonNull("directory") ? request.get("directory").asText() : directories().keySet().iterator().next();
                return admin.alterReplicaLogDirs(Map.of(replica, directory)).all().get();
            case "describeReplica":
                return describeReplica(partition);
            case "describePages":
                var topic = admin.describeTopics(List.of(partition.topic()),
                    new DescribeTopicsOptions().partitionSizeLimitPerResponse(request.get("limit").asInt())).allTopicNames().get();
                return Map.of("partitions", topic.get(partition.topic()).partitions().stream().map(each -> each.partition()).toList());
            case "authorizedOperations":
                return Map.of(
                    "topic", admin.describeTopics(List.of(partition.topic()), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .allTopicNames().get().get(partition.topic()).authorizedOperations().stream().map(Enum::toString).sorted().toList(),
                    "cluster", admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true))
                        .authorizedOperations().get().stream().map(Enum::toString).sorted().toList());
            case "updateFeature":
                return admin.updateFeatures(Map.of(request.get("feature").asText(), update(request)),
                    new UpdateFeaturesOptions().validateOnly(request.path("validateOnly").asBoolean())).all().get();
            case "unregisterBroker":
                return admin.unregisterBroker(request.get("broker").asInt()).all().get();
            case "addVoter":
                RaftVoterEndpoint endpoint = new RaftVoterEndpoint("CONTROLLER", "127.0.0.1", 1);
                RaftVoterEndpoint other = new RaftVoterEndpoint("PLAINTEXT", "127.0.0.1", 1);
                return admin.addRaftVoter(request.get("voter").asInt(), Uuid.ONE_UUID, Set.of(endpoint, other), new AddRaftVoterOptions()).all().get();
            default:
                return admin.removeRaftVoter(request.get("voter").asInt(), Uuid.ONE_UUID).all().get();
        }
    }

    private static Optional<NewPartitionReassignment> wanted(JsonNode request) {
        if (!request.hasNonNull("replicas")) return Optional.empty();
        List<Integer> replicas = new ArrayList<>();
        request.get("replicas").forEach(each -> replicas.add(each.asInt()));
        return Optional.of(new NewPartitionReassignment(replicas));
    }

    private static FeatureUpdate update(JsonNode request) {
        String how = request.path("how").asText("upgrade");
        FeatureUpdate.UpgradeType type = how.equals("safe") ? FeatureUpdate.UpgradeType.SAFE_DOWNGRADE
            : how.equals("unsafe") ? FeatureUpdate.UpgradeType.UNSAFE_DOWNGRADE : FeatureUpdate.UpgradeType.UPGRADE;
        return new FeatureUpdate((short) request.get("level").asInt(), type);
    }

    private int broker() throws Exception {
        return admin.describeCluster().nodes().get().iterator().next().id();
    }

    private Map<String, LogDirDescription> directories() throws Exception {
        return admin.describeLogDirs(List.of(broker())).allDescriptions().get().get(broker());
    }

    private Object describeReplica(TopicPartition partition) throws Exception {
        for (LogDirDescription each : directories().values()) {
            var found = each.replicaInfos().get(partition);
            if (found != null) return Map.of("size", found.size(), "lag", found.offsetLag(), "future", found.isFuture(),
                "volume", each.totalBytes().orElse(-1), "usable", each.usableBytes().orElse(-1));
        }
        return Map.of();
    }
}
