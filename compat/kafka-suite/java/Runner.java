package compat.kafkasuite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * usage: Runner CLASS. Runs the tests of the class one by one: those whose names stand on standard input, a line each and an empty one behind them, or all
 * when there are none. Prints for each a line {"test", "result": pass, fail or skip, "ms", "why", "properties": what its broker was asked for}.
 * The end of standard input ends it.
 */
public final class Runner {
    /** For tests that have no limit of their own. */
    private static final String TEST_LIMIT = "120 s";
    private static final String NOT_CHOSEN = "not chosen";
    private static final PrintStream ANSWERS = System.out;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Set<String> chosen = Set.of();
    private static volatile Map<String, String> properties = Map.of();

    private Runner() {
    }

    public static void main(String[] args) throws Exception {
        // What tests print themselves is no answer.
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        chosen = Stream.generate(() -> line(in)).takeWhile(name -> !name.isEmpty()).collect(Collectors.toSet());
        endWithInput();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(HarnessTests.external(Class.forName(args[0]))))
            .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
            .configurationParameter("junit.jupiter.extensions.autodetection.exclude", "org.apache.kafka.common.test.junit.ClusterTestExtensions")
            .configurationParameter("junit.jupiter.execution.timeout.default", TEST_LIMIT)
            .build();
        LauncherFactory.create().execute(request, new Listener());
        // Tests leave threads behind.
        System.exit(0);
    }

    /** The next line, empty at the end. */
    private static String line(BufferedReader in) {
        try {
            return Objects.requireNonNullElse(in.readLine(), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends this JVM with its standard input, on which nothing comes any more: whoever started it is gone then. */
    static void endWithInput() {
        Thread thread = new Thread(() -> {
            try {
                System.in.read();
            } catch (IOException e) {
                System.err.println("standard input: " + e);
            }
            Runtime.getRuntime().halt(1);
        }, "junit-stdin");
        thread.setDaemon(true);
        thread.start();
    }

    /** Why a test is to be left out, or null. */
    static String leftOut(String test) {
        return chosen.isEmpty() || chosen.contains(test) ? null : NOT_CHOSEN;
    }

    /** What the broker of the running test is asked for: goes out with the test's result. */
    static void recordProperties(Map<String, String> asked) {
        properties = asked;
    }

    private static synchronized void answer(String test, String result, long ms, String why) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("test", test);
        row.put("result", result);
        row.put("ms", ms);
        row.put("why", why);
        row.put("properties", properties);
        properties = Map.of();
        try {
            ANSWERS.println(JSON.writeValueAsString(row));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Listener implements TestExecutionListener {
        private static final int LONGEST_TRACE = 3000;
        private final Map<String, Long> started = new ConcurrentHashMap<>();
        private TestPlan plan;

        @Override
        public void testPlanExecutionStarted(TestPlan plan) {
            this.plan = plan;
        }

        @Override
        public void executionStarted(TestIdentifier test) {
            started.put(test.getUniqueId(), System.nanoTime());
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            if (!reason.equals(NOT_CHOSEN)) answer(name(test), "skip", 0, reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult outcome) {
            boolean good = outcome.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
            // A class is no test, but when it cannot be set up that must not be lost.
            if (!test.isTest() && good) return;
            long ms = (System.nanoTime() - started.getOrDefault(test.getUniqueId(), System.nanoTime())) / 1_000_000;
            String result = switch (outcome.getStatus()) {
                case SUCCESSFUL -> "pass";
                case ABORTED -> "skip";
                case FAILED -> "fail";
            };
            answer(name(test), result, ms, outcome.getThrowable().map(Listener::why).orElse(""));
        }

        /** The trace without the frames of JUnit and of Java itself. */
        private static String why(Throwable thrown) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            String kept = trace.toString().lines()
                .filter(line -> !line.startsWith("\tat ") || !line.contains("org.junit") && !line.contains("java.base"))
                .collect(Collectors.joining("\n"));
            return kept.substring(0, Math.min(kept.length(), LONGEST_TRACE));
        }

        private String name(TestIdentifier test) {
            if (!(test.getSource().orElse(null) instanceof MethodSource method)) return className(test, test.getUniqueId());
            return Names.of(className(test, method.getClassName()), method.getMethodName(), test.getDisplayName(), test.getUniqueId());
        }

        private String className(TestIdentifier test, String otherwise) {
            for (TestIdentifier at = test; at != null; at = plan.getParent(at).orElse(null))
                if (at.getSource().orElse(null) instanceof ClassSource source) return Names.of(source.getClassName());
            return otherwise;
        }
    }
}
