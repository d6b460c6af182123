package compat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterClientQuotasOptions;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;

/** Administration for {@link DriverSteps}. */
final class DriverAdmin {
    static final Map<String, String> CAN = new TreeMap<>();

    static {
        CAN.put("createTopic", "topic partitions replicas config validateOnly assignments");
        for (String each : List.of("deleteTopic", "describeTopic")) CAN.put(each, "topic");
        for (String each : List.of("listTopics", "describeCluster", "listTransactions", "describeFeatures", "describeQuorum", "describeLogDirs",
            "describeAcls")) CAN.put(each, "");
        CAN.put("listConfigResources", "type");
        CAN.put("describeConfigs", "type name");
        CAN.put("listOffsets", "topic partition at");
        for (String each : List.of("groupOffsets", "describeGroup", "deleteGroup")) CAN.put(each, "group");
        CAN.put("listGroups", "states types");
        CAN.put("deleteGroupOffsets", "group topic partition");
        CAN.put("alterGroupOffsets", "group offsets metadata");
        CAN.put("removeMember", "group instanceId");
        CAN.put("createPartitions", "topic count validateOnly");
        CAN.put("alterConfigs", "type name set append subtract remove validateOnly");
        CAN.put("deleteRecords", "topic partition before");
        for (String each : List.of("describeProducers", "abortHanging", "listReassignments")) CAN.put(each, "topic partition");
        for (String each : List.of("describeTransaction", "fenceProducer")) CAN.put(each, "transactionalId");
        CAN.putAll(DriverCluster.CAN);
        CAN.put("alterQuotas", "user client ip set remove validateOnly");
        CAN.put("describeQuotas", "user client ip");
        CAN.put("alterScram", "user iterations");
        CAN.put("describeScram", "user");
    }

    private final String bootstrap;
    private Admin admin;

    DriverAdmin(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    private synchronized Admin admin() {
        if (admin == null) {
            Properties properties = new Properties();
            properties.put("bootstrap.servers", bootstrap);
            properties.put("client.id", "compat-java");
            properties.put("reconnect.backoff.max.ms", "500");
            properties.put("default.api.timeout.ms", "15000");
            properties.put("request.timeout.ms", "10000");
            admin = Admin.create(properties);
        }
        return admin;
    }

    Object perform(JsonNode request) throws Exception {
        if (DriverCluster.CAN.containsKey(request.get("op").asText())) return new DriverCluster(admin()).perform(request);
        switch (request.get("op").asText()) {
            case "createTopic":
                return createTopic(request);
            case "deleteTopic":
                return admin().deleteTopics(List.of(text(request, "topic"))).all().get();
            case "listTopics":
                return new TreeSet<>(admin().listTopics().names().get());
            case "describeTopic":
                return describeTopic(request);
            case "describeCluster":
                return describeCluster();
            case "describeConfigs":
                return describeConfigs(request);
            case "listOffsets":
                return listOffsets(request);
            case "deleteRecords":
                return deleteRecords(request);
            case "createPartitions":
                return admin().createPartitions(Map.of(text(request, "topic"), NewPartitions.increaseTo(request.get("count").asInt())),
                    new CreatePartitionsOptions().validateOnly(request.path("validateOnly").asBoolean())).all().get();
            case "alterConfigs":
                return alterConfigs(request);
            default:
                return performOnGroups(request);
        }
    }

    private Object performOnGroups(JsonNode request) throws Exception {
        String group = request.path("group").asText();
        switch (request.get("op").asText()) {
            case "groupOffsets":
                return groupOffsets(group);
            case "describeGroup":
                return describeGroup(group);
            case "listGroups":
                return listGroups(request);
            case "deleteGroup":
                return admin().deleteConsumerGroups(List.of(group)).all().get();
            case "deleteGroupOffsets":
                return admin().deleteConsumerGroupOffsets(group, Set.of(partition(request))).all().get();
            case "alterGroupOffsets":
                Map<TopicPartition, OffsetAndMetadata> offsets = DriverSteps.offsets(request, DriverSteps.text(request, "metadata", ""));
                return admin().alterConsumerGroupOffsets(group, offsets).all().get();
            case "removeMember":
                MemberToRemove member = new MemberToRemove(text(request, "instanceId"));
                return admin().removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions(List.of(member))).all().get();
            default:
                return performElse(request);
        }
    }

