package org.apache.kafka.connect.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Asks MirrorMaker 2's own classes. Each line of input is a question, {"about": ..., "cases": [...]}, each line of
 * output the list of its answers. In MirrorMaker 2's package, as most of what it asks is private to that.
 */
public class Oracle {
    static final ObjectMapper JSON = new ObjectMapper();

    interface Answerer {
        void answer(JsonNode question, ObjectNode answer) throws Exception;
    }

    private static final Map<String, Answerer> ANSWERERS = Map.of(
        "write", Formats::write,
        "read", Formats::read,
        "write Connect offset", Formats::writeConnectOffset,
        "read Connect offset", Formats::readConnectOffset,
        "choose offset syncs", Rules::chooseOffsetSyncs,
        "keep offset syncs", Rules::keepOffsetSyncs,
        "choose checkpoints", Rules::chooseCheckpoints,
        "client", Client::answer,
        "live client", LiveClient::answer,
        "live offset syncs", LiveSyncs::answer);

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode question = JSON.readTree(line);
            Answerer answerer = ANSWERERS.get(question.get("about").textValue());
            ArrayNode answers = JSON.createArrayNode();
            for (JsonNode each : question.get("cases")) answerer.answer(each, answers.addObject());
            out.println(JSON.writeValueAsString(answers));
        }
    }
}
