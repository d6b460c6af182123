package compat.kafkasuite;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.yammer.metrics.core.MetricName;
import com.yammer.metrics.core.MetricsRegistry;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.metrics.KafkaYammerMetrics;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * usage: KafkaFarm PORT FOLDER. Serves the START_BROKER protocol on 127.0.0.1:PORT with one-node Kafkas (formatted by StorageTool, run by
 * KafkaRaftServer), all in this one warm JVM, so that a fresh broker takes a second and not five. Says "ready" when it does.
 */
public final class KafkaFarm {
    private static int count;

    private KafkaFarm() {
    }

    public static void main(String[] args) throws Exception {
        Runner.endWithInput();
        Exit.setExitProcedure((code, message) -> { throw new IllegalStateException("exit " + code + " " + message); });
        Exit.setHaltProcedure((code, message) -> { throw new IllegalStateException("halt " + code + " " + message); });
        Path folder = Path.of(args[1]);
        Files.createDirectories(folder);
        try (ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 50, InetAddress.getByName("127.0.0.1"))) {
            System.out.println("ready");
            while (true) {
                Socket s = server.accept();
                int n = ++count;
                Thread t = new Thread(() -> serve(s, folder.resolve("k" + n)), "farm-" + n);
                t.setDaemon(true);
                t.start();
            }
        }
    }

    private static void serve(Socket socket, Path dir) {
        KafkaRaftServer server = null;
        try (socket;
             BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
             PrintStream out = new PrintStream(socket.getOutputStream(), true, StandardCharsets.UTF_8)) {
            try {
                Properties asked = new Properties();
                for (String line; ; ) {
                    line = in.readLine();
                    if (line == null) return;
                    if (line.isEmpty()) break;
                    int eq = line.indexOf('=');
                    asked.put(line.substring(0, eq), unescape(line.substring(eq + 1)));
                }
                long t0 = System.nanoTime();
                int port = freePort();
                KafkaConfig config = format(asked, dir, port);
                server = new KafkaRaftServer(config, Time.SYSTEM);
                server.startup();
                System.out.println(asked.getOrDefault("harness.test", "?") + " started in " + (System.nanoTime() - t0) / 1_000_000 + " ms");
                out.println("127.0.0.1:" + port);
                for (String line; (line = in.readLine()) != null; ) {
                    if (line.equals("stop")) {
                        server.shutdown();
                        server.awaitShutdown();
                        server = null;
                        out.println("stopped");
                    } else if (line.equals("start")) {
                        server = new KafkaRaftServer(new KafkaConfig(config.originals(), false), Time.SYSTEM);
                        server.startup();
                        out.println("127.0.0.1:" + port);
                    } else out.println("error: unknown word " + line);
                }
            } catch (Throwable e) {
                StringBuilder why = new StringBuilder();
                for (Throwable t = e; t != null; t = t.getCause()) why.append(t).append(" / ");
                out.println("error: " + why.toString().replace('\n', ' '));
            }
        } catch (IOException e) {
            System.out.println(dir + ": " + e);
        } finally {
            try {
                if (server != null) {
                    server.shutdown();
                    server.awaitShutdown();
                }
            } catch (Throwable e) {
                System.out.println(dir + ": " + e);
            }
            forget();
            delete(dir);
        }
    }

    /**
     * Gauges of brokers that are gone hold on to them from the JVM's one registry of metrics. Nothing here reads that: empty it.
     * Log levels that a test set through its broker hold for the JVM too: back to the configured ones.
     */
    private static void forget() {
        MetricsRegistry registry = KafkaYammerMetrics.defaultRegistry();
        for (MetricName n : List.copyOf(registry.allMetrics().keySet())) registry.removeMetric(n);
        Configurator.reconfigure();
    }

    private static String unescape(String value) {
        return Pattern.compile("\\\\(.)").matcher(value).replaceAll(m -> Matcher.quoteReplacement(m.group(1).equals("n") ? "\n" : m.group(1)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket s = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return s.getLocalPort();
        }
    }

    private static KafkaConfig format(Properties asked, Path dir, int port) throws IOException {
        String listener = asked.getProperty("harness.listener.name", "EXTERNAL");
        String security = asked.getProperty("harness.security.protocol", "PLAINTEXT");
        int controller = freePort();
        Map<String, String> p = new TreeMap<>();
        p.put("process.roles", "broker,controller");
        p.put("node.id", "0");
        p.put("controller.quorum.voters", "0@127.0.0.1:" + controller);
        p.put("controller.listener.names", "CONTROLLER");
        p.put("listeners", listener + "://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
        p.put("advertised.listeners", listener + "://127.0.0.1:" + port);
        p.put("inter.broker.listener.name", listener);
        p.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT," + listener + ":" + security);
        for (String k : List.of("offsets.topic.replication.factor", "transaction.state.log.replication.factor", "transaction.state.log.min.isr",
            "share.coordinator.state.topic.replication.factor", "share.coordinator.state.topic.min.isr")) p.put(k, "1");
        p.put("log.cleaner.dedupe.buffer.size", "2097152");
        p.put("unstable.feature.versions.enable", "true");
        p.put("unstable.api.versions.enable", "true");
        int disks = Integer.parseInt(asked.getProperty("harness.disks", "1"));
        List<String> dirs = new ArrayList<>();
        for (int i = 0; i < disks; i++) dirs.add(dir.resolve("d" + i).toString());
        p.put("log.dirs", String.join(",", dirs));
        for (String k : asked.stringPropertyNames()) if (!k.startsWith("harness.")) p.put(k, asked.getProperty(k));
        // the controller's own listener is plain text here: its peer (this same node) must be allowed to act
        if (p.containsKey("authorizer.class.name") && !security.equals("PLAINTEXT")) p.merge("super.users", "User:ANONYMOUS", (a, b) -> a + ";" + b);
        Files.createDirectories(dir);
        File file = dir.resolve("server.properties").toFile();
        Properties all = new Properties();
        all.putAll(p);
        try (FileWriter w = new FileWriter(file)) {
            all.store(w, null);
        }
        List<String> a = new ArrayList<>(List.of("format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()));
        if (asked.containsKey("harness.metadata.version")) a.addAll(List.of("--release-version", asked.getProperty("harness.metadata.version")));
        if (asked.containsKey("harness.features")) for (String f : asked.getProperty("harness.features").split(",")) a.addAll(List.of("--feature", f));
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        int rc = StorageTool.execute(a.toArray(String[]::new), new PrintStream(log));
        if (rc != 0) throw new IllegalStateException("format: " + log);
        return KafkaConfig.fromProps(all, false);
    }

    private static void delete(Path dir) {
        try (Stream<Path> s = Files.walk(dir)) {
            s.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        } catch (IOException e) {
            System.out.println(dir + ": " + e);
        }
    }

}
