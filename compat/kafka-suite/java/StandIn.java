package compat.kafkasuite;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import kafka.cluster.Partition;
import kafka.log.LogManager;
import kafka.network.SocketServer;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaApis;
import kafka.server.KafkaConfig;
import kafka.server.ReplicaManager;
import kafka.server.SharedServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.controller.Controller;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.metadata.BrokerState;
import org.apache.kafka.metadata.KRaftMetadataCache;
import org.apache.kafka.metadata.LeaderAndIsr;
import org.apache.kafka.server.IntegrationTestUtils;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.mockito.Answers;
import org.mockito.Mockito;
import org.mockito.invocation.InvocationOnMock;
import org.mockito.stubbing.Answer;
import org.opentest4j.TestAbortedException;
import scala.Option;

import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

/**
 * Stand-ins for the broker and controller objects that tests ask their cluster for. What can be had through the protocol
 * (is the topic there, who leads it, which ids) or from the configuration is answered so; everything else aborts the test.
 */
final class StandIn {
    /** What a stand-in needs to know of the broker it stands for. */
    interface Remote {
        Admin admin();
        int port();
        boolean isDown();
        void stop();
        void start();
        String listener();
        Map<String, String> properties();
        String clusterId();
        List<String> logDirs();
    }

    static final String NO_DIR = "/nonexistent";

    /** The first thing this test asked for that only a broker inside the JVM could answer; null when there was none. */
    static volatile String unsupported;

    private StandIn() {
    }

    static <T> T unsupported(String what) {
        if (unsupported == null) unsupported = what;
        throw new TestAbortedException("needs a broker inside the JVM: " + what);
    }

    private static Remote remote(ExternalClusterInstance c) {
        return new Remote() {
            public Admin admin() { return c.admin(); }
            public int port() { return c.port(); }
            public boolean isDown() { return c.isDown(); }
            public void stop() { c.shutdownBroker(0); }
            public void start() { c.startBroker(0); }
            public String listener() { return c.config().brokerListenerName().value(); }
            public Map<String, String> properties() { return ExternalClusterInstance.properties(c.config(), ""); }
            public String clusterId() { return c.clusterId(); }
            public List<String> logDirs() { return List.of(NO_DIR); }
        };
    }

    static BrokerServer broker(ExternalClusterInstance c) {
        return broker(remote(c));
    }

    static ControllerServer controller(ExternalClusterInstance c) {
        return controller(remote(c));
    }

    private static <T> T abortingMock(Class<T> type) {
        Answer<Object> abort = (InvocationOnMock i) -> i.getMethod().getDeclaringClass() == Object.class
            ? Answers.RETURNS_DEFAULTS.answer(i)
            : unsupported(type.getSimpleName() + "." + i.getMethod().getName());
        return mock(type, withSettings().stubOnly().defaultAnswer(abort));
    }

    static KafkaConfig config(Remote r) {
        Map<String, Object> p = new HashMap<>();
        p.put("process.roles", "broker,controller");
        p.put("node.id", "0");
        p.put("controller.quorum.voters", "0@127.0.0.1:1");
        p.put("controller.listener.names", "CONTROLLER");
        p.put("listeners", r.listener() + "://127.0.0.1:" + r.port() + ",CONTROLLER://127.0.0.1:1");
        p.put("advertised.listeners", r.listener() + "://127.0.0.1:" + r.port());
        p.put("inter.broker.listener.name", r.listener());
        p.put("log.dirs", r.properties().containsKey("harness.disks") ? String.join(",", r.logDirs()) : NO_DIR);
        p.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT," + r.listener() + ":PLAINTEXT");
        for (String k : List.of("offsets.topic.replication.factor", "transaction.state.log.replication.factor", "transaction.state.log.min.isr",
            "share.coordinator.state.topic.replication.factor", "share.coordinator.state.topic.min.isr")) p.put(k, "1");
        r.properties().forEach((k, v) -> {
            if (!k.startsWith("harness.") && !k.startsWith("listener") && !k.startsWith("sasl.")
                && !k.startsWith("inter.broker") && !k.startsWith("security.inter")) p.put(k, v);
        });
        return new KafkaConfig(p, false);
    }

