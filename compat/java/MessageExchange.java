package compat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Kafka's own message classes, asked by lines; each is answered by one line of JSON:
 *
 *   schemas                                      {"version", "schemas"}: Kafka's version, and every message schema in its jars
 *   read NAME VERSION BYTES                      {"message", "bytes"}: what the bytes say, and what Kafka writes of that
 *   make NAME VERSION SEED NUMBER LONGEST WIDE   {"message", "bytes"}: a message (see RandomMessage), and what Kafka writes of it;
 *                                                in flexible versions also "extended": the same with tagged fields that nobody knows
 *
 * NAME is that of the schema, such as FetchRequest or TopicRecord; bytes are base64, messages the JSON of Kafka's converters.
 */
public final class MessageExchange {
    static final ObjectMapper JSON = new ObjectMapper().configure(JsonParser.Feature.ALLOW_COMMENTS, true);
    private static final long MAX_SAFE = (1L << 53) - 1;
    private static final String CONVERTER = "JsonConverter.class";

    /** A message's schema, its class and the converter's methods. */
    private record Kind(JsonNode schema, Class<?> type, Method fromJson, Method toJson) { }

    private final Map<String, JsonNode> schemas = new TreeMap<>();
    /** By their simple names, which are unique. */
    private final Map<String, String> classes = new HashMap<>();
    private final Map<String, Kind> kinds = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        MessageExchange exchange = new MessageExchange();
        exchange.lookIntoJars();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.print(JSON.writeValueAsString(exchange.answer(line.split(" "))) + "\n");
            if (!in.ready()) out.flush();
        }
        out.flush();
    }

    private void lookIntoJars() throws IOException {
        for (String path : System.getProperty("java.class.path").split(":")) {
            // What applications of Kafka Streams say to each other within their groups is no business of brokers.
            if (!path.matches(".*/kafka[^/]*\\.jar") || path.contains("/kafka-streams")) continue;
            try (ZipFile jar = new ZipFile(path)) {
                for (ZipEntry entry : (Iterable<ZipEntry>) jar.stream().map(ZipEntry.class::cast)::iterator) lookInto(jar, entry);
            }
        }
    }

    private void lookInto(ZipFile jar, ZipEntry entry) throws IOException {
        String path = entry.getName();
        if (path.matches("(common/)?(message|metadata)/\\w+\\.json")) {
            JsonNode schema = JSON.readTree(jar.getInputStream(entry));
            schemas.put(schema.get("name").asText(), schema);
        } else if (path.endsWith(CONVERTER) && !path.contains("$")) {
            String name = path.substring(0, path.length() - CONVERTER.length()).replace('/', '.');
            classes.put(name.substring(name.lastIndexOf('.') + 1), name);
        }
    }

    private ObjectNode answer(String[] words) throws ReflectiveOperationException {
        try {
            switch (words[0]) {
                case "schemas": return allSchemas();
                case "read": return read(kind(words[1]), Short.parseShort(words[2]), words.length < 4 ? "" : words[3]);
                case "make": return make(kind(words[1]), words);
                default: throw new IllegalArgumentException("what is " + words[0] + "?");
            }
        } catch (RuntimeException error) {
            return JSON.createObjectNode().put("error", error.toString());
        } catch (InvocationTargetException error) {
            return JSON.createObjectNode().put("error", error.getCause().toString());
        }
    }

    private ObjectNode allSchemas() {
        ObjectNode answer = JSON.createObjectNode().put("version", AppInfoParser.getVersion());
        answer.putArray("schemas").addAll(schemas.values());
        return answer;
    }

    private Kind kind(String name) throws ReflectiveOperationException {
        Kind known = kinds.get(name);
        if (known != null) return known;
        // Classes of requests and responses have "Data" behind the schema's name.
        Class<?> type = Class.forName(classes.getOrDefault(name + "Data", classes.get(name)));
        Class<?> converter = Class.forName(type.getName() + "JsonConverter");
        Method fromJson = converter.getMethod("read", JsonNode.class, short.class);
        Method toJson = converter.getMethod("write", type, short.class, boolean.class);
        Kind kind = new Kind(schemas.get(name), type, fromJson, toJson);
        kinds.put(name, kind);
        return kind;
    }

    private ObjectNode read(Kind kind, short version, String bytes) throws ReflectiveOperationException {
        Message message = (Message) kind.type.getDeclaredConstructor().newInstance();
        ByteBufferAccessor reader = new ByteBufferAccessor(ByteBuffer.wrap(Base64.getDecoder().decode(bytes)));
        message.read(reader, version);
        if (reader.remaining() > 0) throw new IllegalStateException(reader.remaining() + " bytes are left");
        ObjectNode answer = JSON.createObjectNode();
        answer.set("message", exact((JsonNode) kind.toJson.invoke(null, message, version, true)));
        return answer.put("bytes", written(message, version));
    }

    private ObjectNode make(Kind kind, String[] words) throws ReflectiveOperationException {
        short version = Short.parseShort(words[2]);
        int number = Integer.parseInt(words[4]);
        // Seeds that lie close together give similar numbers: they are spread.
        Random random = new Random(Objects.hash(words[1], version, words[3], number) * 0x9E3779B97F4A7C15L);
        Set<String> wide = words.length > 6 ? Set.of(words[6].split(",")) : Set.of();
        JsonNode made = new RandomMessage(kind.schema, version, number, words[5].equals("true"), wide, random).make();
        Message message = (Message) kind.fromJson.invoke(null, made, version);
        JsonNode json = (JsonNode) kind.toJson.invoke(null, message, version, true);
        copyRecords(made, json);
        ObjectNode answer = JSON.createObjectNode();
        answer.set("message", exact(json));
        answer.put("bytes", written(message, version));
        if (!RandomMessage.in(kind.schema.get("flexibleVersions").asText(), version)) return answer;
        addUnknownTags(message, json, random);
        return answer.put("extended", written(message, version));
    }

    private static String written(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(bytes), cache, version);
        if (bytes.hasRemaining()) throw new IllegalStateException("the message is shorter than it said");
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** Kafka's converters leave record batches out: they are taken from what the message was made of. */
    private static void copyRecords(JsonNode from, JsonNode to) {
        if (to instanceof ArrayNode) for (int i = 0; i < to.size(); i++) copyRecords(from.get(i), to.get(i));
        if (!(to instanceof ObjectNode object)) return;
        if (object.path("records") instanceof BinaryNode) object.set("records", from.get("records"));
        object.fieldNames().forEachRemaining(name -> copyRecords(from.path(name), object.get(name)));
    }

    /** What a JavaScript number cannot hold, or JavaScript's JSON cannot write, becomes a string. */
    private static JsonNode exact(JsonNode node) {
        if (node.isLong() && Math.abs(node.asLong()) > MAX_SAFE) return JSON.getNodeFactory().textNode(node.asText());
        if (node.isDouble() && (1 / node.asDouble() == Double.NEGATIVE_INFINITY || !Double.isFinite(node.asDouble()))) {
            return JSON.getNodeFactory().textNode(node.asText());
        }
        if (node instanceof ObjectNode object) object.properties().forEach(entry -> entry.setValue(exact(entry.getValue())));
        if (node instanceof ArrayNode array) for (int i = 0; i < array.size(); i++) array.set(i, exact(array.get(i)));
        return node;
    }

    /** Gives the message and every struct that stands in its JSON up to two tagged fields that no schema has. */
    private static void addUnknownTags(Message message, JsonNode json, Random random) throws ReflectiveOperationException {
        int[] tags = {1000, 100_000};
        for (int i = random.nextInt(3); i < tags.length; i++) {
            byte[] content = new byte[new int[] {0, 3, 128}[random.nextInt(3)]];
            random.nextBytes(content);
            message.unknownTaggedFields().add(new RawTaggedField(tags[i], content));
        }
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (!field.getValue().isContainerNode()) continue;
            Object value = message.getClass().getMethod(field.getKey()).invoke(message);
            if (value instanceof Message inner) addUnknownTags(inner, field.getValue(), random);
            if (!(value instanceof Collection<?> elements)) continue;
            int index = 0;
            for (Object element : elements) {
                JsonNode elementJson = field.getValue().get(index++);
                if (element instanceof Message inner) addUnknownTags(inner, elementJson, random);
            }
        }
    }
}
