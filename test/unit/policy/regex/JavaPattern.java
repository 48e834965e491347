import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads lines of base64 words, a pattern and then inputs, and answers each line with one character an input: 1 if the
 * pattern takes the whole input, 0 if not; or with one word, "refused" if it is no Java pattern, "failed" if Java's
 * engine itself fails over it (out of stack for lazy loops around nothing, NullPointerException for an odd class).
 */
public class JavaPattern {
    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        StringBuilder out = new StringBuilder();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            try {
                Pattern pattern = Pattern.compile(text(words[0]));
                for (int i = 1; i < words.length; i++)
                    out.append(pattern.matcher(text(words[i])).matches() ? '1' : '0');
            } catch (PatternSyntaxException e) {
                out.append("refused");
            } catch (StackOverflowError | NullPointerException e) {
                out.setLength(out.lastIndexOf("\n") + 1);
                out.append("failed");
            }
            out.append('\n');
        }
        System.out.print(out);
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
