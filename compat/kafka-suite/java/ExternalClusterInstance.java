package compat.kafkasuite;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import kafka.server.ControllerServer;
import kafka.server.KafkaBroker;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.test.ClusterInstance;
import org.apache.kafka.common.test.JaasUtils;
import org.apache.kafka.common.test.api.ClusterConfig;
import org.apache.kafka.common.test.api.TestKitDefaults;
import org.apache.kafka.common.test.api.Type;
import org.apache.kafka.server.authorizer.Authorizer;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.fault.FaultHandlerException;

/** A "cluster" of one broker that lives outside the JVM. Whatever needs the broker's objects aborts the test (counted as skip). */
final class ExternalClusterInstance implements ClusterInstance {
    /** Properties that count brokers: with one broker they are 1. */
    static final Set<String> REPLICATION = Set.of("offsets.topic.replication.factor", "transaction.state.log.replication.factor",
        "transaction.state.log.min.isr", "share.coordinator.state.topic.replication.factor", "share.coordinator.state.topic.min.isr",
        "default.replication.factor", "min.insync.replicas");

    private final ClusterConfig config;
    private final Type type;
    private final String test;
    private BrokerProcess broker;
    private boolean started;
    private boolean stopped;
    private boolean down;
    private Map<Integer, KafkaBroker> brokers;
    private Map<Integer, ControllerServer> controllers;

    ExternalClusterInstance(ClusterConfig config, Type type, String test) {
        this.config = config;
        this.type = type;
        this.test = test;
    }

    /** The lines that START_BROKER gets: the annotation's server properties under Kafka's own names, and harness.* for the rest. */
    static Map<String, String> properties(ClusterConfig config, String test) {
        Map<String, String> p = new TreeMap<>();
        if (config.brokerSecurityProtocol() == SecurityProtocol.SASL_PLAINTEXT) {
            String listener = config.brokerListenerName().value().toLowerCase(Locale.ROOT);
            String admin = JaasUtils.KAFKA_PLAIN_ADMIN;
            p.put("sasl.enabled.mechanisms", "PLAIN");
            p.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
            p.put("listener.name." + listener + ".plain.sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required"
                + " username=\"" + admin + "\" password=\"" + JaasUtils.KAFKA_PLAIN_ADMIN_PASSWORD + "\""
                + " user_" + admin + "=\"" + JaasUtils.KAFKA_PLAIN_ADMIN_PASSWORD + "\""
                + " user_" + JaasUtils.KAFKA_PLAIN_USER1 + "=\"" + JaasUtils.KAFKA_PLAIN_USER1_PASSWORD + "\";");
            p.put("authorizer.class.name", ExternalClusterExtension.KAFKAS_AUTHORIZER);
            p.put("allow.everyone.if.no.acl.found", "false");
            p.put("super.users", "User:" + admin);
        }
        p.putAll(config.serverProperties());
        p.putAll(config.perServerOverrideProperties().getOrDefault(0, Map.of()));
        if (config.numBrokers() > 1) {
            p.replaceAll((k, v) -> REPLICATION.contains(k) ? "1" : v);
            p.put("harness.brokers", String.valueOf(config.numBrokers()));
        }
        if (config.brokerSecurityProtocol() != SecurityProtocol.PLAINTEXT) p.put("harness.security.protocol", config.brokerSecurityProtocol().name());
        if (!config.brokerListenerName().value().equals(TestKitDefaults.DEFAULT_BROKER_LISTENER_NAME)) p.put("harness.listener.name", config.brokerListenerName().value());
        if (config.metadataVersion() != MetadataVersion.IBP_4_4_IV0 && config.metadataVersion() != MetadataVersion.latestTesting())
            p.put("harness.metadata.version", config.metadataVersion().version());
        if (!config.features().isEmpty())
            p.put("harness.features", config.features().entrySet().stream().map(e -> e.getKey().featureName() + "=" + e.getValue()).sorted().collect(Collectors.joining(",")));
        if (config.numDisksPerBroker() > 1) p.put("harness.disks", String.valueOf(config.numDisksPerBroker()));
        p.put("harness.test", test);
        return p;
    }

    // life

    @Override
    public void start() {
        if (started) return;
        broker = BrokerProcess.start(properties(config, test));
        started = true;
    }

    @Override
    public boolean started() {
        return started;
    }

    @Override
    public void stop() {
        if (stopped) return;
        stopped = true;
        if (broker != null) broker.close();
    }

    @Override
    public boolean stopped() {
        return stopped;
    }

    @Override
    public void shutdownBroker(int id) {
        if (id != 0) StandIn.unsupported("shutdownBroker(" + id + ")");
        if (down) return;
        broker.command("stop");
        down = true;
    }

    @Override
    public void startBroker(int id) {
        if (id != 0) StandIn.unsupported("startBroker(" + id + ")");
        if (!down) return;
        broker.command("start");
        down = false;
    }

    boolean isDown() {
        return down || stopped;
    }

    // description

    @Override
    public Type type() {
        return type;
    }

