import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Writes test vectors with Kafka's own message classes: random messages of every stable version, as JSON (Kafka's converters)
 * beside their bytes. The fields and versions come from the schemas inside Kafka's jars. One seed, the same files.
 * Of each message there are four: one of defaults, empty and null values, one of extremes, two at random.
 */
public class Vectors {
    private static final long SEED = 20261123;
    private static final int PER_VERSION = 4;
    private static final long MAX_SAFE = (1L << 53) - 1;

    private static final String[] APIS = {
        "Produce", "Fetch", "ListOffsets", "Metadata", "OffsetCommit", "OffsetFetch", "FindCoordinator", "JoinGroup", "Heartbeat",
        "LeaveGroup", "SyncGroup", "DescribeGroups", "ListGroups", "ApiVersions", "CreateTopics", "DeleteTopics", "InitProducerId",
        "OffsetForLeaderEpoch", "DescribeConfigs", "DeleteGroups", "OffsetDelete", "DescribeCluster",
    };

    /** Records: the package of their classes, the folder of their schemas, their names. */
    private static final String[][] RECORDS = {
        {"org.apache.kafka.coordinator.group.generated", "common/message", "OffsetCommitKey", "OffsetCommitValue", "GroupMetadataKey",
            "GroupMetadataValue", "LegacyOffsetCommitKey", "LegacyOffsetCommitValue"},
        {"org.apache.kafka.common.metadata", "common/metadata", "TopicRecord", "PartitionRecord", "PartitionChangeRecord", "ConfigRecord",
            "RemoveTopicRecord", "ProducerIdsRecord", "FeatureLevelRecord", "RegisterBrokerRecord", "BrokerRegistrationChangeRecord"},
        {"org.apache.kafka.common.message", "common/message", "ConsumerProtocolSubscription", "ConsumerProtocolAssignment"},
    };

    private static final ObjectMapper JSON = new ObjectMapper().configure(JsonParser.Feature.ALLOW_COMMENTS, true);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private enum Kind { EMPTY, EXTREME, RANDOM }

    private final Random random;
    private final short version;
    private final Kind kind;
    private final Map<String, JsonNode> commonStructs = new TreeMap<>();

    private Vectors(Random random, short version, Kind kind, JsonNode schema) {
        this.random = random;
        this.version = version;
        this.kind = kind;
        for (JsonNode struct : schema.path("commonStructs")) commonStructs.put(struct.get("name").asText(), struct.get("fields"));
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        Files.createDirectories(directory);
        for (String api : APIS) {
            try (PrintWriter out = open(directory, api)) {
                boolean unstable = schema("common/message/" + api + "Request.json").path("latestVersionUnstable").asBoolean();
                for (String type : new String[] {"request", "response"}) {
                    String name = api + Character.toUpperCase(type.charAt(0)) + type.substring(1);
                    JsonNode schema = schema("common/message/" + name + ".json");
                    message(out, type, "org.apache.kafka.common.message." + name + "Data", schema, unstable ? 1 : 0);
                }
            }
        }
        for (String[] group : RECORDS) {
            for (int i = 2; i < group.length; i++) {
                try (PrintWriter out = open(directory, group[i])) {
                    message(out, "record", group[0] + "." + group[i], schema(group[1] + "/" + group[i] + ".json"), 0);
                }
            }
        }
    }

    private static PrintWriter open(Path directory, String name) throws Exception {
        PrintWriter out = new PrintWriter(Files.newBufferedWriter(directory.resolve(name + ".jsonl")));
        out.print("{\"name\":\"" + name + "\",\"kafka\":\"" + AppInfoParser.getVersion() + "\",\"seed\":" + SEED + "}\n");
        return out;
    }

    private static JsonNode schema(String path) throws Exception {
        try (InputStream in = Vectors.class.getClassLoader().getResourceAsStream(path)) {
            return JSON.readTree(in);
        }
    }

    /** All versions of a message but for the last `unstable` ones. */
    private static void message(PrintWriter out, String type, String className, JsonNode schema, int unstable) throws Exception {
        Random random = new Random(SEED + className.hashCode());
        short[] versions = range(schema.get("validVersions").asText());
        versions[1] -= unstable;
        for (short version = versions[0]; version <= versions[1]; version++) {
            for (int i = 0; i < PER_VERSION; i++) {
                Kind kind = i == 0 ? Kind.EMPTY : i == 1 ? Kind.EXTREME : Kind.RANDOM;
                Vectors vectors = new Vectors(random, version, kind, schema);
                write(out, type, className, version, vectors.struct(schema.get("fields")));
            }
        }
    }

