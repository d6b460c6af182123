package compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Apache Kafka's own client as a driver (see drivers/driver.ts). */
public final class Driver {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private final String bootstrap;
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private volatile boolean ended;
    private final DriverSteps steps;
    private DriverMember member;
    private KafkaProducer<byte[], byte[]> producer;

    private Driver(String bootstrap) {
        this.bootstrap = bootstrap;
        steps = new DriverSteps(bootstrap);
    }

    public static void main(String[] args) throws Exception {
        Driver driver = new Driver(args[0]);
        Thread reader = new Thread(driver::read);
        reader.setDaemon(true);
        reader.start();
        driver.serve();
        System.exit(0);
    }

    static void tell(String event, ObjectNode what) {
        java.time.Instant now = java.time.Instant.now();
        what.put("event", event).put("at", now.getEpochSecond() * 1e3 + now.getNano() / 1e6);
        say(what);
    }

    static void say(JsonNode line) {
        OUT.println(line);
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) requests.add(line);
        } catch (IOException error) {
            throw new java.io.UncheckedIOException(error);
        } finally {
            ended = true;
        }
    }

    private void serve() throws Exception {
        while (true) {
            String line = member == null ? requests.poll(100, java.util.concurrent.TimeUnit.MILLISECONDS) : requests.poll();
            JsonNode request = line == null ? null : JSON.readTree(line);
            if (request != null && request.has("scope")) steps.serve(request);
            else if (request != null) answer(request);
            else if (ended) return;
            else if (member != null) member.poll();
        }
    }

    private void answer(JsonNode request) throws InterruptedException {
        ObjectNode answer = JSON.createObjectNode().put("id", request.get("id").asInt());
        try {
            answer.set("result", perform(request));
        } catch (KafkaException | ExecutionException error) {
            answer.put("error", error.toString());
        }
        say(answer);
    }

    private JsonNode perform(JsonNode request) throws InterruptedException, ExecutionException {
        switch (request.get("op").asText()) {
            case "consume":
                member = new DriverMember(bootstrap, request);
                return null;
            case "leave":
                if (member != null) member.leave();
                member = null;
                return null;
            case "produce":
                return produce(request);
            default:
                throw new KafkaException("no operation " + request.get("op"));
        }
    }

    private ArrayNode produce(JsonNode request) throws InterruptedException, ExecutionException {
        if (producer == null) {
            Properties properties = new Properties();
            properties.put("bootstrap.servers", bootstrap);
            properties.put("reconnect.backoff.max.ms", "500");
            properties.put("buffer.memory", "4194304");
            producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (JsonNode record : request.get("records")) sent.add(producer.send(recordOf(request.get("topic").asText(), record)));
        producer.flush();
        ArrayNode offsets = JSON.createArrayNode();
        for (Future<RecordMetadata> each : sent) offsets.add(each.get().offset());
        return offsets;
    }

    private static ProducerRecord<byte[], byte[]> recordOf(String topic, JsonNode wire) {
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>(topic, wire.get(0).asInt(), wire.get(1).asLong(), bytes(wire.get(2)), bytes(wire.get(3)));
        for (JsonNode header : wire.get(4)) record.headers().add(header.get(0).asText(), bytes(header.get(1)));
        return record;
    }

    private static byte[] bytes(JsonNode hex) {
        return hex.asText().equals("-") ? null : HexFormat.of().parseHex(hex.asText());
    }
}