    static BrokerServer broker(Remote r) {
        BrokerServer b = abortingMock(BrokerServer.class);
        KRaftMetadataCache cache = cache(r);
        SocketServer sockets = abortingMock(SocketServer.class);
        doAnswer(i -> r.port()).when(sockets).boundPort(Mockito.any());
        GroupCoordinator group = abortingMock(GroupCoordinator.class);
        Properties offsets = new Properties();
        offsets.put("cleanup.policy", "compact");
        offsets.put("compression.type", "producer");
        offsets.put("segment.bytes", "104857600");
        doReturn(offsets).when(group).groupMetadataTopicConfigs();
        ReplicaManager replicas = abortingMock(ReplicaManager.class);
        doAnswer(i -> online(r, i.getArgument(0))).when(replicas).onlinePartition(Mockito.any());
        doAnswer(i -> log(r, i.getArgument(0))).when(replicas).localLog(Mockito.any());
        doReturn(replicas).when(b).replicaManager();
        LogManager logs = abortingMock(LogManager.class);
        doAnswer(i -> log(r, i.getArgument(0))).when(logs).getLog(Mockito.any(), Mockito.anyBoolean());
        doReturn(false).when(logs).getLog$default$2();
        doReturn(logs).when(b).logManager();
        doReturn(logs).when(replicas).logManager();
        KafkaApis apis = abortingMock(KafkaApis.class);
        doReturn(cache).when(apis).metadataCache();
        doAnswer(i -> r.clusterId()).when(apis).clusterId();
        doReturn(apis).when(b).dataPlaneRequestProcessor();
        SharedServer shared = mock(SharedServer.class, withSettings().stubOnly());
        doAnswer(i -> config(r)).when(b).config();
        doReturn(cache).when(b).metadataCache();
        doReturn(sockets).when(b).socketServer();
        doReturn(group).when(b).groupCoordinator();
        doReturn(shared).when(b).sharedServer();
        doAnswer(i -> r.port()).when(b).boundPort(Mockito.any());
        doAnswer(i -> r.clusterId()).when(b).clusterId();
        doAnswer(i -> r.isDown()).when(b).isShutdown();
        doAnswer(i -> r.isDown() ? BrokerState.NOT_RUNNING : BrokerState.RUNNING).when(b).brokerState();
        doAnswer(i -> { r.stop(); return null; }).when(b).shutdown();
        doAnswer(i -> { r.stop(); return null; }).when(b).shutdown(Mockito.any());
        doAnswer(i -> { r.start(); return null; }).when(b).startup();
        doAnswer(i -> null).when(b).awaitShutdown();
        return b;
    }

    static ControllerServer controller(Remote r) {
        ControllerServer s = abortingMock(ControllerServer.class);
        Controller c = abortingMock(Controller.class);
        doAnswer(i -> CompletableFuture.completedFuture(topicIds(r))).when(c).findAllTopicIds(Mockito.any());
        doAnswer(i -> alterConfigs(r, i.getArgument(1), i.getArgument(2))).when(c).incrementalAlterConfigs(Mockito.any(), Mockito.anyMap(), Mockito.anyBoolean(), Mockito.anyBoolean());
        doReturn(c).when(s).controller();
        doAnswer(i -> config(r)).when(s).config();
        doReturn(mock(kafka.raft.KafkaRaftManager.class, withSettings().stubOnly().defaultAnswer(Answers.RETURNS_DEEP_STUBS))).when(s).raftManager();
        doAnswer(i -> r.clusterId()).when(s).clusterId();
        return s;
    }

