package compat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** A member of a group that polls on a thread of its own; what came waits to be asked for. */
final class StepMember implements ConsumerRebalanceListener {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final List<String> lines = new ArrayList<>();
    private final TreeSet<String> assigned = new TreeSet<>();
    private final List<String> revoked = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Long> lag = new HashMap<>();
    private volatile boolean leaving;
    private final Thread thread;

    StepMember(KafkaConsumer<byte[], byte[]> consumer, JsonNode request) {
        this.consumer = consumer;
        if (request.has("pattern")) {
            consumer.subscribe(Pattern.compile(request.get("pattern").asText()), this);
        } else {
            List<String> topics = new ArrayList<>();
            request.get("topics").forEach(each -> topics.add(each.asText()));
            consumer.subscribe(topics, this);
        }
        thread = new Thread(this::run);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!leaving) {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) task.run();
            try {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
                    synchronized (this) {
                        lines.add(RecordLine.of(record));
                        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                        consumer.currentLag(partition).ifPresent(records -> lag.put(partition.toString(), records));
                    }
                }
            } catch (KafkaException error) {
                synchronized (this) {
                    problems.add(org.apache.kafka.common.protocol.Errors.forException(error).name());
                }
                pause();
            }
        }
        consumer.close();
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized Object status() {
        return Map.of("assigned", List.copyOf(assigned), "revoked", List.copyOf(revoked), "lost", List.copyOf(lost), "problems",
            List.copyOf(problems), "lag", Map.copyOf(lag));
    }

    Object take(int count, long waitMs) {
        long deadline = System.nanoTime() + waitMs * 1_000_000;
        while (true) {
            synchronized (this) {
                if (lines.size() >= count || System.nanoTime() > deadline) {
                    List<String> first = lines.subList(0, Math.min(count, lines.size()));
                    List<String> taken = List.copyOf(first);
                    first.clear();
                    return taken;
                }
            }
            pause();
        }
    }

    Object commit(Map<TopicPartition, OffsetAndMetadata> offsets) throws Exception {
        return onThread(() -> {
            consumer.commitSync(offsets, Duration.ofSeconds(10));
            return null;
        });
    }

    ConsumerGroupMetadata groupMetadata() throws Exception {
        return onThread(consumer::groupMetadata);
    }

    private <T> T onThread(Supplier<T> task) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                done.complete(task.get());
            } catch (KafkaException error) {
                done.completeExceptionally(error);
            }
        });
        return done.get();
    }

    void leave() {
        leaving = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        partitions.forEach(each -> assigned.add(each.toString()));
    }

    @Override
    public synchronized void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        giveUp(partitions, revoked);
    }

    @Override
    public synchronized void onPartitionsLost(Collection<TopicPartition> partitions) {
        giveUp(partitions, lost);
    }

    private void giveUp(Collection<TopicPartition> partitions, List<String> list) {
        for (TopicPartition each : partitions) {
            assigned.remove(each.toString());
            list.add(each.toString());
        }
    }
}
