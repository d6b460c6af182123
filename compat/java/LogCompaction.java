package compat;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.util.KafkaScheduler;
import org.apache.kafka.storage.internals.log.Cleaner;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogToClean;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.SkimpyOffsetMap;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.utils.Throttler;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;

/**
 * Has Kafka's own cleaner compact partitions. A line of stdin, parted by spaces, is the directory of one, `segment.bytes`, `index.interval.bytes`,
 * `delete.retention.ms`, and for each round `FROM:NOW:BYTES`: the first dirty offset, the time in milliseconds, the memory of the map. For each line
 * it prints, for each round, the first offset that may not be cleaned and the one up to which it has cleaned.
 */
public final class LogCompaction {
  private static final int NEVER = Integer.MAX_VALUE;

  public static void main(String[] args) throws Exception {
    KafkaScheduler scheduler = new KafkaScheduler(1, true, "compaction-");
    scheduler.startup();
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    for (String line = input.readLine(); line != null; line = input.readLine()) System.out.println(compact(line.split(" "), scheduler));
    scheduler.shutdown();
  }

  private static String compact(String[] words, KafkaScheduler scheduler) throws Exception {
    LogConfig config = new LogConfig(Map.of(
        "internal.segment.bytes", words[1],
        "index.interval.bytes", words[2],
        "delete.retention.ms", words[3],
        "cleanup.policy", "compact"));
    UnifiedLog log = UnifiedLog.create(
        new File(words[0]), config, 0, 0, scheduler, new BrokerTopicStats(), Time.SYSTEM, NEVER, new ProducerStateManagerConfig(NEVER, false), NEVER,
        new LogDirFailureChannel(1), true, Optional.empty());
    StringBuilder answer = new StringBuilder();
    try {
      log.updateHighWatermark(log.logEndOffset());
      for (int i = 4; i < words.length; i++) {
        String[] round = words[i].split(":");
        LogToClean dirty = new LogToClean(log, Long.parseLong(round[0]), log.lastStableOffset(), false);
        Cleaner cleaner = new Cleaner(
            0, new SkimpyOffsetMap(Integer.parseInt(round[2])), 1 << 16, 1 << 20, 0.9,
            new Throttler(Double.MAX_VALUE, 1000, "throttler", "entries", Time.SYSTEM), Time.SYSTEM, partition -> { });
        long end = cleaner.doClean(dirty, Long.parseLong(round[1])).getKey();
        answer.append(dirty.firstUncleanableOffset()).append(':').append(end).append(' ');
      }
    } finally {
      log.close();
    }
    return answer.toString().trim();
  }
}
