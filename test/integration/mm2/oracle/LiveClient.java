package org.apache.kafka.connect.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** RemoteClusterUtils, with its own connections to a cluster. */
class LiveClient {
    static void answer(JsonNode question, ObjectNode answer) throws Exception {
        Map<String, Object> properties = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : question.get("properties").properties())
            properties.put(each.getKey(), each.getValue().textValue());
        String remote = question.get("remoteCluster").textValue();
        answer.putPOJO("heartbeatTopics", RemoteClusterUtils.heartbeatTopics(properties));
        answer.putPOJO("checkpointTopics", RemoteClusterUtils.checkpointTopics(properties));
        answer.putPOJO("upstreamClusters", RemoteClusterUtils.upstreamClusters(properties));
        answer.put("replicationHops", RemoteClusterUtils.replicationHops(properties, remote));
        try (MirrorClient client = new MirrorClient(properties)) {
            answer.putPOJO("remoteTopics", client.remoteTopics(remote));
        }
        ObjectNode groups = answer.putObject("groups");
        Duration timeout = Duration.ofMillis(question.get("timeoutMs").longValue());
        for (JsonNode group : question.get("groups")) {
            ArrayNode offsets = groups.putArray(group.textValue());
            Map<TopicPartition, OffsetAndMetadata> translated =
                RemoteClusterUtils.translateOffsets(properties, remote, group.textValue(), timeout);
            translated.forEach((partition, offset) -> offsets.addObject()
                .put("topic", partition.topic())
                .put("partition", partition.partition())
                .put("offset", offset.offset())
                .put("metadata", offset.metadata()));
        }
    }
}
