import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Properties;
import java.util.TreeSet;

/**
 * Reads files of properties, each as one base64 line, and answers with a line of base64 words for each, key and value
 * in turn, sorted by key; or with "refused".
 */
public class JavaProperties {
    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Properties properties = new Properties();
            try {
                properties.load(new StringReader(text(line)));
            } catch (IllegalArgumentException e) {
                System.out.println("refused");
                continue;
            }
            StringBuilder out = new StringBuilder();
            for (String key : new TreeSet<>(properties.stringPropertyNames()))
                out.append(base64(key)).append(' ').append(base64(properties.getProperty(key))).append(' ');
            System.out.println(out);
        }
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
