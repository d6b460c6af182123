import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.apache.kafka.server.metrics.ClientMetricsConfigs;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * Prints what Kafka knows of its properties, one a line: kind, name, type, default (- for null, ! for none), how it may be
 * set while a broker runs (read-only, cluster-wide, per-broker, per-listener; any where nothing restricts it), internal.
 * Makes broker/config/testdata/properties-4.3.1.tsv: java -cp 'libs/*' ConfigRows.java
 */
public class ConfigRows {
    public static void main(String[] args) throws Exception {
        print("broker", AbstractKafkaConfig.CONFIG_DEF, DynamicBrokerConfig.dynamicConfigUpdateModes());
        print("topic", LogConfig.configDefCopy(), null);
        print("group", GroupConfig.CONFIG_DEF, null);
        print("metrics", ClientMetricsConfigs.configDef(), null);
    }

    private static void print(String kind, ConfigDef definition, Map<String, String> modes) {
        for (String name : new TreeSet<>(definition.names())) {
            ConfigDef.ConfigKey key = definition.configKeys().get(name);
            String value = !key.hasDefault() ? "!" : key.defaultValue == null ? "-" : ConfigDef.convertToString(key.defaultValue, key.type);
            value = value.replace(System.getProperty("java.io.tmpdir"), "TMP");
            String mode = modes == null ? "any" : modes.getOrDefault(name, "read-only");
            if (modes != null && DynamicBrokerConfig.DYNAMIC_SECURITY_CONFIGS.contains(name)) mode = "per-listener";
            System.out.println(String.join("\t", kind, name, key.type.name(), value, mode, "" + key.internalConfig));
        }
    }
}
