package compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/**
 * A message made of a schema of Kafka's, as JSON for Kafka's converters. The first {@link #ROTATED} numbers go in turn through what lies at
 * the ends: a container as deep as n is null in message 2n, empty in the next, long in the one after it and full from then on; every other
 * field takes the values at its ends one after the other. Later numbers choose by chance.
 */
final class RandomMessage {
    private static final int ROTATED = 16;
    private static final long MAX_SAFE = (1L << 53) - 1;
    /** Compact lengths, which count one more, take another byte from here on. */
    private static final int TWO_BYTES = 127;
    private static final int THREE_BYTES = 16383;
    /** The elements of a long array behind so many are as small as they can be. */
    private static final int FULL_STRUCTS = 4;
    private static final int FULL_ELEMENTS = 16;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonNode schema;
    private final short version;
    private final int number;
    private final Set<String> wide;
    private final Random random;
    private final Map<String, JsonNode> commonStructs = new TreeMap<>();
    /** Whether there may be lengths that take three bytes: not in elements behind the first, and not of elements that are no structs. */
    private boolean longest;
    /** How many containers are around the present field. */
    private int depth;
    /** Whether everything is to be as small as it can be: elements of long arrays. */
    private boolean small;

    /**
     * @param longest whether the first {@link #ROTATED} may have lengths that take three bytes
     * @param wide the int64 fields that may be more than a JavaScript number holds
     */
    RandomMessage(JsonNode schema, short version, int number, boolean longest, Set<String> wide, Random random) {
        this.schema = schema;
        this.version = version;
        this.number = number;
        this.longest = longest && number < ROTATED;
        this.wide = wide;
        this.random = random;
        for (JsonNode struct : schema.path("commonStructs")) commonStructs.put(struct.get("name").asText(), struct.get("fields"));
    }

    JsonNode make() {
        return struct(schema.get("fields"));
    }

    private ObjectNode struct(JsonNode fields) {
        ObjectNode struct = NODES.objectNode();
        for (JsonNode field : fields) {
            String versions = field.path("versions").asText(field.path("taggedVersions").asText());
            if (!in(versions, version)) continue;
            String name = field.get("name").asText();
            JsonNode value = field(field, name.hashCode() & 0xff);
            if (value != null) struct.set(Character.toLowerCase(name.charAt(0)) + name.substring(1), value);
        }
        return struct;
    }

    /** A value for a field; Java's null leaves a tagged field out. `turn` shifts the field's turn against that of others. */
    private JsonNode field(JsonNode field, int turn) {
        String type = field.get("type").asText();
        boolean array = type.startsWith("[]");
        String element = array ? type.substring(2) : type;
        boolean nullable = in(field.path("nullableVersions").asText("none"), version);
        boolean absent = small || isTurn(0) || number >= ROTATED && random.nextBoolean();
        if (absent && in(field.path("taggedVersions").asText("none"), version)) return null;
        if (fieldsOf(field, element) != null) {
            return array ? structs(field, element, nullable, turn) : oneStruct(field, element, nullable);
        }
        if (!array) return scalar(field, element, nullable, turn);
        List<Supplier<JsonNode>> choices = nulls(nullable);
        for (int length : lengths(0, 1, 2)) choices.add(() -> scalars(field, element, length, turn));
        return choose(choices, turn);
    }

    private JsonNode scalars(JsonNode field, String element, int length, int turn) {
        ArrayNode values = NODES.arrayNode();
        boolean smallAround = small;
        boolean longestAround = longest;
        longest = false;
        for (int i = 0; i < length; i++) {
            small = smallAround || i >= FULL_ELEMENTS;
            values.add(scalar(field, element, false, turn + i));
        }
        small = smallAround;
        longest = longestAround;
        return values;
    }

    private JsonNode structs(JsonNode field, String element, boolean nullable, int turn) {
        int length = number < ROTATED ? 1 + (number + turn) % 2 : random.nextInt(100) == 0 ? TWO_BYTES : random.nextInt(4);
        if (small || isTurn(0) || number >= ROTATED && random.nextInt(8) == 0) {
            if (nullable) return NullNode.instance;
            length = 0;
        }
        if (isTurn(1)) {
            // Some of those that may be null are not null where they are absent.
            if (nullable && field.has("tag") && !"null".equals(field.path("default").textValue())) return NullNode.instance;
            length = 0;
        }
        if (isTurn(2) && !small) length = TWO_BYTES;
        ArrayNode values = NODES.arrayNode();
        boolean smallAround = small;
        boolean longestAround = longest;
        for (int i = 0; i < length; i++) {
            small = smallAround || i >= FULL_STRUCTS;
            longest = longestAround && i == 0;
            values.add(inner(field, element));
        }
        small = smallAround;
        longest = longestAround;
        return values;
    }

