package org.apache.kafka.connect.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** MirrorClient over a list of names. */
class Client extends MirrorClient {
    private final Set<String> topics = new LinkedHashSet<>();

    private Client(ReplicationPolicy policy, JsonNode topics) {
        super(null, policy, Map.of());
        topics.forEach(topic -> this.topics.add(topic.textValue()));
    }

    @Override
    Set<String> listTopics() {
        return topics;
    }

    static void answer(JsonNode question, ObjectNode answer) throws Exception {
        DefaultReplicationPolicy policy =
            question.get("identity").booleanValue() ? new IdentityReplicationPolicy() : new DefaultReplicationPolicy();
        Map<String, Object> properties = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : question.get("properties").properties())
            properties.put(each.getKey(), each.getValue().textValue());
        policy.configure(properties);
        Client client = new Client(policy, question.get("topics"));
        answer.putPOJO("heartbeatTopics", client.heartbeatTopics());
        answer.putPOJO("checkpointTopics", client.checkpointTopics());
        answer.putPOJO("upstreamClusters", client.upstreamClusters());
        answer.putPOJO("remoteTopics", client.remoteTopics());
        ObjectNode of = answer.putObject("of");
        for (JsonNode alias : question.get("aliases")) {
            ObjectNode each = of.putObject(alias.textValue());
            each.put("replicationHops", client.replicationHops(alias.textValue()));
            each.putPOJO("remoteTopics", client.remoteTopics(alias.textValue()));
        }
    }
}