    /** One line: what Kafka's classes make of the fields, as JSON and as bytes. */
    private static void write(PrintWriter out, String type, String className, short version, JsonNode fields) throws Exception {
        Class<?> converter = Class.forName(className + "JsonConverter");
        Message message = (Message) converter.getMethod("read", JsonNode.class, short.class).invoke(null, fields, version);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(bytes), cache, version);
        if (bytes.hasRemaining()) throw new IllegalStateException(className + " is shorter than it said");
        Method toJson = converter.getMethod("write", Class.forName(className), short.class, boolean.class);
        ObjectNode line = NODES.objectNode();
        line.put("type", type);
        line.put("version", version);
        JsonNode json = (JsonNode) toJson.invoke(null, message, version, true);
        copyRecords(fields, json);
        line.set("message", exact(json));
        line.put("bytes", HexFormat.of().formatHex(bytes.array()));
        out.print(JSON.writeValueAsString(line) + "\n");
    }

    /** Kafka's converters leave record batches out: they are taken from what the message was made of. */
    private static void copyRecords(JsonNode from, JsonNode to) {
        if (to instanceof ArrayNode) for (int i = 0; i < to.size(); i++) copyRecords(from.get(i), to.get(i));
        if (!(to instanceof ObjectNode object)) return;
        if (object.has("records")) object.set("records", from.get("records"));
        object.fieldNames().forEachRemaining(name -> copyRecords(from.path(name), object.get(name)));
    }

    /** Numbers that a JavaScript number cannot hold become strings. */
    private static JsonNode exact(JsonNode node) {
        if (node.isLong() && Math.abs(node.asLong()) > MAX_SAFE) return new TextNode(node.asText());
        if (node instanceof ObjectNode object) object.properties().forEach(entry -> entry.setValue(exact(entry.getValue())));
        if (node instanceof ArrayNode array) for (int i = 0; i < array.size(); i++) array.set(i, exact(array.get(i)));
        return node;
    }

    private JsonNode struct(JsonNode fields) {
        ObjectNode struct = NODES.objectNode();
        for (JsonNode field : fields) {
            if (!in(field.get("versions").asText())) continue;
            String name = field.get("name").asText();
            JsonNode value = field(field);
            if (value != null) struct.set(Character.toLowerCase(name.charAt(0)) + name.substring(1), value);
        }
        return struct;
    }

    /** A value for a field; Java null leaves a tagged field out. */
    private JsonNode field(JsonNode field) {
        boolean nullable = in(field.path("nullableVersions").asText("none"));
        if (in(field.path("taggedVersions").asText("none")) && (kind == Kind.EMPTY || kind == Kind.RANDOM && random.nextBoolean())) return null;
        if (nullable && (kind == Kind.EMPTY || kind == Kind.RANDOM && random.nextInt(4) == 0)) return NullNode.instance;
        String type = field.get("type").asText();
        if (!type.startsWith("[]")) return value(field, type);
        ArrayNode array = NODES.arrayNode();
        int length = kind == Kind.EMPTY ? 0 : kind == Kind.EXTREME ? 1 : random.nextInt(3);
        for (int i = 0; i < length; i++) array.add(value(field, type.substring(2)));
        return array;
    }

    private JsonNode value(JsonNode field, String type) {
        switch (type) {
            case "bool": return NODES.booleanNode(kind == Kind.EXTREME || kind == Kind.RANDOM && random.nextBoolean());
            case "int8": return NODES.numberNode((byte) integer(Byte.MIN_VALUE, Byte.MAX_VALUE));
            case "int16": return NODES.numberNode((short) integer(Short.MIN_VALUE, Short.MAX_VALUE));
            case "uint16": return NODES.numberNode((int) integer(0, 0xffff));
            case "int32": return NODES.numberNode((int) integer(Integer.MIN_VALUE, Integer.MAX_VALUE));
            case "int64": return NODES.numberNode(int64(field));
            case "uuid": return new TextNode(uuid().toString());
            case "string": return new TextNode(string());
            case "bytes": case "records": return new BinaryNode(bytes());
            default: return struct(field.has("fields") ? field.get("fields") : commonStructs.get(type));
        }
    }

    private long integer(long lowest, long highest) {
        switch (kind) {
            case EMPTY: return 0;
            case EXTREME: return random.nextBoolean() ? lowest : highest;
            default: return random.nextBoolean() ? lowest + Math.floorMod(random.nextLong(), highest - lowest + 1) : random.nextInt(100);
        }
    }

    /** Within what a JavaScript number holds, but for fields whose default is beyond that. */
    private long int64(JsonNode field) {
        boolean full = Math.abs(Long.decode(field.path("default").asText("0"))) > MAX_SAFE;
        if (full) return kind == Kind.EXTREME ? Long.MIN_VALUE : random.nextLong();
        return integer(-MAX_SAFE, MAX_SAFE);
    }

    private Uuid uuid() {
        return kind == Kind.EMPTY ? Uuid.ZERO_UUID : new Uuid(random.nextLong(), random.nextLong());
    }

    private String string() {
        if (kind == Kind.EMPTY) return "";
        if (kind == Kind.EXTREME) return "\u00fc\u20ac\ud83d\ude00".repeat(1 + random.nextInt(2) * 14);
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) text.append((char) ('a' + random.nextInt(26)));
        return text.toString();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[kind == Kind.EMPTY ? 0 : kind == Kind.EXTREME ? 130 : random.nextInt(12)];
        random.nextBytes(bytes);
        return bytes;
    }

    private boolean in(String range) {
        if (range.equals("none")) return false;
        short[] versions = range(range);
        return version >= versions[0] && version <= versions[1];
    }

    /** `3`, `2-4` or `5+`. */
    private static short[] range(String text) {
        if (text.endsWith("+")) return new short[] {Short.parseShort(text.substring(0, text.length() - 1)), Short.MAX_VALUE};
        String[] parts = text.split("-");
        return new short[] {Short.parseShort(parts[0]), Short.parseShort(parts[parts.length - 1])};
    }
}
