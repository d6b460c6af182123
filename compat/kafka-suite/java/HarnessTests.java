package compat.kafkasuite;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import kafka.integration.KafkaServerTestHarness;
import kafka.server.KRaftQuorumImplementation;
import kafka.server.KafkaConfig;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.dynamic.loading.ClassReloadingStrategy;
import net.bytebuddy.implementation.MethodDelegation;
import net.bytebuddy.implementation.bind.annotation.AllArguments;
import net.bytebuddy.implementation.bind.annotation.Origin;
import net.bytebuddy.implementation.bind.annotation.RuntimeType;
import net.bytebuddy.implementation.bind.annotation.SuperCall;
import net.bytebuddy.implementation.bind.annotation.This;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.TestInfo;

import static net.bytebuddy.matcher.ElementMatchers.isAbstract;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.not;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

/**
 * Tests that start their cluster through kafka.integration.KafkaServerTestHarness (TransactionsTest, PlaintextAdminIntegrationTest...):
 * a subclass made at run time gives them no controller, and one stand-in for a broker outside the JVM. brokerCount is 1.
 */
public final class HarnessTests {
    private static final Set<String> OWN = Set.of("node.id", "broker.id", "process.roles", "listeners", "advertised.listeners", "inter.broker.listener.name",
        "security.inter.broker.protocol", "listener.security.protocol.map", "log.dir", "log.dirs", "metadata.log.dir", "controlled.shutdown.enable",
        "server.max.startup.time.ms", "broker.rack");
    /** Ends the name of a class that was made here. */
    static final String MADE = "$outside";

    private HarnessTests() {
    }

    static Class<?> external(Class<?> c) {
        if (!KafkaServerTestHarness.class.isAssignableFrom(c)) return c;
        oneReplica();
        return new ByteBuddy().subclass(c).name(c.getName() + MADE)
            .method(named("newKRaftQuorum").and(takesArguments(2))).intercept(MethodDelegation.to(Quorum.class))
            .method(named("brokerCount").and(takesArguments(0))).intercept(MethodDelegation.to(Count.class))
            .method(named("generateConfigs").and(takesArguments(0)).and(not(isAbstract()))).intercept(MethodDelegation.to(First.class))
            .method(named("createTopic").and(takesArguments(6))).intercept(MethodDelegation.to(Topics.class))
            .make().load(c.getClassLoader(), ClassLoadingStrategy.Default.WRAPPER).getLoaded();
    }

    /** The helper that creates topics for tests (they call it directly too): no more replicas than there are brokers. */
    private static void oneReplica() {
        ByteBuddyAgent.install();
        Class<?> helper = kafka.utils.TestUtils$.class;
        new ByteBuddy().redefine(helper).visit(Advice.to(Fewer.class).on(named("createTopicWithAdmin").and(takesArguments(8))))
            .make().load(helper.getClassLoader(), ClassReloadingStrategy.fromInstalledAgent());
        Class<?> client = org.apache.kafka.clients.admin.KafkaAdminClient.class;
        new ByteBuddy().redefine(client).visit(Advice.to(FewerInClient.class).on(named("createTopics").and(takesArguments(2))))
            .make().load(client.getClassLoader(), ClassReloadingStrategy.fromInstalledAgent());
    }

    /**
     * Where tests create topics with an admin client of their own: up to three replicas become one, assignments to brokers 0, 1 and 2
     * become broker 0 (anything beyond is meant to be refused).
     */
    public static final class FewerInClient {
        private FewerInClient() {
        }

        @Advice.OnMethodEnter
        public static void enter(@Advice.Argument(value = 0, readOnly = false) java.util.Collection<NewTopic> topics) {
            topics = FewerInClient.one(topics);
        }

