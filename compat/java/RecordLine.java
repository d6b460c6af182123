package compat;

import java.util.HexFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** A record as one line: partition, offset, timestamp, key, value, headers; bytes in hex, null as "-". */
final class RecordLine {
    private RecordLine() {}

    static String of(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder headers = new StringBuilder();
        for (Header header : record.headers()) {
            if (headers.length() > 0) headers.append(',');
            headers.append(hex(header.key().getBytes(java.nio.charset.StandardCharsets.UTF_8))).append(':').append(hex(header.value()));
        }
        return record.partition() + "\t" + record.offset() + "\t" + record.timestamp() + "\t"
            + hex(record.key()) + "\t" + hex(record.value()) + "\t" + headers;
    }

    static String hex(byte[] bytes) {
        return bytes == null ? "-" : HexFormat.of().formatHex(bytes);
    }
}
