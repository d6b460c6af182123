package compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.AppInfoParser;

/** What scenarios ask of Apache Kafka's own client (steps/step.ts); many at a time, each on a thread of its own. */
final class DriverSteps {
    private static final Map<String, String> CAN = Map.of(
        "produce", "topic records acks compression idempotent producer transactionalId transactionTimeoutMs timeoutMs timestamps",
        "fetch", "topic partition from count waitMs isolation reset maxBytes maxPartitionBytes minBytes maxWaitMs autoCreate",
        "join", "member group topics pattern assignor protocol instanceId sessionTimeoutMs reset autoCommit process isolation",
        "initTransactions", "producer transactionalId transactionTimeoutMs",
        "sendOffsets", "producer group offsets member stale",
        "beginTransaction", "producer", "commitTransaction", "producer", "abortTransaction", "producer");

    private final String bootstrap;
    private final DriverAdmin admin;
    private final Map<String, KafkaProducer<byte[], byte[]>> producers = new ConcurrentHashMap<>();
    private final Map<String, StepMember> members = new ConcurrentHashMap<>();

    DriverSteps(String bootstrap) {
        this.bootstrap = bootstrap;
        admin = new DriverAdmin(bootstrap);
    }

    /** Answers a request with a scope, now or later. */
    void serve(JsonNode request) {
        Thread thread = new Thread(() -> {
            ObjectNode answer = Driver.JSON.createObjectNode().put("id", request.get("id").asInt());
            try {
                answer.set("result", Driver.JSON.valueToTree(perform(request)));
            } catch (Exception error) {
                tellError(answer, error);
            }
            Driver.say(answer);
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void tellError(ObjectNode answer, Throwable error) {
        StringBuilder text = new StringBuilder();
        for (Throwable each = error; each != null; each = each.getCause()) {
            text.append(text.isEmpty() ? "" : "; ").append(each);
            Errors known = Errors.forException(each);
            if (known != Errors.UNKNOWN_SERVER_ERROR || each instanceof org.apache.kafka.common.errors.UnknownServerException) {
                answer.put("code", known.name());
            } else if (each instanceof org.apache.kafka.clients.consumer.CommitFailedException) {
                answer.put("code", "UNKNOWN_MEMBER_ID");
            } else if (each instanceof org.apache.kafka.clients.consumer.OffsetOutOfRangeException
                || each instanceof org.apache.kafka.clients.consumer.NoOffsetForPartitionException) {
                answer.put("code", "OFFSET_OUT_OF_RANGE");
            }
        }
        answer.put("error", text.toString());
    }

    private Object perform(JsonNode request) throws Exception {
        String scope = request.get("scope").asText();
        switch (request.get("op").asText()) {
            case "can":
                return tellCan();
            case "endScope":
                return endScope(scope);
            case "produce":
                return produce(request);
            case "fetch":
                return fetch(request);
            case "join":
                members.put(scope + request.get("member").asText(), new StepMember(consumer(request), request));
                return null;
            case "status":
                return member(request).status();
            case "poll":
                return member(request).take(request.get("count").asInt(), number(request, "waitMs", 15_000));
            case "commit":
                return member(request).commit(offsets(request, ""));
            case "leave":
                member(request).leave();
                members.remove(scope + request.get("member").asText());
                return null;
            case "initTransactions":
                producer(request).initTransactions();
                return null;
            case "beginTransaction":
                producer(request).beginTransaction();
                return null;
            case "commitTransaction":
                producer(request).commitTransaction();
                return null;
            case "abortTransaction":
                producer(request).abortTransaction();
                return null;
            case "sendOffsets":
                producer(request).sendOffsetsToTransaction(offsets(request, ""), groupMetadata(request));
                return null;
            default:
                return admin.perform(request);
        }
    }

    private static Object tellCan() {
        Map<String, Object> can = new HashMap<>();
        CAN.forEach((name, parameters) -> can.put(name, parameters.split(" ")));
        Map.of("status", "member", "poll", "member count waitMs", "commit", "member offsets", "leave", "member")
            .forEach((name, parameters) -> can.put(name, parameters.split(" ")));
        DriverAdmin.CAN.forEach((name, parameters) -> can.put(name, parameters.split(" ")));
        return Map.of("version", AppInfoParser.getVersion(), "can", can);
    }

    private Object endScope(String scope) {
        members.forEach((name, member) -> {
            if (name.startsWith(scope) && members.remove(name) != null) member.leave();
        });
        producers.forEach((name, producer) -> {
            if (name.startsWith(scope) && producers.remove(name) != null) producer.close(Duration.ZERO);
        });
        return null;
    }

    private ConsumerGroupMetadata groupMetadata(JsonNode request) throws Exception {
        if (!request.has("member")) return new ConsumerGroupMetadata(request.get("group").asText());
        ConsumerGroupMetadata known = member(request).groupMetadata();
        if (!request.path("stale").asBoolean()) return known;
        return new ConsumerGroupMetadata(known.groupId(), known.generationId() - 1, known.memberId(), known.groupInstanceId());
    }

    private StepMember member(JsonNode request) {
        StepMember known = members.get(request.get("scope").asText() + request.get("member").asText());
        if (known == null) throw new KafkaException("no member " + request.get("member"));
        return known;
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("client.id", "compat-java");
        properties.put("reconnect.backoff.max.ms", "500");
        properties.put("default.api.timeout.ms", "20000");
        properties.put("request.timeout.ms", "15000");
        return properties;
    }

    private KafkaProducer<byte[], byte[]> producer(JsonNode request) {
        String name = request.has("producer")
            ? request.get("scope").asText() + request.get("producer").asText()
            : List.of(text(request, "acks", ""), text(request, "compression", ""), text(request, "idempotent", "")).toString();
        return producers.computeIfAbsent(name, key -> makeProducer(request));
    }

    private KafkaProducer<byte[], byte[]> makeProducer(JsonNode request) {
        Properties properties = properties();
        properties.remove("default.api.timeout.ms");
        properties.put("acks", text(request, "acks", "-1"));
        properties.put("enable.idempotence", text(request, "idempotent", request.has("transactionalId") ? "true" : "false"));
        properties.put("compression.type", text(request, "compression", "none"));
        properties.put("max.block.ms", "15000");
        properties.put("delivery.timeout.ms", "16000");
        properties.put("request.timeout.ms", text(request, "timeoutMs", "15000"));
        // All that a step sends to a partition is one batch: it lingers until the flush.
        properties.put("linger.ms", "1000");
        properties.put("batch.size", "4194304");
        properties.put("buffer.memory", "33554432");
        properties.put("max.request.size", "16777216");
        if (request.has("transactionalId")) {
            properties.put("transactional.id", request.get("transactionalId").asText());
            properties.put("transaction.timeout.ms", text(request, "transactionTimeoutMs", "10000"));
        }
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Object produce(JsonNode request) throws InterruptedException, ExecutionException {
        KafkaProducer<byte[], byte[]> producer = producer(request);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (JsonNode wire : request.get("records")) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(request.get("topic").asText(),
                wire.get(0).isNull() ? null : wire.get(0).asInt(), wire.get(1).isNull() ? null : wire.get(1).asLong(),
                bytes(wire.get(2)), bytes(wire.get(3)));
            for (JsonNode header : wire.get(4)) record.headers().add(header.get(0).asText(), bytes(header.get(1)));
            sent.add(producer.send(record));
        }
        producer.flush();
        List<Long> told = new ArrayList<>();
        boolean timestamps = request.path("timestamps").asBoolean();
        for (Future<RecordMetadata> each : sent) told.add(timestamps ? each.get().timestamp() : each.get().offset());
        return text(request, "acks", "-1").equals("0") ? null : told;
    }

    private KafkaConsumer<byte[], byte[]> consumer(JsonNode request) {
        Properties properties = properties();
        properties.put("enable.auto.commit", text(request, "autoCommit", "false"));
        properties.put("auto.commit.interval.ms", "200");
        properties.put("auto.offset.reset", text(request, "reset", request.has("group") ? "earliest" : "none"));
        properties.put("isolation.level", text(request, "isolation", "read_uncommitted"));
        properties.put("fetch.max.wait.ms", text(request, "maxWaitMs", "200"));
        properties.put("fetch.min.bytes", text(request, "minBytes", "1"));
        properties.put("fetch.max.bytes", text(request, "maxBytes", "52428800"));
        properties.put("max.partition.fetch.bytes", text(request, "maxPartitionBytes", "1048576"));
        properties.put("allow.auto.create.topics", text(request, "autoCreate", "false"));
        if (request.has("group")) {
            properties.put("group.id", request.get("group").asText());
            if (request.has("protocol")) properties.put("group.protocol", "consumer");
            else groupProperties(properties, request);
            if (request.has("instanceId")) properties.put("group.instance.id", request.get("instanceId").asText());
        }
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static void groupProperties(Properties properties, JsonNode request) {
        Map<String, String> assignors = Map.of("range", "RangeAssignor", "roundrobin", "RoundRobinAssignor", "sticky", "StickyAssignor",
            "cooperative-sticky", "CooperativeStickyAssignor");
        properties.put("partition.assignment.strategy",
            "org.apache.kafka.clients.consumer." + assignors.get(text(request, "assignor", "range")));
        properties.put("session.timeout.ms", text(request, "sessionTimeoutMs", "6000"));
        properties.put("heartbeat.interval.ms", "300");
    }

    private Object fetch(JsonNode request) throws TimeoutException {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(request)) {
            String topic = request.get("topic").asText();
            List<TopicPartition> partitions = new ArrayList<>();
            if (request.has("partition")) partitions.add(new TopicPartition(topic, request.get("partition").asInt()));
            else for (PartitionInfo each : consumer.partitionsFor(topic)) partitions.add(new TopicPartition(topic, each.partition()));
            consumer.assign(partitions);
            seek(consumer, partitions, request.get("from"));
            if (!request.has("count")) return fetchToEnd(consumer, partitions);
            List<String> lines = new ArrayList<>();
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(number(request, "waitMs", 10_000));
            while (lines.size() < request.get("count").asInt() && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) lines.add(RecordLine.of(record));
            }
            return lines;
        }
    }

    /** All that there is now, whose end depends on the isolation level. */
    private static List<String> fetchToEnd(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) throws TimeoutException {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        List<String> lines = new ArrayList<>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
            if (System.nanoTime() > deadline) throw new TimeoutException("not read up to " + ends + " within a minute");
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) lines.add(RecordLine.of(record));
        }
        return lines;
    }