        public static List<NewTopic> one(java.util.Collection<NewTopic> topics) {
            List<NewTopic> result = new ArrayList<>();
            for (NewTopic t : topics) {
                boolean assigned = t.replicasAssignments() != null && !t.replicasAssignments().isEmpty()
                    && t.replicasAssignments().values().stream().allMatch(a -> !a.isEmpty() && Set.of(0, 1, 2).containsAll(a));
                if (assigned || t.replicationFactor() == 2 || t.replicationFactor() == 3) {
                    Map<Integer, List<Integer>> here = new TreeMap<>();
                    if (assigned) t.replicasAssignments().keySet().forEach(i -> here.put(i, List.of(0)));
                    NewTopic n = assigned ? new NewTopic(t.name(), here)
                        : new NewTopic(t.name(), t.numPartitions() < 0 ? Optional.empty() : Optional.of(t.numPartitions()), Optional.of((short) 1));
                    if (t.configs() != null) {
                        Map<String, String> c = new HashMap<>(t.configs());
                        c.remove("min.insync.replicas");
                        n.configs(c);
                    }
                    result.add(n);
                } else result.add(t);
            }
            return result;
        }
    }

    /** What tests ask TestUtils.createTopicWithAdmin for, with one replica where there is one broker. */
    public static final class Fewer {
        private Fewer() {
        }

        @Advice.OnMethodEnter
        public static void enter(@Advice.Argument(2) scala.collection.Seq<?> brokers, @Advice.Argument(value = 5, readOnly = false) int replicas,
                                 @Advice.Argument(value = 7, readOnly = false) Properties config) {
            if (brokers.size() == 1 && replicas > 1) {
                replicas = 1;
                config = Fewer.withoutMinInSync(config);
            }
        }

        public static Properties withoutMinInSync(Properties config) {
            Properties p = new Properties();
            p.putAll(config);
            p.remove("min.insync.replicas");
            return p;
        }
    }

    /** generateConfigs, where the test does not ask brokerCount how many: the first broker's alone. */
    public static final class First {
        private First() {
        }

        @RuntimeType
        public static Object first(@SuperCall Callable<?> original) throws Exception {
            return ((scala.collection.Seq<?>) original.call()).take(1);
        }
    }

    /** brokerCount. */
    public static final class Count {
        private Count() {
        }

        @RuntimeType
        public static Object count() {
            return 1;
        }
    }

    /** createTopic(name, partitions, replicas, config, listener, admin config): one replica, no minimum in sync. */
    public static final class Topics {
        private Topics() {
        }

        @RuntimeType
        public static Object create(@This Object self, @AllArguments Object[] a, @Origin Method m, @SuperCall Callable<?> original) throws Exception {
            Properties config = new Properties();
            config.putAll((Properties) a[3]);
            config.remove("min.insync.replicas");
            if ((int) a[2] <= 1 && config.size() == ((Properties) a[3]).size()) return original.call();
            return m.invoke(self, a[0], a[1], 1, config, a[4], a[5]);
        }
    }

    /** newKRaftQuorum: no controller, and brokers outside the JVM. */
    public static final class Quorum {
        private Quorum() {
        }

        @RuntimeType
        public static Object quorum(@This Object self, @AllArguments Object[] args) throws Exception {
            TestInfo info = (TestInfo) args[0];
            Method m = self.getClass().getMethod("kraftControllerConfigs", TestInfo.class);
            m.setAccessible(true);
            scala.collection.Seq<?> controllers = (scala.collection.Seq<?>) m.invoke(self, info);
            Map<String, String> base = new TreeMap<>();
            ((Properties) controllers.apply(0)).forEach((k, v) -> base.put(k.toString(), v.toString()));
            String id = Names.of(self.getClass()) + "." + info.getTestMethod().map(Method::getName).orElse("?") + " " + info.getDisplayName();
            if (info.getDisplayName().contains("isTV2Enabled=false")) base.put("harness.features", "transaction.version=1");
            List<Far> brokers = new ArrayList<>();
            KRaftQuorumImplementation q = mock(KRaftQuorumImplementation.class, withSettings().stubOnly());
            Far controller = new Far(null, base, id);
            doAnswer(i -> {
                KafkaConfig config = i.getArgument(0);
                if (!brokers.isEmpty() && brokers.get(0).config.nodeId() != config.nodeId()) StandIn.unsupported("a second broker");
                brokers.forEach(Far::close);
                Far o = new Far(config, base, id);
                brokers.add(o);
                controller.delegate = o;
                var broker = StandIn.broker(o);
                if ((boolean) i.getArgument(2)) broker.startup();
                return broker;
            }).when(q).createBroker(org.mockito.Mockito.any(), org.mockito.Mockito.any(), org.mockito.Mockito.anyBoolean(), org.mockito.Mockito.any());
            doReturn(StandIn.controller(controller)).when(q).controllerServer();
            doAnswer(i -> {
                brokers.forEach(Far::close);
                return null;
            }).when(q).shutdown();
            return q;
        }
    }

