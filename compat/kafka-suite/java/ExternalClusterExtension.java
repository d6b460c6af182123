package compat.kafkasuite;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.common.test.ClusterInstance;
import org.apache.kafka.common.test.api.ClusterConfig;
import org.apache.kafka.common.test.api.ClusterTemplate;
import org.apache.kafka.common.test.api.ClusterTest;
import org.apache.kafka.common.test.api.ClusterTests;
import org.apache.kafka.common.test.api.Type;
import org.apache.kafka.common.test.junit.ClusterTestExtensions;
import org.apache.kafka.common.test.junit.RaftClusterInvocationContext;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.opentest4j.TestAbortedException;

/**
 * Stands in for Kafka's own ClusterTestExtensions: lets it read the annotations, then gives each test a broker outside the JVM.
 * Of the isolated and combined variants of one configuration only one is kept: to a client they are the same.
 * Also leaves out the tests that were not chosen.
 */
public final class ExternalClusterExtension implements TestTemplateInvocationContextProvider, ExecutionCondition, BeforeEachCallback,
    TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
    private static final List<String> PLUGINS = List.of("alter.config.policy.class.name", "create.topic.policy.class.name", "client.quota.callback.class",
        "metric.reporters", "principal.builder.class", "remote.log.storage.manager.class.name");
    static final String KAFKAS_AUTHORIZER = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";

    private final ClusterTestExtensions kafkas = new ClusterTestExtensions();

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return Stream.of(ClusterTest.class, ClusterTests.class, ClusterTemplate.class)
            .anyMatch(a -> context.getRequiredTestMethod().getDeclaredAnnotation(a) != null);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Map<ClusterConfig, TestTemplateInvocationContext> chosen = new IdentityHashMap<>();
        List<ClusterConfig> order = new ArrayList<>();
        kafkas.provideTestTemplateInvocationContexts(context).forEach(c -> {
            ClusterConfig config = (ClusterConfig) field(c, "clusterConfig");
            if (!chosen.containsKey(config)) order.add(config);
            if (!chosen.containsKey(config) || (boolean) field(c, "isCombined")) chosen.put(config, c);
        });
        String name = Names.of(context.getRequiredTestClass()) + "." + context.getRequiredTestMethod().getName();
        boolean several = order.size() > 1;
        List<TestTemplateInvocationContext> result = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            ClusterConfig config = order.get(i);
            String id = several ? name + "[" + (i + 1) + "]" : name;
            Type type = (boolean) field(chosen.get(config), "isCombined") ? Type.CO_KRAFT : Type.KRAFT;
            result.add(new Invocation(id, config, type));
        }
        return result.stream();
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String id = context.getUniqueId();
        boolean isTest = id.contains("[method:") || id.contains("[test-template-invocation:");
        if (!isTest) return ConditionEvaluationResult.enabled("");
        String why = Runner.leftOut(Names.of(context.getRequiredTestClass().getName(), context.getRequiredTestMethod().getName(),
            context.getDisplayName(), id));
        return why == null ? ConditionEvaluationResult.enabled("") : ConditionEvaluationResult.disabled(why);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        StandIn.unsupported = null;
    }

    /** A test that failed after it asked for something that only a broker inside the JVM has, did not fail: it does not apply. */
    private static void asSkip(Throwable t) throws Throwable {
        String what = StandIn.unsupported;
        if (what != null && !(t instanceof TestAbortedException)) throw new TestAbortedException("needs a broker inside the JVM: " + what, t);
        throw t;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable t) throws Throwable {
        asSkip(t);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable t) throws Throwable {
        asSkip(t);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable t) throws Throwable {
        asSkip(t);
    }

    private static Object field(TestTemplateInvocationContext c, String name) {
        try {
            Field f = RaftClusterInvocationContext.class.getDeclaredField(name);
            f.setAccessible(true);
            return f.get(c);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The plug-in that the test brings along as a Java class, as name=value, or null: a broker that is no JVM cannot load it. */
    static String plugin(Map<String, String> properties) {
        for (String name : PLUGINS)
            if (!properties.getOrDefault(name, "").isEmpty()) return name + "=" + properties.get(name);
        String authorizer = properties.getOrDefault("authorizer.class.name", "");
        if (!authorizer.isEmpty() && !authorizer.equals(KAFKAS_AUTHORIZER)) return "authorizer.class.name=" + authorizer;
        for (String name : List.of("group.consumer.assignors", "group.share.assignors"))
            if (properties.getOrDefault(name, "").contains("org.apache.kafka.clients.")) return name + "=" + properties.get(name);
        return null;
    }

    private record Invocation(String id, ClusterConfig config, Type type) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int index) {
            return "id:" + id;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new PerTest(new ExternalClusterInstance(config, type, id), id));
        }
    }

    private record PerTest(ExternalClusterInstance cluster, String id) implements BeforeEachCallback, AfterTestExecutionCallback, AfterEachCallback,
        ParameterResolver {

        @Override
        public void beforeEach(ExtensionContext context) {
            Runner.recordProperties(ExternalClusterInstance.properties(cluster.config(), id));
            String plugin = plugin(cluster.config().serverProperties());
            if (plugin != null) throw new TestAbortedException("needs a Java class in the broker: " + plugin);
            if (cluster.config().isAutoStart()) cluster.start();
        }

        @Override
        public void afterTestExecution(ExtensionContext context) {
            cluster.stop();
        }

        @Override
        public void afterEach(ExtensionContext context) {
            cluster.stop();
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == ClusterInstance.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return cluster;
        }
    }
}
