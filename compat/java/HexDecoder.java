package compat;

import org.apache.kafka.tools.api.Decoder;

/** Makes DumpLogSegments print keys and values in hex. */
public final class HexDecoder implements Decoder<String> {
    @Override
    public String fromBytes(byte[] bytes) {
        return RecordLine.hex(bytes);
    }
}