    /** A broker outside the JVM with the configuration of a test's broker; with a delegate, whichever broker the test has at the moment. */
    private static final class Far implements StandIn.Remote {
        private final KafkaConfig config;
        private final Map<String, String> base;
        private final String id;
        private BrokerProcess process;
        private boolean down = true;
        private List<String> logDirs;
        Far delegate;

        Far(KafkaConfig config, Map<String, String> base, String id) {
            this.config = config;
            this.base = base;
            this.id = id;
        }

        @Override
        public Admin admin() {
            if (delegate != null) return delegate.admin();
            Map<String, Object> p = new HashMap<>();
            p.put("bootstrap.servers", "127.0.0.1:" + port());
            return Admin.create(p);
        }

        @Override
        public int port() {
            if (delegate != null) return delegate.port();
            if (process == null) return 0;
            String b = process.bootstrap().split(",")[0];
            return Integer.parseInt(b.substring(b.lastIndexOf(':') + 1));
        }

        @Override
        public boolean isDown() {
            return delegate != null ? delegate.isDown() : down;
        }

        @Override
        public void stop() {
            if (down || process == null) return;
            process.command("stop");
            down = true;
        }

        @Override
        public void start() {
            if (process == null) {
                Map<String, String> p = properties();
                Runner.recordProperties(p);
                String plugin = ExternalClusterExtension.plugin(p);
                if (plugin != null) StandIn.unsupported("plug-in " + plugin);
                process = BrokerProcess.start(p);
            } else if (down) {
                process.command("start");
            }
            down = false;
        }

        void close() {
            if (process != null) process.close();
            process = null;
            down = true;
        }

        @Override
        public String listener() {
            if (delegate != null) return delegate.listener();
            return config.interBrokerListenerName().value();
        }

        @Override
        public Map<String, String> properties() {
            if (delegate != null) return delegate.properties();
            Map<String, String> p = new TreeMap<>(base);
            config.originals().forEach((k, v) -> p.put(k, String.valueOf(v)));
            p.keySet().removeIf(k -> OWN.contains(k) || k.startsWith("controller.") && !k.startsWith("controller.quota"));
            p.replaceAll((k, v) -> ExternalClusterInstance.REPLICATION.contains(k) ? "1" : v);
            String listener = listener();
            if (!listener.equals("EXTERNAL")) p.put("harness.listener.name", listener);
            String security = config.interBrokerSecurityProtocol().name();
            if (!security.equals("PLAINTEXT")) StandIn.unsupported("a listener with " + security);
            if (config.logDirs().size() > 1) p.put("harness.disks", String.valueOf(config.logDirs().size()));
            p.put("harness.test", id);
            return p;
        }

        @Override
        public List<String> logDirs() {
            if (delegate != null) return delegate.logDirs();
            if (logDirs == null && process != null && !down) logDirs = List.copyOf(new TreeSet<>(StandIn.dirs(this).keySet()));
            return logDirs == null || logDirs.isEmpty() ? List.of(StandIn.NO_DIR) : logDirs;
        }

        @Override
        public String clusterId() {
            try (Admin a = admin()) {
                return a.describeCluster().clusterId().get(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
