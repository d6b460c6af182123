package compat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Several idempotent producers that never give up: each sends "name 0", "name 1" … to every partition. Arguments: bootstrap, topic, partitions,
 * producers, records of each in each partition. Prints "ack name partition number offset" for every acknowledged record, "failed …" for any other.
 */
public final class SequenceSender {
    public static void main(String[] args) throws Exception {
        int producers = Integer.parseInt(args[3]);
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            String name = "java-" + p;
            Thread thread = new Thread(() -> send(args[0], args[1], Integer.parseInt(args[2]), name, Integer.parseInt(args[4])));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) thread.join();
    }

    private static void send(String bootstrap, String topic, int partitions, String name, int records) {
        try (KafkaProducer<byte[], byte[]> producer =
                 new KafkaProducer<>(properties(bootstrap), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int n = 0; n < records; n++) {
                for (int partition = 0; partition < partitions; partition++) {
                    String record = name + " " + partition + " " + n;
                    byte[] value = (name + " " + n).getBytes(StandardCharsets.UTF_8);
                    producer.send(new ProducerRecord<>(topic, partition, null, value), (metadata, error) ->
                        System.out.println(error == null ? "ack " + record + " " + metadata.offset() : "failed " + record + " " + error));
                }
            }
        }
    }

    private static Properties properties(String bootstrap) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("enable.idempotence", "true");
        properties.put("acks", "all");
        properties.put("max.in.flight.requests.per.connection", "5");
        properties.put("batch.size", "300");
        properties.put("linger.ms", "1");
        properties.put("request.timeout.ms", "500");
        properties.put("delivery.timeout.ms", "600000");
        properties.put("max.block.ms", "600000");
        properties.put("retry.backoff.ms", "20");
        properties.put("reconnect.backoff.ms", "20");
        properties.put("reconnect.backoff.max.ms", "200");
        return properties;
    }
}