    private static KRaftMetadataCache cache(Remote r) {
        KRaftMetadataCache m = abortingMock(KRaftMetadataCache.class);
        doAnswer(i -> Optional.ofNullable(describe(r, i.getArgument(0))).map(d -> d.partitions().size())).when(m).numPartitions(Mockito.anyString());
        doAnswer(i -> describe(r, i.<String>getArgument(0)) != null).when(m).contains(Mockito.anyString());
        doAnswer(i -> {
            TopicPartition tp = i.getArgument(0);
            TopicDescription d = describe(r, tp.topic());
            return d != null && tp.partition() < d.partitions().size();
        }).when(m).contains(Mockito.any(TopicPartition.class));
        doAnswer(i -> {
            TopicDescription d = describe(r, i.getArgument(0));
            int partition = i.getArgument(1);
            if (d == null || partition >= d.partitions().size()) return Optional.empty();
            TopicPartitionInfo p = d.partitions().get(partition);
            if (p.leader() == null || p.leader().id() < 0) return Optional.empty();
            return Optional.of(new LeaderAndIsr(p.leader().id(), p.isr().stream().map(Node::id).toList()));
        }).when(m).getLeaderAndIsr(Mockito.anyString(), Mockito.anyInt());
        doAnswer(i -> {
            TopicDescription d = describe(r, i.getArgument(0));
            int partition = i.getArgument(1);
            if (d == null || partition >= d.partitions().size()) return Optional.empty();
            // a partition without a leader has an endpoint that is no node, a partition that is not there has none
            Node leader = d.partitions().get(partition).leader();
            return Optional.of(leader == null ? Node.noNode() : leader);
        }).when(m).getPartitionLeaderEndpoint(Mockito.anyString(), Mockito.anyInt(), Mockito.any());
        doAnswer(i -> {
            Properties p = new Properties();
            p.putAll(configs(r, ConfigResource.Type.TOPIC, i.getArgument(0), ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG));
            return p;
        }).when(m).topicConfig(Mockito.anyString());
        doAnswer(i -> topicIds(r)).when(m).topicNamesToIds();
        doAnswer(i -> topicIds(r).getOrDefault(i.<String>getArgument(0), Uuid.ZERO_UUID)).when(m).getTopicId(Mockito.anyString());
        doAnswer(i -> topicIds(r).keySet()).when(m).getAllTopics();
        doAnswer(i -> nodes(r)).when(m).getAliveBrokerNodes(Mockito.any());
        doAnswer(i -> nodes(r)).when(m).getBrokerNodes(Mockito.any());
        doAnswer(i -> !r.isDown() && i.<Integer>getArgument(0) == 0).when(m).hasAliveBroker(Mockito.anyInt());
        return m;
    }

    private static Option<Partition> online(Remote r, TopicPartition tp) {
        TopicDescription d = describe(r, tp.topic());
        if (d == null || tp.partition() >= d.partitions().size()) return Option.empty();
        Node leader = d.partitions().get(tp.partition()).leader();
        Partition p = abortingMock(Partition.class);
        doAnswer(i -> leader != null && leader.id() == 0 ? log(r, tp) : Option.empty()).when(p).leaderLogIfLocal();
        doAnswer(i -> leaderEpoch(r, tp)).when(p).getLeaderEpoch();
        return Option.apply(p);
    }

    /** A partition's log as far as ListOffsets tells of it: none without the topic; where it starts and ends. */
    private static Option<UnifiedLog> log(Remote r, TopicPartition tp) {
        TopicDescription d = describe(r, tp.topic());
        if (d == null || tp.partition() >= d.partitions().size()) return Option.empty();
        UnifiedLog log = abortingMock(UnifiedLog.class);
        doAnswer(i -> offset(r, tp, OffsetSpec.earliest())).when(log).logStartOffset();
        doAnswer(i -> offset(r, tp, OffsetSpec.latest())).when(log).logEndOffset();
        doAnswer(i -> offset(r, tp, OffsetSpec.latest())).when(log).highWatermark();
        doAnswer(i -> new File(dirs(r).entrySet().stream().filter(e -> e.getValue().replicaInfos().containsKey(tp) && !e.getValue().replicaInfos().get(tp).isFuture())
            .map(Map.Entry::getKey).findFirst().orElse(NO_DIR), tp.toString())).when(log).dir();
        return Option.apply(log);
    }

