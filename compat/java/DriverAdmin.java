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
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
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
        for (String each : List.of("deleteTopic", "describeTopic")) CAN.put(each, "topic topicId");
        for (String each : List.of("listTopics", "describeCluster", "describeFeatures", "featureLevels", "describeQuorum",
            "describeLogDirs", "describeAcls")) CAN.put(each, "");
        CAN.put("listConfigResources", "type");
        CAN.put("describeConfigs", "type name synonyms documentation");
        CAN.put("listOffsets", "topic partition at isolation");
        CAN.put("listTransactions", "states olderThanMs pattern");
        for (String each : List.of("groupOffsets", "describeGroup", "deleteGroup", "removeAllMembers")) CAN.put(each, "group");
        CAN.put("listGroups", "states types");
        CAN.put("deleteGroupOffsets", "group topic partition");
        CAN.put("alterGroupOffsets", "group offsets metadata");
        CAN.put("removeMember", "group instanceId");
        CAN.put("createPartitions", "topic count validateOnly assignments");
        CAN.put("alterConfigs", "type name set append subtract remove validateOnly");
        CAN.put("deleteRecords", "topic partition before");
        for (String each : List.of("describeProducers", "abortHanging", "listReassignments")) CAN.put(each, "topic partition");
        for (String each : List.of("describeTransaction", "fenceProducer")) CAN.put(each, "transactionalId");
        CAN.putAll(DriverCluster.CAN);
        CAN.put("alterQuotas", "user client ip set remove validateOnly");
        CAN.put("describeQuotas", "user client ip");
        CAN.put("findQuotas", "user client ip strict");
        CAN.put("alterScram", "user iterations");
        CAN.put("describeScram", "user");
    }

    private static final Map<String, String> QUOTA_TYPES =
        Map.of("user", ClientQuotaEntity.USER, "client", ClientQuotaEntity.CLIENT_ID, "ip", ClientQuotaEntity.IP);

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
                return admin().deleteTopics(topics(request)).all().get();
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
                int count = request.get("count").asInt();
                NewPartitions wanted = request.has("assignments") ? NewPartitions.increaseTo(count, assignments(request)) : NewPartitions.increaseTo(count);
                return admin().createPartitions(Map.of(text(request, "topic"), wanted), new CreatePartitionsOptions().validateOnly(request.path("validateOnly").asBoolean())).all().get();
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
            case "removeAllMembers":
                return admin().removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions()).all().get();
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
                return listTransactions(request);
            case "describeTransaction":
                String id = text(request, "transactionalId");
                TransactionDescription found = admin().describeTransactions(List.of(id)).description(id).get();
                TreeSet<String> partitions = new TreeSet<>();
                found.topicPartitions().forEach(each -> partitions.add(each.toString()));
                return Map.of("state", found.state().toString(), "timeoutMs", found.transactionTimeoutMs(), "producerId", found.producerId(),
                    "epoch", found.producerEpoch(), "partitions", partitions);
            case "fenceProducer":
                return admin().fenceProducers(List.of(text(request, "transactionalId"))).all().get();
            case "describeFeatures":
                return new TreeSet<>(admin().describeFeatures().featureMetadata().get().finalizedFeatures().keySet());
            case "describeQuorum":
                QuorumInfo quorum = admin().describeMetadataQuorum().quorumInfo().get();
                return Map.of("leader", quorum.leaderId(), "highWatermark", quorum.highWatermark(), "observers", quorum.observers().size(), "voters",
                    quorum.voters().stream().map(QuorumInfo.ReplicaState::replicaId).toList());
            case "featureLevels":
                return featureLevels();
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
            case "findQuotas":
                return findQuotas(request);
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
            Map<Integer, List<Integer>> replicas = new HashMap<>();
            assignments(request).forEach(each -> replicas.put(replicas.size(), each));
            topic = new NewTopic(text(request, "topic"), replicas);
        } else {
            Optional<Integer> partitions = request.has("partitions") ? Optional.of(request.get("partitions").asInt()) : Optional.empty();
            Optional<Short> replicas = request.has("replicas") ? Optional.of((short) request.get("replicas").asInt()) : Optional.empty();
            topic = new NewTopic(text(request, "topic"), partitions, replicas);
        }
        topic.configs(texts(request, "config"));
        CreateTopicsOptions options = new CreateTopicsOptions().validateOnly(request.path("validateOnly").asBoolean());
        CreateTopicsResult made = admin().createTopics(List.of(topic), options);
        Map<String, Object> configs = new HashMap<>();
        made.config(topic.name()).get().entries().forEach(each -> configs.put(each.name(), told(each)));
        return Map.of("partitions", made.numPartitions(topic.name()).get(), "replicas", made.replicationFactor(topic.name()).get(), "id",
            made.topicId(topic.name()).get().toString(), "configs", configs);
    }

    private static List<List<Integer>> assignments(JsonNode request) {
        List<List<Integer>> all = new ArrayList<>();
        for (JsonNode each : request.get("assignments")) {
            List<Integer> brokers = new ArrayList<>();
            each.forEach(broker -> brokers.add(broker.asInt()));
            all.add(brokers);
        }
        return all;
    }

    private static TopicCollection topics(JsonNode request) {
        if (request.has("topicId")) return TopicCollection.ofTopicIds(List.of(Uuid.fromString(text(request, "topicId"))));
        return TopicCollection.ofTopicNames(List.of(text(request, "topic")));
    }

    private Object featureLevels() throws Exception {
        FeatureMetadata found = admin().describeFeatures().featureMetadata().get();
        Map<String, Object> all = new TreeMap<>();
        found.supportedFeatures().forEach((name, range) -> {
            FinalizedVersionRange level = found.finalizedFeatures().get(name);
            all.put(name, Map.of("min", range.minVersion(), "max", range.maxVersion(), "level", level == null ? 0 : level.maxVersionLevel()));
        });
        return all;
    }

    private Object findQuotas(JsonNode request) throws Exception {
        List<ClientQuotaFilterComponent> parts = new ArrayList<>();
        QUOTA_TYPES.forEach((field, type) -> {
            if (!request.has(field)) return;
            if (request.get(field).isBoolean()) parts.add(ClientQuotaFilterComponent.ofEntityType(type));
            else if (text(request, field).isEmpty()) parts.add(ClientQuotaFilterComponent.ofDefaultEntity(type));
            else parts.add(ClientQuotaFilterComponent.ofEntity(type, text(request, field)));
        });
        ClientQuotaFilter filter = request.path("strict").asBoolean() ? ClientQuotaFilter.containsOnly(parts) : ClientQuotaFilter.contains(parts);
        List<Object> all = new ArrayList<>();
        admin().describeClientQuotas(filter).entities().get().forEach((entity, quotas) -> {
            Map<String, Object> told = new HashMap<>(Map.of("quotas", quotas));
            QUOTA_TYPES.forEach((field, type) -> {
                String name = entity.entries().get(type);
                if (entity.entries().containsKey(type)) told.put(field, name == null ? "" : name);
            });
            all.add(told);
        });
        return all;
    }

    private Object describeTopic(JsonNode request) throws Exception {
        if (request.has("topicId")) {
            TopicDescription found = admin().describeTopics(topics(request)).allTopicIds().get().values().iterator().next();
            return Map.of("name", found.name(), "partitions", found.partitions().size());
        }
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
        QUOTA_TYPES.forEach((field, type) -> {
            if (request.has(field)) parts.put(type, text(request, field).isEmpty() ? null : text(request, field));
        });
        return new ClientQuotaEntity(parts);
    }

    private Object describeConfigs(JsonNode request) throws Exception {
        ConfigResource resource = resource(request);
        Map<String, Object> all = new HashMap<>();
        DescribeConfigsOptions options = new DescribeConfigsOptions().includeSynonyms(request.path("synonyms").asBoolean())
            .includeDocumentation(request.path("documentation").asBoolean());
        for (ConfigEntry each : admin().describeConfigs(List.of(resource), options).all().get().get(resource).entries()) {
            all.put(each.name(), told(each));
        }
        return all;
    }

    private static Map<String, Object> told(ConfigEntry entry) {
        Map<String, Object> told = new HashMap<>();
        told.put("value", entry.value());
        told.put("readOnly", entry.isReadOnly());
        told.put("sensitive", entry.isSensitive());
        told.put("source", entry.source().toString());
        told.put("type", entry.type() == null ? null : entry.type().toString());
        told.put("documentation", entry.documentation());
        List<Object> synonyms = new ArrayList<>();
        entry.synonyms().forEach(each -> {
            Map<String, Object> synonym = new HashMap<>(Map.of("name", each.name(), "source", each.source().toString()));
            synonym.put("value", each.value());
            synonyms.add(synonym);
        });
        told.put("synonyms", synonyms);
        return told;
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
        ListOffsetsOptions options = new ListOffsetsOptions(request.has("isolation") ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED);
        ListOffsetsResult.ListOffsetsResultInfo found =
            admin().listOffsets(Map.of(partition(request), spec), options).partitionResult(partition(request)).get();
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

    private Object listTransactions(JsonNode request) throws Exception {
        ListTransactionsOptions options = new ListTransactionsOptions();
        Set<TransactionState> states = new java.util.HashSet<>();
        request.path("states").forEach(each -> states.add(TransactionState.parse(each.asText())));
        options.filterStates(states).filterOnDuration(DriverSteps.number(request, "olderThanMs", -1));
        if (request.has("pattern")) options.filterOnTransactionalIdPattern(text(request, "pattern"));
        List<Object> all = new ArrayList<>();
        admin().listTransactions(options).all().get().forEach(each ->
            all.add(Map.of("transactionalId", each.transactionalId(), "state", each.state().toString(), "producerId", each.producerId())));
        return all;
    }

    private Object describeProducers(JsonNode request) throws Exception {
        List<Object> all = new ArrayList<>();
        for (ProducerState each : admin().describeProducers(List.of(partition(request))).partitionResult(partition(request)).get().activeProducers()) {
            all.add(Map.of("producerId", each.producerId(), "epoch", each.producerEpoch(), "lastSequence", each.lastSequence(), "transactionStart",
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
