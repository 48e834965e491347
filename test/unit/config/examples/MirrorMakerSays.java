import java.io.FileReader;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.connect.mirror.MirrorMakerConfig;
import org.apache.kafka.connect.mirror.MirrorSourceConnector;
import org.apache.kafka.connect.mirror.SourceAndTarget;

/**
 * Writes what MirrorMaker 2 itself makes of the properties files given: for each pair that it would run, the
 * connectors' configuration and the worker's, as lines of pair, reader, property and value between tabs, into
 * <file>.mm2.tsv. With the jars of org.apache.kafka:connect-mirror:4.1.0 and its dependencies in lib/:
 * java -cp 'lib/*' MirrorMakerSays.java *.properties
 * Environment variables that a file refers to must be set to the reference itself, A='${env:A}', so that it stays.
 */
public class MirrorMakerSays {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            Properties properties = new Properties();
            try (FileReader reader = new FileReader(file)) {
                properties.load(reader);
            }
            Map<String, String> originals = new HashMap<>();
            properties.stringPropertyNames().forEach(name -> originals.put(name, properties.getProperty(name)));
            MirrorMakerConfig config = new MirrorMakerConfig(originals);
            Map<String, String> lines = new TreeMap<>();
            for (SourceAndTarget pair : config.clusterPairs()) {
                put(lines, pair + "\tconnector", config.connectorBaseConfig(pair, MirrorSourceConnector.class));
                put(lines, pair + "\tworker", config.workerConfig(pair));
            }
            try (PrintStream out = new PrintStream(file.replace(".properties", ".mm2.tsv"), "UTF-8")) {
                lines.forEach((where, value) -> out.print(where + "\t" + value + "\n"));
            }
        }
    }

    private static void put(Map<String, String> lines, String reader, Map<String, String> config) {
        config.forEach((name, value) -> lines.put(reader + "\t" + name, value));
    }
}