    private Object performElse(JsonNode request) throws Exception {
        switch (request.get("op").asText()) {
            case "describeProducers":
                return describeProducers(request);
            case "abortHanging":
                return abortHanging(request);
            case "listReassignments":
                return admin().listPartitionReassignments(Set.of(partition(request))).reassignments().get().size();
            case "listTransactions":
                List<Object> all = new ArrayList<>();
                admin().listTransactions().all().get().forEach(each ->
                    all.add(Map.of("transactionalId", each.transactionalId(), "state", each.state().toString())));
                return all;
            case "describeTransaction":
                String id = text(request, "transactionalId");
                TransactionDescription found = admin().describeTransactions(List.of(id)).description(id).get();
                return Map.of("state", found.state().toString(), "timeoutMs", found.transactionTimeoutMs());
            case "fenceProducer":
                return admin().fenceProducers(List.of(text(request, "transactionalId"))).all().get();
            case "describeFeatures":
                return new TreeSet<>(admin().describeFeatures().featureMetadata().get().finalizedFeatures().keySet());
            case "describeQuorum":
                return Map.of("leader", admin().describeMetadataQuorum().quorumInfo().get().leaderId());
            case "describeLogDirs":
                TreeSet<String> topics = new TreeSet<>();
                List<Integer> brokers = admin().describeCluster().nodes().get().stream().map(Node::id).toList();
                admin().describeLogDirs(brokers).allDescriptions().get().values().forEach(dirs -> dirs.values().forEach(dir ->
                    dir.replicaInfos().keySet().forEach(each -> topics.add(each.topic()))));
                return topics;
            case "describeAcls":
                return admin().describeAcls(AclBindingFilter.ANY).values().get().size();
            case "listConfigResources":
                TreeSet<String> names = new TreeSet<>();
                admin().listConfigResources(Set.of(request.has("type") ? typeOf(request) : ConfigResource.Type.TOPIC),
                    new org.apache.kafka.clients.admin.ListConfigResourcesOptions()).all().get().forEach(each -> names.add(each.name()));
                return names;
            default:
                return performOnUsers(request);
        }
    }

