package compat.kafkasuite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One broker outside this JVM, started by the shell command in START_BROKER.
 * We write key=value lines and an empty line to its stdin; it answers one line: the bootstrap address (or "error: why").
 * While stdin stays open the broker lives. "stop" (answer "stopped") and "start" (answer: the address, the same as before)
 * take it down and up again over the same data. Closing stdin ends it.
 */
final class BrokerProcess implements AutoCloseable {
    private static final long WAIT_S = 60;
    private final Process process;
    private final PrintWriter in;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(64);
    private String bootstrap;

    private BrokerProcess(Process process) {
        this.process = process;
        this.in = new PrintWriter(process.getOutputStream(), false, StandardCharsets.UTF_8);
        // Tests that look for threads that were left behind overlook those of JUnit.
        Thread reader = new Thread(() -> {
            try (BufferedReader r = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line; (line = r.readLine()) != null; ) lines.offer(line);
            } catch (IOException e) {
                lines.offer("error: " + e);
            }
            lines.offer("error: the START_BROKER command ended");
        }, "junit-broker-stdout");
        reader.setDaemon(true);
        reader.start();
    }

    static BrokerProcess start(Map<String, String> properties) {
        String command = System.getenv("START_BROKER");
        if (command == null || command.isBlank()) throw new IllegalStateException("START_BROKER is not set");
        try {
            Process p = new ProcessBuilder("sh", "-c", command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            BrokerProcess b = new BrokerProcess(p);
            properties.forEach((k, v) -> b.in.print(k + "=" + v.replace("\\", "\\\\").replace("\n", "\\n") + "\n"));
            b.in.print("\n");
            b.in.flush();
            try {
                b.bootstrap = b.answer();
            } catch (RuntimeException e) {
                b.close();
                throw e;
            }
            return b;
        } catch (IOException e) {
            throw new IllegalStateException("START_BROKER could not be run", e);
        }
    }

    private String answer() {
        try {
            String line = lines.poll(WAIT_S, TimeUnit.SECONDS);
            if (line == null) throw new IllegalStateException("no answer from START_BROKER within " + WAIT_S + " s");
            if (line.startsWith("error")) throw new IllegalStateException("START_BROKER: " + line);
            return line.trim();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String bootstrap() {
        return bootstrap;
    }

    String command(String word) {
        in.print(word + "\n");
        in.flush();
        return answer();
    }

    @Override
    public void close() {
        in.close();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
