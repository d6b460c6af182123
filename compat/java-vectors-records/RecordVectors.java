package compat.records;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * Record batches written and read by Kafka's own classes. A line is a batch in base64, its header's fields and its records, parted by
 * spaces; `main.ts` and `java_vectors_test.ts` write the same line of our reading.
 *
 * <pre>write SEED: prints a line for the jar's version and the seed, then a line a batch
 * read:       for every line of base64 on stdin prints its line, or the exception</pre>
 */
public final class RecordVectors {
    private static final long NOW = 1_800_000_000_000L;

    public static void main(String[] args) throws Exception {
        if (args[0].equals("write")) write(Long.parseLong(args[1]));
        else read();
    }

    private static void write(long seed) {
        System.out.println("kafka-clients " + AppInfoParser.getVersion() + " seed " + seed);
        Random random = new Random(seed);
        for (CompressionType type : CompressionType.values()) {
            for (int i = 0; i < 6; i++) System.out.println(describe(randomBatch(random, type, i)));
            System.out.println(describe(largeBatch(type)));
        }
        for (ControlRecordType type : List.of(ControlRecordType.ABORT, ControlRecordType.COMMIT)) {
            EndTransactionMarker marker = new EndTransactionMarker(type, random.nextInt(1000));
            System.out.println(describe(MemoryRecords.withEndTransactionMarker(42, NOW, 3, 1234567890123L, (short) 5, marker)));
        }
    }

    private static void read() throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            try {
                System.out.println(describe(MemoryRecords.readableRecords(ByteBuffer.wrap(Base64.getDecoder().decode(line)))));
            } catch (RuntimeException e) {
                System.out.println(e);
            }
        }
    }

    private static MemoryRecords randomBatch(Random random, CompressionType type, int variant) {
        boolean idempotent = variant % 2 == 1;
        TimestampType timestamps = variant % 3 == 2 ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
        long baseOffset = variant == 4 ? 1L << 40 : random.nextInt(1000);
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1024), RecordBatch.CURRENT_MAGIC_VALUE,
            Compression.of(type).build(), timestamps, baseOffset, NOW, idempotent ? random.nextLong() >>> 12 : RecordBatch.NO_PRODUCER_ID,
            idempotent ? (short) random.nextInt(100) : RecordBatch.NO_PRODUCER_EPOCH,
            idempotent ? random.nextInt(Integer.MAX_VALUE) : RecordBatch.NO_SEQUENCE, variant == 3, random.nextInt(20) - 1);
        int count = 1 + random.nextInt(variant == 5 ? 40 : 6);
        for (int i = 0; i < count; i++) {
            long timestamp = variant == 4 ? random.nextLong() >>> 12 : NOW + random.nextInt(100_000) - 50_000;
            builder.append(timestamp, bytes(random, 20), bytes(random, 70), headers(random));
        }
        return builder.build();
    }

    /** More than one block of LZ4 and of snappy's frame. */
    private static MemoryRecords largeBatch(CompressionType type) {
        byte[] value = new byte[70_000];
        for (int i = 0; i < value.length; i++) value[i] = (byte) (i / 97 % 251 + i % 7);
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1024), Compression.of(type).build(),
            TimestampType.CREATE_TIME, 0L);
        builder.append(NOW, null, type == CompressionType.NONE ? new byte[1_000] : value);
        return builder.build();
    }

    private static byte[] bytes(Random random, int limit) {
        if (random.nextInt(6) == 0) return null;
        byte[] bytes = new byte[random.nextInt(limit)];
        if (random.nextBoolean()) random.nextBytes(bytes);
        return bytes;
    }

    private static Header[] headers(Random random) {
        Header[] headers = new Header[Math.max(0, random.nextInt(5) - 2)];
        for (int i = 0; i < headers.length; i++) {
            headers[i] = new RecordHeader(List.of("", "a", "trace-id", "schlüssel", "🔑").get(random.nextInt(5)), bytes(random, 10));
        }
        return headers;
    }

    private static String describe(MemoryRecords records) {
        MutableRecordBatch batch = records.batches().iterator().next();
        batch.ensureValid();
        List<String> parts = new ArrayList<>();
        byte[] bytes = new byte[records.sizeInBytes()];
        records.buffer().duplicate().get(bytes);
        parts.add(Base64.getEncoder().encodeToString(bytes));
        parts.add(String.join(",", batch.compressionType().name, batch.timestampType().toString(), "" + batch.maxTimestamp(),
            "" + batch.baseOffset(), "" + batch.lastOffset(), "" + batch.partitionLeaderEpoch(), "" + batch.producerId(),
            "" + batch.producerEpoch(), "" + batch.baseSequence(), "" + batch.lastSequence(), "" + batch.isTransactional(),
            "" + batch.isControlBatch(), "" + batch.countOrNull(), "" + batch.checksum()));
        try (var iterator = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
            iterator.forEachRemaining(record -> parts.add(describe(record)));
        }
        return String.join(" ", parts);
    }

    private static String describe(Record record) {
        StringBuilder line = new StringBuilder();
        line.append(record.offset()).append(',').append(record.timestamp());
        line.append(',').append(payload(record.key())).append(',').append(payload(record.value()));
        for (Header header : record.headers()) {
            line.append(',').append(payload(ByteBuffer.wrap(header.key().getBytes(StandardCharsets.UTF_8))));
            line.append('=').append(payload(header.value() == null ? null : ByteBuffer.wrap(header.value())));
        }
        return line.toString();
    }

    /** Hex; length and CRC-32C of what is longer than 64 bytes; a dash for null. */
    private static String payload(ByteBuffer buffer) {
        if (buffer == null) return "-";
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        if (bytes.length <= 64) return HexFormat.of().formatHex(bytes);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return bytes.length + "#" + Long.toHexString(crc.getValue());
    }
}
