package compat;

import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;

/**
 * An application of Kafka Streams, exactly_once_v2: numbers become records by their remainder, in a repartition topic; for each remainder they are counted
 * and summed up in a store with a changelog; and every new total "count sum" is written to the output. It ends with the first error that Streams does not
 * handle. Arguments: bootstrap, input, output, application id, directory of its state.
 */
public final class StreamsTotals {
    private static final long REMAINDERS = 7;

    public static void main(String[] args) throws Exception {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(args[1], Consumed.with(Serdes.ByteArray(), Serdes.String()))
            .selectKey((key, number) -> Long.toString(Long.parseLong(number) % REMAINDERS))
            .groupByKey(Grouped.with("by-remainder", Serdes.String(), Serdes.String()))
            .aggregate(() -> "0 0", (key, number, total) -> add(total, Long.parseLong(number)),
                Materialized.with(Serdes.String(), Serdes.String()))
            .toStream()
            .to(args[2], Produced.with(Serdes.String(), Serdes.String()));
        KafkaStreams streams = new KafkaStreams(builder.build(), properties(args[0], args[3], args[4]));
        streams.setUncaughtExceptionHandler(error -> {
            error.printStackTrace();
            Runtime.getRuntime().halt(1);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        Thread.currentThread().join();
    }

    private static String add(String total, long number) {
        String[] parts = total.split(" ");
        return (Long.parseLong(parts[0]) + 1) + " " + (Long.parseLong(parts[1]) + number);
    }

    private static Properties properties(String bootstrap, String applicationId, String stateDirectory) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        // Every total is written, not only the last of each transaction.
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "50");
        properties.put(StreamsConfig.REPARTITION_PURGE_INTERVAL_MS_CONFIG, "500");
        properties.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        properties.put(StreamsConfig.consumerPrefix("session.timeout.ms"), "10000");
        properties.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), "500");
        properties.put(StreamsConfig.consumerPrefix("max.poll.records"), "20");
        // Whoever loses its state has another transactional id afterwards, and its last transaction must time out.
        properties.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), "3000");
        properties.put("reconnect.backoff.max.ms", "200");
        return properties;
    }
}
