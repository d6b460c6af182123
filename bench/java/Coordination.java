package bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What one application does one after the other, against the broker at args[0] with the topic args[2] of 16 partitions: "sends", "commits",
 * "transactions" of one record or "transform" (a record is consumed, and another produced, in a transaction) args[3] times, or "group" as often. Each is done once unmeasured; then the nanoseconds each took are printed, one a line.
 */
public final class Coordination {
    private static final int MEMBERS = 8;
    private static final int PARTITIONS = 16;

    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[3]);
        for (int round = 0; round < 2; round++) {
            long[] took = switch (args[1]) {
                case "sends" -> sends(args[0], args[2], count);
                case "commits" -> commits(args[0], args[2], count);
                case "transactions" -> transactions(args[0], args[2], count);
                case "transform" -> transform(args[0], args[2], count, round);
                case "group" -> groups(args[0], args[2], count, round);
                default -> throw new IllegalArgumentException(args[1]);
            };
            if (round == 1) Arrays.stream(took).forEach(System.out::println);
        }
    }

    private static long[] sends(String bootstrap, String topic, int count) throws Exception {
        Properties properties = properties(bootstrap);
        properties.put("acks", "all");
        properties.put("linger.ms", "0");
        byte[] value = new byte[100];
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            return timed(count, i -> producer.send(new ProducerRecord<>(topic, 0, null, value)).get());
        }
    }

    private static long[] commits(String bootstrap, String topic, int count) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        Properties properties = properties(bootstrap);
        properties.put("group.id", "commits");
        properties.put("enable.auto.commit", "false");
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            return timed(count, i -> consumer.commitSync(Map.of(partition, new OffsetAndMetadata(i))));
        }
    }

    private static long[] transactions(String bootstrap, String topic, int count) throws Exception {
        byte[] value = new byte[100];
        try (var producer = transactional(bootstrap, "transactions")) {
            return timed(count, i -> {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic, 0, null, value));
                producer.commitTransaction();
            });
        }
    }

    /** A record at a time from partition 1, which is filled before, to partition 2. */
    private static long[] transform(String bootstrap, String topic, int count, int round) throws Exception {
        TopicPartition from = new TopicPartition(topic, 1);
        byte[] value = new byte[100];
        Properties properties = properties(bootstrap);
        try (var filler = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) filler.send(new ProducerRecord<>(topic, 1, null, value));
        }
        properties.put("group.id", "transform");
        properties.put("enable.auto.commit", "false");
        properties.put("isolation.level", "read_committed");
        properties.put("max.poll.records", "1");
        properties.put("auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            var producer = transactional(bootstrap, "transform")) {
            consumer.assign(List.of(from));
            consumer.seek(from, (long) round * count);
            return timed(count, i -> {
                var records = consumer.poll(Duration.ofSeconds(30)).records(from);
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic, 2, null, records.get(0).value()));
                var next = new OffsetAndMetadata(records.get(0).offset() + 1);
                producer.sendOffsetsToTransaction(Map.of(from, next), consumer.groupMetadata());
                producer.commitTransaction();
            });
        }
    }

    private static KafkaProducer<byte[], byte[]> transactional(String bootstrap, String id) {
        Properties properties = properties(bootstrap);
        properties.put("transactional.id", id);
        properties.put("linger.ms", "0");
        var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    private interface Step {
        void run(int index) throws Exception;
    }

    private static long[] timed(int count, Step step) throws Exception {
        long[] took = new long[count];
        for (int i = 0; i < count; i++) {
            long started = System.nanoTime();
            step.run(i);
            took[i] = System.nanoTime() - started;
        }
        return took;
    }

    private static long[] groups(String bootstrap, String topic, int count, int round) throws Exception {
        return timed(count, i -> group(bootstrap, topic, "group-" + round + "-" + i));
    }

    /** Eight consumers subscribe at once, with a heartbeat of 100 ms, or it would be the client's three seconds that is measured; done when each has its two partitions. They leave meanwhile: the process waits for them at its end. */
    private static void group(String bootstrap, String topic, String name) throws Exception {
        AtomicIntegerArray assigned = new AtomicIntegerArray(MEMBERS);
        AtomicBoolean stable = new AtomicBoolean();
        CountDownLatch done = new CountDownLatch(1);
        for (int member = 0; member < MEMBERS; member++) {
            final int own = member;
            new Thread(() -> consume(bootstrap, topic, name, own, assigned, stable, done)).start();
        }
        done.await();
    }

    private static void consume(
        String bootstrap, String topic, String group, int own, AtomicIntegerArray assigned, AtomicBoolean stable, CountDownLatch done) {
        Properties properties = properties(bootstrap);
        properties.put("group.id", group);
        properties.put("heartbeat.interval.ms", "100");
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (!stable.get()) {
                consumer.poll(Duration.ofMillis(5));
                assigned.set(own, consumer.assignment().size());
                if (isStable(assigned) && stable.compareAndSet(false, true)) done.countDown();
            }
        }
    }

    private static boolean isStable(AtomicIntegerArray assigned) {
        for (int member = 0; member < MEMBERS; member++) {
            if (assigned.get(member) != PARTITIONS / MEMBERS) return false;
        }
        return true;
    }

    private static Properties properties(String bootstrap) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        return properties;
    }
}