    private JsonNode oneStruct(JsonNode field, String element, boolean nullable) {
        boolean absent = small || isTurn(0) || isTurn(1) || number >= ROTATED && random.nextInt(4) == 0;
        return nullable && absent ? NullNode.instance : inner(field, element);
    }

    private JsonNode inner(JsonNode field, String element) {
        depth++;
        ObjectNode struct = struct(fieldsOf(field, element));
        depth--;
        return struct;
    }

    /** Whether it is the turn of containers as deep as the present one, this many messages ago. */
    private boolean isTurn(int ago) {
        return number < ROTATED && number == 2 * depth + ago;
    }

    private JsonNode fieldsOf(JsonNode field, String element) {
        return field.has("fields") ? field.get("fields") : commonStructs.get(element);
    }

    private JsonNode scalar(JsonNode field, String type, boolean nullable, int turn) {
        List<Supplier<JsonNode>> choices = nulls(nullable);
        switch (type) {
            case "bool": choices.addAll(List.of(() -> NODES.booleanNode(false), () -> NODES.booleanNode(true))); break;
            case "int8": integers(choices, Byte.MIN_VALUE, Byte.MAX_VALUE); break;
            case "int16": integers(choices, Short.MIN_VALUE, Short.MAX_VALUE); break;
            case "uint16": integers(choices, 0, 0xffff); break;
            case "int32": integers(choices, Integer.MIN_VALUE, Integer.MAX_VALUE); break;
            case "int64":
                boolean full = wide.contains(field.get("name").asText());
                integers(choices, full ? Long.MIN_VALUE : -MAX_SAFE, full ? Long.MAX_VALUE : MAX_SAFE);
                break;
            case "float64":
                double[] ends = {0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, -Double.MAX_VALUE};
                for (double end : ends) choices.add(() -> NODES.numberNode(end));
                choices.add(() -> NODES.numberNode(random.nextGaussian()));
                break;
            case "uuid":
                for (Uuid end : List.of(Uuid.ZERO_UUID, new Uuid(-1, -1))) choices.add(() -> new TextNode(end.toString()));
                choices.add(() -> new TextNode(new Uuid(random.nextLong(), random.nextLong()).toString()));
                break;
            case "string": strings(choices); break;
            case "bytes": case "records":
                for (int length : lengths(0, 1 + random.nextInt(20))) choices.add(() -> bytes(length));
                break;
            default: throw new IllegalArgumentException("what is a " + type + "?");
        }
        return choose(choices, turn);
    }

    private void integers(List<Supplier<JsonNode>> choices, long lowest, long highest) {
        choices.add(() -> NODES.numberNode(0L));
        choices.add(() -> NODES.numberNode(lowest));
        choices.add(() -> NODES.numberNode(highest));
        choices.add(() -> NODES.numberNode(lowest < 0 ? -1L : 1L));
        choices.add(() -> NODES.numberNode((long) random.nextInt(100)));
        long range = highest - lowest + 1;
        choices.add(() -> NODES.numberNode(range == 0 ? random.nextLong() : lowest + Math.floorMod(random.nextLong(), range)));
    }

    private void strings(List<Supplier<JsonNode>> choices) {
        for (int length : lengths(0, 1 + random.nextInt(12))) {
            choices.add(() -> {
                StringBuilder letters = new StringBuilder(length);
                for (int i = 0; i < length; i++) letters.append((char) ('a' + random.nextInt(26)));
                return new TextNode(letters.toString());
            });
        }
        choices.add(() -> new TextNode("\u00fc\u20ac\ud83d\ude00".repeat(1 + random.nextInt(2) * 14)));
    }

    private JsonNode bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return new BinaryNode(bytes);
    }

    /** Some lengths, and those at the steps of compact lengths; these are rare where chance chooses. */
    private List<Integer> lengths(Integer... few) {
        List<Integer> lengths = new ArrayList<>(List.of(few));
        if (number >= ROTATED && random.nextInt(8) > 0) return lengths;
        lengths.addAll(List.of(TWO_BYTES - 1, TWO_BYTES));
        if (longest) lengths.add(number < ROTATED / 2 ? 3 : THREE_BYTES);
        return lengths;
    }

    private static List<Supplier<JsonNode>> nulls(boolean nullable) {
        return new ArrayList<>(nullable ? List.of(() -> NullNode.instance) : List.of());
    }

    /** The first choice is the smallest. */
    private JsonNode choose(List<Supplier<JsonNode>> choices, int turn) {
        int index = small ? 0 : number < ROTATED ? (number + turn) % choices.size() : random.nextInt(choices.size());
        return choices.get(index).get();
    }

    /** Whether a range of versions (`none`, `3`, `2-4` or `5+`) has one. */
    static boolean in(String range, short version) {
        if (range.equals("none") || range.isEmpty()) return false;
        String[] ends = range.replace("+", "-" + Short.MAX_VALUE).split("-");
        return version >= Short.parseShort(ends[0]) && version <= Short.parseShort(ends[ends.length - 1]);
    }
}
