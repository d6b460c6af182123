import java.lang.reflect.Field;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * Prints what Kafka knows of its properties, one a line: kind, name, type, default (- for null, ! for none), dynamic, internal.
 * Makes broker/config/testdata/properties-4.3.1.tsv: java -cp 'libs/*' ConfigRows.java
 */
public class ConfigRows {
    public static void main(String[] args) throws Exception {
        Field dynamic = DynamicBrokerConfig.class.getDeclaredField("ALL_DYNAMIC_CONFIGS");
        dynamic.setAccessible(true);
        print("broker", AbstractKafkaConfig.CONFIG_DEF, (Set<?>) dynamic.get(null));
        print("topic", LogConfig.configDefCopy(), null);
        print("group", GroupConfig.CONFIG_DEF, null);
    }

    private static void print(String kind, ConfigDef definition, Set<?> dynamic) {
        for (String name : new TreeSet<>(definition.names())) {
            ConfigDef.ConfigKey key = definition.configKeys().get(name);
            String value = !key.hasDefault() ? "!" : key.defaultValue == null ? "-" : ConfigDef.convertToString(key.defaultValue, key.type);
            value = value.replace(System.getProperty("java.io.tmpdir"), "TMP");
            boolean changeable = dynamic == null || dynamic.contains(name);
            System.out.println(String.join("\t", kind, name, key.type.name(), value, "" + changeable, "" + key.internalConfig));
        }
    }
}