    private Object performOnUsers(JsonNode request) throws Exception {
        String user = text(request, "user");
        ClientQuotaEntity entity = quotaEntity(request);
        switch (request.get("op").asText()) {
            case "alterQuotas":
                List<ClientQuotaAlteration.Op> ops = new ArrayList<>();
                request.path("set").fields().forEachRemaining(each -> ops.add(new ClientQuotaAlteration.Op(each.getKey(), each.getValue().asDouble())));
                request.path("remove").forEach(each -> ops.add(new ClientQuotaAlteration.Op(each.asText(), null)));
                AlterClientQuotasOptions options = new AlterClientQuotasOptions().validateOnly(request.path("validateOnly").asBoolean());
                return admin().alterClientQuotas(List.of(new ClientQuotaAlteration(entity, ops)), options).all().get();
            case "describeQuotas":
                List<ClientQuotaFilterComponent> parts = new ArrayList<>();
                entity.entries().forEach((type, name) -> parts.add(name == null ? ClientQuotaFilterComponent.ofDefaultEntity(type)
                    : ClientQuotaFilterComponent.ofEntity(type, name)));
                ClientQuotaFilter filter = ClientQuotaFilter.containsOnly(parts);
                return admin().describeClientQuotas(filter).entities().get().getOrDefault(entity, Map.of());
            case "alterScram":
                ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, request.get("iterations").asInt());
                return admin().alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, info, "secret"))).all().get();
            case "describeScram":
                List<Object> all = new ArrayList<>();
                admin().describeUserScramCredentials(List.of(user)).description(user).get().credentialInfos().forEach(each ->
                    all.add(Map.of("mechanism", each.mechanism().mechanismName(), "iterations", each.iterations())));
                return all;
            default:
                throw new KafkaException("no operation " + request.get("op"));
        }
    }

    private Object createTopic(JsonNode request) throws Exception {
        NewTopic topic;
        if (request.has("assignments")) {
            Map<Integer, List<Integer>> assignments = new HashMap<>();
            for (JsonNode each : request.get("assignments")) {
                List<Integer> brokers = new ArrayList<>();
                each.forEach(broker -> brokers.add(broker.asInt()));
                assignments.put(assignments.size(), brokers);
            }
            topic = new NewTopic(text(request, "topic"), assignments);
        } else {
            Optional<Integer> partitions = request.has("partitions") ? Optional.of(request.get("partitions").asInt()) : Optional.empty();
            Optional<Short> replicas = request.has("replicas") ? Optional.of((short) request.get("replicas").asInt()) : Optional.empty();
            topic = new NewTopic(text(request, "topic"), partitions, replicas);
        }
        topic.configs(texts(request, "config"));
        CreateTopicsOptions options = new CreateTopicsOptions().validateOnly(request.path("validateOnly").asBoolean());
        admin().createTopics(List.of(topic), options).all().get();
        return null;
    }

    private Object describeTopic(JsonNode request) throws Exception {
        TopicDescription topic = admin().describeTopics(List.of(text(request, "topic"))).allTopicNames().get().get(text(request, "topic"));
        var first = topic.partitions().get(0);
        return Map.of("partitions", topic.partitions().size(), "replicas", first.replicas().size(), "inSync", first.isr().size(), "internal",
            topic.isInternal(), "leader", first.leader().id(), "id", topic.topicId().toString());
    }

    private Object describeCluster() throws Exception {
        var found = admin().describeCluster();
        return Map.of("brokers", found.nodes().get().size(), "controller", found.controller().get().id(), "clusterId", found.clusterId().get());
    }

    private static ConfigResource.Type typeOf(JsonNode request) {
        return ConfigResource.Type.valueOf(text(request, "type").toUpperCase());
    }

    private static ConfigResource resource(JsonNode request) {
        return new ConfigResource(typeOf(request), text(request, "name"));
    }

    private static ClientQuotaEntity quotaEntity(JsonNode request) {
        Map<String, String> parts = new HashMap<>();
        Map.of("user", ClientQuotaEntity.USER, "client", ClientQuotaEntity.CLIENT_ID, "ip", ClientQuotaEntity.IP).forEach((field, type) -> {
            if (request.has(field)) parts.put(type, text(request, field).isEmpty() ? null : text(request, field));
        });
        return new ClientQuotaEntity(parts);
    }

    private Object describeConfigs(JsonNode request) throws Exception {
        ConfigResource resource = resource(request);
        Map<String, Object> all = new HashMap<>();
        for (ConfigEntry each : admin().describeConfigs(List.of(resource)).all().get().get(resource).entries()) {
            Map<String, Object> told = new HashMap<>();
            told.put("value", each.value());
            told.put("readOnly", each.isReadOnly());
            told.put("sensitive", each.isSensitive());
            told.put("source", each.source().toString());
            all.put(each.name(), told);
        }
        return all;
    }

    private Object alterConfigs(JsonNode request) throws Exception {
        Collection<AlterConfigOp> ops = new ArrayList<>();
        texts(request, "set").forEach((name, value) -> ops.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
        texts(request, "append").forEach((name, value) -> ops.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.APPEND)));
        texts(request, "subtract").forEach((name, value) -> ops.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SUBTRACT)));
        request.path("remove").forEach(each -> ops.add(new AlterConfigOp(new ConfigEntry(each.asText(), null), AlterConfigOp.OpType.DELETE)));
        AlterConfigsOptions options = new AlterConfigsOptions().validateOnly(request.path("validateOnly").asBoolean());
        return admin().incrementalAlterConfigs(Map.of(resource(request), ops), options).all().get();
    }

    private Object listOffsets(JsonNode request) throws Exception {
        JsonNode at = request.get("at");
        OffsetSpec spec = at.isObject() ? OffsetSpec.forTimestamp(at.get("timestamp").asLong())
            : at.asText().equals("earliest") ? OffsetSpec.earliest()
            : at.asText().equals("latest") ? OffsetSpec.latest()
            : at.asText().equals("earliest-local") ? OffsetSpec.earliestLocal()
            : at.asText().equals("latest-tiered") ? OffsetSpec.latestTiered()
            : at.asText().equals("earliest-pending-upload") ? OffsetSpec.earliestPendingUpload() : OffsetSpec.maxTimestamp();
        ListOffsetsResult.ListOffsetsResultInfo found = admin().listOffsets(Map.of(partition(request), spec)).partitionResult(partition(request)).get();
        return Map.of("offset", found.offset(), "timestamp", found.timestamp(), "leaderEpoch", found.leaderEpoch().orElse(-1));
    }

    private Object deleteRecords(JsonNode request) throws Exception {
        RecordsToDelete before = RecordsToDelete.beforeOffset(request.get("before").asLong());
        long low = admin().deleteRecords(Map.of(partition(request), before)).lowWatermarks().get(partition(request)).get().lowWatermark();
        return Map.of("lowWatermark", low);
    }

    private Object groupOffsets(String group) throws Exception {
        List<Object> all = new ArrayList<>();
        TreeMap<String, Object> sorted = new TreeMap<>();
        admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().forEach((partition, offset) -> {
            if (offset != null) sorted.put(partition.toString(), Map.of("topic", partition.topic(), "partition", partition.partition(), "offset",
                offset.offset(), "leaderEpoch", offset.leaderEpoch().orElse(-1), "metadata", offset.metadata()));
        });
        all.addAll(sorted.values());
        return all;
    }

    private Object describeGroup(String group) throws Exception {
        var found = admin().describeConsumerGroups(List.of(group)).all().get().get(group);
        List<Object> members = new ArrayList<>();
        for (MemberDescription each : found.members()) {
            Map<String, Object> told = new HashMap<>();
            told.put("clientId", each.clientId());
            told.put("instanceId", each.groupInstanceId().orElse(null));
            told.put("host", each.host());
            TreeSet<String> assigned = new TreeSet<>();
            each.assignment().topicPartitions().forEach(partition -> assigned.add(partition.toString()));
            told.put("assigned", assigned);
            members.add(told);
        }
        return Map.of("state", found.groupState().toString(), "protocol", found.partitionAssignor(), "type", found.type().toString(), "members", members);
    }

    private Object listGroups(JsonNode request) throws Exception {
        ListGroupsOptions options = new ListGroupsOptions();
        Set<GroupState> states = new java.util.HashSet<>();
        request.path("states").forEach(each -> states.add(GroupState.parse(each.asText())));
        Set<GroupType> types = new java.util.HashSet<>();
        request.path("types").forEach(each -> types.add(GroupType.parse(each.asText())));
        List<Object> all = new ArrayList<>();
        for (GroupListing each : admin().listGroups(options.inGroupStates(states).withTypes(types)).all().get()) {
            all.add(Map.of("group", each.groupId(), "state", each.groupState().map(Object::toString).orElse(""), "protocolType", each.protocol(),
                "type", each.type().map(Object::toString).orElse("")));
        }
        return all;
    }

    private Object describeProducers(JsonNode request) throws Exception {
        List<Object> all = new ArrayList<>();
        for (ProducerState each : admin().describeProducers(List.of(partition(request))).partitionResult(partition(request)).get().activeProducers()) {
            all.add(Map.of("epoch", each.producerEpoch(), "lastSequence", each.lastSequence(), "transactionStart",
                each.currentTransactionStartOffset().orElse(-1)));
        }
        return all;
    }

    private Object abortHanging(JsonNode request) throws Exception {
        TopicPartition partition = partition(request);
        for (ProducerState each : admin().describeProducers(List.of(partition)).partitionResult(partition).get().activeProducers()) {
            if (each.currentTransactionStartOffset().isEmpty()) continue;
            short epoch = (short) each.producerEpoch();
            admin().abortTransaction(new AbortTransactionSpec(partition, each.producerId(), epoch, each.coordinatorEpoch().orElse(0))).all().get();
        }
        return null;
    }

    private static TopicPartition partition(JsonNode request) {
        return new TopicPartition(text(request, "topic"), request.path("partition").asInt(0));
    }

    private static String text(JsonNode request, String name) {
        return request.path(name).asText();
    }

    private static Map<String, String> texts(JsonNode request, String name) {
        Map<String, String> all = new HashMap<>();
        request.path(name).fields().forEachRemaining(each -> all.put(each.getKey(), each.getValue().asText()));
        return all;
    }
}
