package org.apache.kafka.connect.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.MessageFormatter;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.mirror.formatters.CheckpointFormatter;
import org.apache.kafka.connect.mirror.formatters.HeartbeatFormatter;
import org.apache.kafka.connect.mirror.formatters.OffsetSyncFormatter;

/** MirrorMaker 2's records: keys and values are hexadecimal. */
class Formats {
    private static final Map<String, MessageFormatter> FORMATTERS = Map.of(
        "heartbeat", new HeartbeatFormatter(),
        "checkpoint", new CheckpointFormatter(),
        "offset sync", new OffsetSyncFormatter());

    static void write(JsonNode record, ObjectNode answer) {
        switch (text(record, "kind")) {
            case "heartbeat":
                Heartbeat heartbeat = heartbeat(record);
                put(answer, heartbeat.recordKey(), heartbeat.recordValue());
                break;
            case "checkpoint":
                Checkpoint checkpoint = checkpoint(record);
                put(answer, checkpoint.recordKey(), checkpoint.recordValue());
                break;
            default:
                OffsetSync sync = offsetSync(record);
                put(answer, sync.recordKey(), sync.recordValue());
        }
    }

    /** Also prints the record as the console consumer does with MirrorMaker 2's formatter. */
    static void read(JsonNode raw, ObjectNode answer) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("topic", 0, 0, bytes(raw, "key"), bytes(raw, "value"));
        String kind = text(raw, "kind");
        try {
            switch (kind) {
                case "heartbeat":
                    put(answer, Heartbeat.deserializeRecord(record));
                    break;
                case "checkpoint":
                    put(answer, Checkpoint.deserializeRecord(record));
                    break;
                default:
                    put(answer, OffsetSync.deserializeRecord(record));
            }
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            FORMATTERS.get(kind).writeTo(record, new PrintStream(printed, true, StandardCharsets.UTF_8));
            answer.put("printed", printed.toString(StandardCharsets.UTF_8));
        } catch (SchemaException e) {
            answer.put("refused", e.getMessage());
        }
    }

    static void writeConnectOffset(JsonNode question, ObjectNode answer) {
        JsonNode partition = question.get("partition");
        Map<String, ?> wrapped;
        switch (text(question, "kind")) {
            case "source":
                wrapped = MirrorUtils.wrapPartition(topicPartition(partition), text(partition, "cluster"));
                break;
            case "checkpoint":
                wrapped = new Checkpoint(text(partition, "group"), topicPartition(partition), 0, 0, "").connectPartition();
                break;
            default:
                String source = text(partition, "sourceClusterAlias");
                wrapped = new Heartbeat(source, text(partition, "targetClusterAlias"), 0).connectPartition();
        }
        JsonNode offset = question.get("offset");
        Object value = offset.isNull() ? null : MirrorUtils.wrapOffset(offset.longValue());
        try (JsonConverter converter = connectConverter()) {
            byte[] key = converter.fromConnectData("", null, List.of(text(question, "connector"), wrapped));
            put(answer, key, converter.fromConnectData("", null, value));
        }
    }

    /** What a task of MirrorMaker 2 makes of the offset of one of its source partitions. */
    @SuppressWarnings("unchecked")
    static void readConnectOffset(JsonNode raw, ObjectNode answer) {
        try (JsonConverter converter = connectConverter()) {
            List<Object> key = (List<Object>) converter.toConnectData("", bytes(raw, "key")).value();
            Map<String, Object> partition = (Map<String, Object>) key.get(1);
            byte[] bytes = bytes(raw, "value");
            Object value = bytes == null ? null : converter.toConnectData("", bytes).value();
            answer.put("connector", (String) key.get(0));
            answer.put("cluster", (String) partition.get(MirrorUtils.SOURCE_CLUSTER_KEY));
            answer.put("topic", (String) partition.get(MirrorUtils.TOPIC_KEY));
            answer.put("partition", (Long) partition.get(MirrorUtils.PARTITION_KEY));
            answer.put("offset", MirrorUtils.unwrapOffset((Map<String, ?>) value));
        }
    }

    static OffsetSync offsetSync(JsonNode sync) {
        return new OffsetSync(topicPartition(sync), number(sync, "upstreamOffset"), number(sync, "downstreamOffset"));
    }

    static Checkpoint checkpoint(JsonNode of) {
        long upstream = number(of, "upstreamOffset");
        return new Checkpoint(
            text(of, "group"), topicPartition(of), upstream, number(of, "downstreamOffset"), text(of, "metadata"));
    }

    private static Heartbeat heartbeat(JsonNode of) {
        return new Heartbeat(text(of, "sourceClusterAlias"), text(of, "targetClusterAlias"), number(of, "timestamp"));
    }

    static void put(ObjectNode answer, OffsetSync sync) {
        put(answer, sync.topicPartition(), sync.upstreamOffset(), sync.downstreamOffset());
    }

    private static void put(ObjectNode answer, Checkpoint of) {
        answer.put("group", of.consumerGroupId()).put("metadata", of.metadata());
        put(answer, of.topicPartition(), of.upstreamOffset(), of.downstreamOffset());
    }

    private static void put(ObjectNode answer, Heartbeat of) {
        answer.put("sourceClusterAlias", of.sourceClusterAlias()).put("targetClusterAlias", of.targetClusterAlias());
        answer.put("timestamp", of.timestamp());
    }

    private static void put(ObjectNode answer, TopicPartition of, long upstreamOffset, long downstreamOffset) {
        answer.put("topic", of.topic()).put("partition", of.partition());
        answer.put("upstreamOffset", upstreamOffset).put("downstreamOffset", downstreamOffset);
    }

    private static void put(ObjectNode answer, byte[] key, byte[] value) {
        answer.put("key", HexFormat.of().formatHex(key));
        answer.put("value", value == null ? null : HexFormat.of().formatHex(value));
    }

    static TopicPartition topicPartition(JsonNode of) {
        return new TopicPartition(text(of, "topic"), of.get("partition").intValue());
    }

    static String text(JsonNode of, String field) {
        return of.get(field).textValue();
    }

    static long number(JsonNode of, String field) {
        return of.get(field).longValue();
    }

    private static byte[] bytes(JsonNode of, String field) {
        return of.get(field).isNull() ? null : HexFormat.of().parseHex(text(of, field));
    }

    private static JsonConverter connectConverter() {
        JsonConverter converter = new JsonConverter();
        converter.configure(Map.of("schemas.enable", "false"), true);
        return converter;
    }
}
