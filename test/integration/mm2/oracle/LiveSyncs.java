package org.apache.kafka.connect.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/** The offset syncs of a flow as a checkpoint task has them once it has started: read from the cluster where they are. */
class LiveSyncs {
    /** Answers with the translations: null for none, -1 for too old. */
    static void answer(JsonNode question, ObjectNode answer) {
        Map<String, String> properties = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : question.get("properties").properties())
            properties.put(each.getKey(), each.getValue().textValue());
        TopicPartition of = Formats.topicPartition(question);
        try (OffsetSyncStore store = new OffsetSyncStore(new MirrorCheckpointConfig(properties))) {
            store.start(false);
            ArrayNode translated = answer.putArray("translated");
            for (JsonNode upstream : question.get("upstream")) {
                OptionalLong downstream = store.translateDownstream("g", of, upstream.longValue());
                if (downstream.isPresent()) translated.add(downstream.getAsLong());
                else translated.addNull();
            }
        }
    }
}
