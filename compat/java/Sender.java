package compat;

import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends the numbers 0, 1, 2 … with Java's default (idempotent, acks=all) producer, number n to partition n modulo partitions,
 * until standard input ends. Prints "ack n partition offset" for every acknowledged one and "failed n reason" for every other.
 */
public final class Sender {
    public static void main(String[] args) throws Exception {
        String topic = args[1];
        int partitions = Integer.parseInt(args[2]);
        Properties properties = new Properties();
        properties.put("bootstrap.servers", args[0]);
        properties.put("linger.ms", "2");
        properties.put("reconnect.backoff.max.ms", "200");
        Thread end = new Thread(Sender::readToEnd);
        end.start();
        Semaphore inFlight = new Semaphore(1000);
        try (KafkaProducer<byte[], byte[]> producer =
                 new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int n = 0; end.isAlive(); n++) {
                final int number = n;
                inFlight.acquire();
                byte[] value = Integer.toString(n).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(topic, n % partitions, null, value), (metadata, error) -> {
                    inFlight.release();
                    System.out.println(error == null
                        ? "ack " + number + " " + metadata.partition() + " " + metadata.offset()
                        : "failed " + number + " " + error);
                });
                if (n % 20 == 0) Thread.sleep(2);
            }
        }
        System.out.println("done");
    }

    private static void readToEnd() {
        try {
            while (System.in.read() >= 0) {}
        } catch (java.io.IOException error) {
            throw new java.io.UncheckedIOException(error);
        }
    }
}