    @Override
    public ClusterConfig config() {
        return config;
    }

    @Override
    public String bootstrapServers() {
        if (broker == null) throw new IllegalStateException("the cluster was not started");
        return broker.bootstrap();
    }

    int port() {
        String b = bootstrapServers().split(",")[0];
        return Integer.parseInt(b.substring(b.lastIndexOf(':') + 1));
    }

    @Override
    public String bootstrapControllers() {
        return StandIn.unsupported("bootstrapControllers");
    }

    @Override
    public List<Integer> brokerBoundPorts() {
        return List.of(port());
    }

    @Override
    public List<Integer> controllerBoundPorts() {
        return StandIn.unsupported("controllerBoundPorts");
    }

    @Override
    public ListenerName clientListener() {
        return config.brokerListenerName();
    }

    @Override
    public ListenerName controllerListenerName() {
        return config.controllerListenerName();
    }

    @Override
    public String clusterId() {
        try (Admin admin = admin()) {
            return admin.describeCluster().clusterId().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized Map<Integer, KafkaBroker> brokers() {
        if (brokers == null) brokers = Map.of(0, StandIn.broker(this));
        return brokers;
    }

    @Override
    public Map<Integer, KafkaBroker> aliveBrokers() {
        return isDown() ? Map.of() : brokers();
    }

    @Override
    public Set<Integer> brokerIds() {
        return Set.of(0);
    }

    @Override
    public synchronized Map<Integer, ControllerServer> controllers() {
        if (controllers == null) controllers = Map.of(0, StandIn.controller(this));
        return controllers;
    }

    @Override
    public Set<Integer> controllerIds() {
        return Set.of(0);
    }

    @Override
    public Set<GroupProtocol> supportedGroupProtocols() {
        String p = config.serverProperties().get("group.coordinator.rebalance.protocols");
        return p == null || p.contains("consumer") ? Set.of(GroupProtocol.CLASSIC, GroupProtocol.CONSUMER) : Set.of(GroupProtocol.CLASSIC);
    }

    @Override
    public Optional<FaultHandlerException> firstFatalException() {
        return Optional.empty();
    }

    @Override
    public Optional<FaultHandlerException> firstNonFatalException() {
        return Optional.empty();
    }

    @Override
    public List<Authorizer> authorizers() {
        return StandIn.unsupported("authorizers");
    }

    // topics: seen through the protocol only

    @Override
    public void createTopic(String topic, int partitions, short replicas, Map<String, String> props) throws InterruptedException {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(props)));
            waitTopicCreation(topic, partitions);
        }
    }

    @Override
    public void createTopicWithAssignment(String topic, Map<Integer, List<Integer>> assignment) throws InterruptedException {
        Map<Integer, List<Integer>> here = new HashMap<>();
        assignment.forEach((partition, ids) -> here.put(partition, List.of(0)));
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(topic, here)));
            waitTopicCreation(topic, assignment.size());
        }
    }

    @Override
    public void waitTopicCreation(String topic, int partitions) throws InterruptedException {
        if (partitions <= 0) throw new IllegalArgumentException("partitions must be above 0");
        try (Admin admin = admin()) {
            await("topic " + topic + " with " + partitions + " partitions and leaders", () -> {
                TopicDescription d = describe(admin, topic);
                return d != null && d.partitions().size() == partitions && d.partitions().stream().allMatch(p -> p.leader() != null && p.leader().id() >= 0);
            });
        }
    }

    @Override
    public void waitTopicDeletion(String topic) throws InterruptedException {
        try (Admin admin = admin()) {
            await("topic " + topic + " to be gone", () -> {
                try {
                    return !admin.listTopics().names().get(30, TimeUnit.SECONDS).contains(topic);
                } catch (Exception e) {
                    return false;
                }
            });
        }
    }

    static TopicDescription describe(Admin admin, String topic) {
        try {
            return admin.describeTopics(List.of(topic)).allTopicNames().get(30, TimeUnit.SECONDS).get(topic);
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) throw new InterruptedException();
            if (System.nanoTime() > end) throw new AssertionError("waited 60 s in vain for " + what);
            Thread.sleep(20);
        }
    }

    @Override
    public void waitForReadyBrokers() {
    }

    @Override
    public void ensureConsistentMetadata() {
    }

    @Override
    public void ensureConsistentMetadata(Collection<KafkaBroker> brokers, Collection<ControllerServer> controllers) {
    }

    @Override
    public void waitAcls(AclBindingFilter filter, Collection<AccessControlEntry> entries) throws InterruptedException {
        try (Admin admin = admin()) {
            await("ACLs " + entries, () -> {
                try {
                    List<AccessControlEntry> seen = new ArrayList<>();
                    admin.describeAcls(filter).values().get(30, TimeUnit.SECONDS).forEach(b -> seen.add(b.entry()));
                    return Set.copyOf(seen).equals(Set.copyOf(entries));
                } catch (Exception e) {
                    return false;
                }
            });
        }
    }
}
