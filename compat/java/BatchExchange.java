package compat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
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
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetention;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/**
 * Record batches of every format, written and read by Kafka's own classes. A line is some batches in base64 and, parted by spaces, what Java reads
 * in them: each batch's header and its records. `protocol/records/testdata/describe.ts` writes the same line of our reading.
 *
 * <pre>write SEED COUNT: prints the jar's version and the seed, then COUNT lines
 * read:             for every line of base64 on stdin prints its line, an equals sign and the batches as Java writes the records that
 *                   it has read, in base64; or the exception</pre>
 */
public final class BatchExchange {
    private static final long NOW = 1_800_000_000_000L;
    private static final TimestampType[] TIMESTAMP_TYPES = {TimestampType.CREATE_TIME, TimestampType.CREATE_TIME, TimestampType.LOG_APPEND_TIME};
    private static final String[] HEADER_KEYS = {"", "a", "trace-id", "schlüssel", "\ufeff🔑"};

    private BatchExchange() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        if (args[0].equals("write")) write(Long.parseLong(args[1]), Integer.parseInt(args[2]), out);
        else read(out);
        out.flush();
    }

    private static void write(long seed, int count, PrintStream out) throws Exception {
        out.println("kafka-clients " + AppInfoParser.getVersion() + " seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            do bytes.write(toArray(randomRecords(random))); while (random.nextInt(8) == 0);
            out.println(describe(bytes.toByteArray()));
        }
    }

    private static void read(PrintStream out) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            try {
                byte[] bytes = Base64.getDecoder().decode(line);
                out.println(describe(bytes) + " = " + Base64.getEncoder().encodeToString(writtenAgain(bytes)));
            } catch (RuntimeException e) {
                out.println(e);
            }
        }
    }

    private static MemoryRecords randomRecords(Random random) {
        if (random.nextInt(20) == 0) return marker(random);
        byte magic = new byte[] {0, 1, 2, 2, 2, 2}[random.nextInt(6)];
        CompressionType[] types = CompressionType.values();
        CompressionType type = types[random.nextInt(magic < RecordBatch.MAGIC_VALUE_V2 ? types.length - 1 : types.length)];
        MemoryRecords records = randomBatch(random, magic, type);
        return random.nextInt(3) == 0 ? compacted(random, records) : records;
    }

    private static MemoryRecords marker(Random random) {
        ControlRecordType type = random.nextBoolean() ? ControlRecordType.ABORT : ControlRecordType.COMMIT;
        EndTransactionMarker marker = new EndTransactionMarker(type, random.nextInt());
        return MemoryRecords.withEndTransactionMarker(offset(random), NOW, random.nextInt(), producerId(random), epoch(random), marker);
    }

    private static MemoryRecords randomBatch(Random random, byte magic, CompressionType type) {
        boolean legacy = magic < RecordBatch.MAGIC_VALUE_V2;
        boolean idempotent = !legacy && random.nextBoolean();
        TimestampType timestamps = magic == 0 ? TimestampType.NO_TIMESTAMP_TYPE : TIMESTAMP_TYPES[random.nextInt(TIMESTAMP_TYPES.length)];
        long baseOffset = offset(random);
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1024), magic, compression(random, type), timestamps,
            baseOffset, NOW + random.nextInt(1000), idempotent ? producerId(random) : RecordBatch.NO_PRODUCER_ID,
            idempotent ? epoch(random) : RecordBatch.NO_PRODUCER_EPOCH,
            idempotent ? random.nextInt() & Integer.MAX_VALUE : RecordBatch.NO_SEQUENCE, idempotent && random.nextBoolean(),
            legacy ? RecordBatch.NO_PARTITION_LEADER_EPOCH : random.nextInt(20) - 1);
        int count = 1 + random.nextInt(random.nextInt(5) == 0 ? 100 : 6);
        boolean far = random.nextInt(5) == 0;
        for (int i = 0; i < count; i++) {
            long timestamp = far ? random.nextLong() >>> 12 : NOW + random.nextInt(100_000) - 50_000;
            if (random.nextInt(20) == 0) timestamp = RecordBatch.NO_TIMESTAMP;
            byte[] value = type != CompressionType.NONE && random.nextInt(100) == 0 ? repeating(100_000) : bytes(random, 150);
            builder.append(magic == 0 ? RecordBatch.NO_TIMESTAMP : timestamp, bytes(random, 20), value, headers(random, legacy));
        }
        return builder.build();
    }

    private static Compression compression(Random random, CompressionType type) {
        return switch (random.nextBoolean() ? type : CompressionType.NONE) {
            case GZIP -> Compression.gzip().level(1 + random.nextInt(9)).build();
            case LZ4 -> Compression.lz4().level(1 + random.nextInt(17)).build();
            case ZSTD -> Compression.zstd().level(random.nextInt(40) - 20).build();
            default -> Compression.of(type).build();
        };
    }

    /** What Kafka's log cleaner leaves: gaps, delete horizons, batches without records. */
    private static MemoryRecords compacted(Random random, MemoryRecords records) {
        ByteBuffer filtered = ByteBuffer.allocate(records.sizeInBytes() + 1024);
        boolean legacy = records.firstBatch().magic() < RecordBatch.MAGIC_VALUE_V2;
        boolean tombstones = random.nextBoolean();
        int kept = random.nextInt(4);
        MemoryRecords.FilterResult result = records.filterTo(new MemoryRecords.RecordFilter(NOW, 86_400_000L) {
            @Override
            protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
                return new BatchRetentionResult(legacy ? BatchRetention.DELETE_EMPTY : BatchRetention.RETAIN_EMPTY, tombstones);
            }

            @Override
            protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
                return random.nextInt(4) < kept;
            }
        }, filtered, BufferSupplier.NO_CACHING);
        ByteBuffer output = result.outputBuffer();
        output.flip();
        return MemoryRecords.readableRecords(output);
    }

    private static long offset(Random random) {
        return random.nextBoolean() ? random.nextInt(1000) : random.nextLong() >>> 12;
    }

    private static long producerId(Random random) {
        return random.nextLong() >>> (11 + random.nextInt(50));
    }

    private static short epoch(Random random) {
        return (short) (random.nextBoolean() ? random.nextInt(100) : Short.MAX_VALUE);
    }

    private static byte[] repeating(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte) (i / 97 % 251 + i % 7);
        return bytes;
    }

    private static byte[] bytes(Random random, int limit) {
        if (random.nextInt(6) == 0) return null;
        byte[] bytes = new byte[random.nextInt(limit)];
        if (random.nextBoolean()) random.nextBytes(bytes);
        return bytes;
    }

    private static Header[] headers(Random random, boolean legacy) {
        Header[] headers = new Header[legacy ? 0 : Math.max(0, random.nextInt(5) - 2)];
        for (int i = 0; i < headers.length; i++) headers[i] = new RecordHeader(HEADER_KEYS[random.nextInt(HEADER_KEYS.length)], bytes(random, 10));
        return headers;
    }

    /** The batches written again from what Java has read in them; those of old formats as they came. */
    private static byte[] writtenAgain(byte[] bytes) {
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
            ByteBuffer copy = ByteBuffer.allocate(batch.sizeInBytes());
            batch.writeTo(copy);
            again.writeBytes(batch.magic() < RecordBatch.MAGIC_VALUE_V2 ? copy.array() : writtenAgain(batch, copy.array()));
        }
        return again.toByteArray();
    }

    private static byte[] writtenAgain(MutableRecordBatch batch, byte[] bytes) {
        boolean byBroker = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        ByteBufferOutputStream out = new ByteBufferOutputStream(1024);
        if (batch.countOrNull() == 0) {
            DefaultRecordBatch.writeEmptyHeader(out.buffer(), batch.magic(), batch.producerId(), batch.producerEpoch(), batch.baseSequence(),
                batch.baseOffset(), batch.lastOffset(), batch.partitionLeaderEpoch(), batch.timestampType(), batch.maxTimestamp(),
                batch.isTransactional(), batch.isControlBatch());
            return toArray(out.buffer().flip());
        }
        MemoryRecordsBuilder builder = new MemoryRecordsBuilder(out, batch.magic(), Compression.of(batch.compressionType()).build(),
            batch.timestampType(), batch.baseOffset(), byBroker ? batch.maxTimestamp() : RecordBatch.NO_TIMESTAMP, batch.producerId(),
            batch.producerEpoch(), batch.baseSequence(), batch.isTransactional(), batch.isControlBatch(), batch.partitionLeaderEpoch(), 0,
            batch.deleteHorizonMs().orElse(RecordBatch.NO_TIMESTAMP));
        // Without the flag Java tells the timestamps that the producer gave, and those are written.
        bytes[22] &= ~8;
        for (Record record : MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).records()) builder.append(record);
        builder.overrideLastOffset(batch.lastOffset());
        return toArray(builder.build());
    }

    private static byte[] toArray(MemoryRecords records) {
        return toArray(records.buffer());
    }

    private static byte[] toArray(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static String describe(byte[] bytes) {
        List<String> parts = new ArrayList<>();
        parts.add(Base64.getEncoder().encodeToString(bytes));
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
            batch.ensureValid();
            parts.add("batch," + String.join(",", header(batch)));
            for (Record record : batch) parts.add(describe(record));
        }
        return String.join(" ", parts);
    }

    private static List<String> header(RecordBatch batch) {
        List<String> fields = new ArrayList<>(List.of("" + batch.magic(), "" + batch.checksum(), batch.compressionType().name,
            batch.timestampType().toString(), "" + batch.maxTimestamp(), "" + batch.lastOffset()));
        if (batch.magic() < RecordBatch.MAGIC_VALUE_V2) return fields;
        fields.addAll(List.of("" + batch.baseOffset(), "" + batch.partitionLeaderEpoch(), "" + batch.producerId(),
            "" + batch.producerEpoch(), "" + batch.baseSequence(), "" + batch.lastSequence(), "" + batch.isTransactional(),
            "" + batch.isControlBatch(), "" + batch.deleteHorizonMs().orElse(RecordBatch.NO_TIMESTAMP), "" + batch.countOrNull()));
        return fields;
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
        byte[] bytes = toArray(buffer);
        if (bytes.length <= 64) return HexFormat.of().formatHex(bytes);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return bytes.length + "#" + Long.toHexString(crc.getValue());
    }
}
