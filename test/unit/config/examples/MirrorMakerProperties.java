import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.mirror.MirrorCheckpointConnector;
import org.apache.kafka.connect.mirror.MirrorHeartbeatConnector;
import org.apache.kafka.connect.mirror.MirrorSourceConnector;
import org.apache.kafka.connect.runtime.SourceConnectorConfig;

/**
 * Prints every public property that MirrorMaker 2's connectors and Kafka's clients define, as lines of kind, name, type
 * and default between tabs. With the jars of org.apache.kafka:connect-mirror:4.1.0 and its dependencies in lib/:
 * java -cp 'lib/*' MirrorMakerProperties.java | sort -u > mirrormaker-properties.tsv
 */
public class MirrorMakerProperties {
    public static void main(String[] args) {
        print("connector", new MirrorSourceConnector().config());
        print("connector", new MirrorCheckpointConnector().config());
        print("connector", new MirrorHeartbeatConnector().config());
        print("connector", SourceConnectorConfig.configDef());
        print("client", ProducerConfig.configDef());
        print("client", ConsumerConfig.configDef());
        print("client", AdminClientConfig.configDef());
    }

    private static void print(String kind, ConfigDef definition) {
        for (ConfigDef.ConfigKey key : new TreeMap<>(definition.configKeys()).values()) {
            if (key.internalConfig) continue;
            String value = key.hasDefault() && key.defaultValue != null ? ConfigDef.convertToString(key.defaultValue, key.type) : "";
            System.out.println(String.join("\t", kind, key.name, key.type.toString(), value.replace("class ", "")));
        }
    }
}