    /** None where the broker does not tell: most tests that come by here do not look at them. */
    static Map<String, LogDirDescription> dirs(Remote r) {
        try (Admin admin = r.admin()) {
            return admin.describeLogDirs(List.of(0)).allDescriptions().get(30, TimeUnit.SECONDS).get(0);
        } catch (Exception e) {
            if (e.getCause() instanceof UnsupportedVersionException) return Map.of();
            throw new IllegalStateException(e);
        }
    }

    /** The entries of a resource's configuration that come from this source. */
    private static Map<String, String> configs(Remote r, ConfigResource.Type type, String name, ConfigEntry.ConfigSource source) {
        ConfigResource resource = new ConfigResource(type, name);
        try (Admin admin = r.admin()) {
            Map<String, String> found = new HashMap<>();
            for (ConfigEntry e : admin.describeConfigs(List.of(resource)).all().get(30, TimeUnit.SECONDS).get(resource).entries())
                if (e.source() == source && e.value() != null) found.put(e.name(), e.value());
            return found;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<Map<ConfigResource, ApiError>> alterConfigs(Remote r,
                                                                                Map<ConfigResource, Map<String, Map.Entry<AlterConfigOp.OpType, String>>> changes,
                                                                                boolean validateOnly) {
        Map<ConfigResource, Collection<AlterConfigOp>> ops = new HashMap<>();
        changes.forEach((resource, c) -> {
            List<AlterConfigOp> list = new ArrayList<>();
            c.forEach((k, v) -> list.add(new AlterConfigOp(new ConfigEntry(k, v.getValue()), v.getKey())));
            ops.put(resource, list);
        });
        Map<ConfigResource, ApiError> results = new HashMap<>();
        try (Admin admin = r.admin()) {
            for (var e : admin.incrementalAlterConfigs(ops, new AlterConfigsOptions().validateOnly(validateOnly)).values().entrySet()) {
                try {
                    e.getValue().get(30, TimeUnit.SECONDS);
                    results.put(e.getKey(), ApiError.NONE);
                } catch (ExecutionException | TimeoutException x) {
                    results.put(e.getKey(), ApiError.fromThrowable(x));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return CompletableFuture.completedFuture(results);
    }

    /** The Admin API does not tell it; Metadata does. */
    private static int leaderEpoch(Remote r, TopicPartition tp) {
        try {
            MetadataResponse m = IntegrationTestUtils.connectAndReceive(new MetadataRequest.Builder(List.of(tp.topic()), false).build(), r.port());
            return m.data().topics().find(tp.topic()).partitions().stream().filter(p -> p.partitionIndex() == tp.partition()).findFirst().orElseThrow().leaderEpoch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long offset(Remote r, TopicPartition tp, OffsetSpec spec) {
        try (Admin admin = r.admin()) {
            return admin.listOffsets(Map.of(tp, spec)).all().get(30, TimeUnit.SECONDS).get(tp).offset();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Node> nodes(Remote r) {
        return r.isDown() ? List.of() : List.of(new Node(0, "127.0.0.1", r.port()));
    }

    private static TopicDescription describe(Remote r, String topic) {
        try (Admin admin = r.admin()) {
            return ExternalClusterInstance.describe(admin, topic);
        }
    }

    private static Map<String, Uuid> topicIds(Remote r) {
        try (Admin admin = r.admin()) {
            Map<String, Uuid> ids = new HashMap<>();
            for (TopicListing t : admin.listTopics(new ListTopicsOptions().listInternal(true)).listings().get(30, TimeUnit.SECONDS)) ids.put(t.name(), t.topicId());
            return ids;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