    private static void seek(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, JsonNode from) {
        if (from.isNumber()) {
            partitions.forEach(each -> consumer.seek(each, from.asLong()));
        } else if (from.isObject()) {
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(each -> times.put(each, from.get("timestamp").asLong()));
            Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            partitions.forEach(each -> consumer.seek(each, found.get(each) == null ? ends.get(each) : found.get(each).offset()));
        } else if (from.asText().equals("latest")) {
            consumer.seekToEnd(partitions);
        } else {
            consumer.seekToBeginning(partitions);
        }
    }

    static Map<TopicPartition, OffsetAndMetadata> offsets(JsonNode request, String metadata) {
        Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
        for (JsonNode each : request.get("offsets")) {
            all.put(new TopicPartition(each.get(0).asText(), each.get(1).asInt()), new OffsetAndMetadata(each.get(2).asLong(), metadata));
        }
        return all;
    }

    static String text(JsonNode request, String name, String otherwise) {
        return request.has(name) ? request.get(name).asText() : otherwise;
    }

    static long number(JsonNode request, String name, long otherwise) {
        return request.has(name) ? request.get(name).asLong() : otherwise;
    }

    private static byte[] bytes(JsonNode hex) {
        return hex.asText().equals("-") ? null : HexFormat.of().parseHex(hex.asText());
    }
}
