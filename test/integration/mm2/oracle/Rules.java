package org.apache.kafka.connect.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What MirrorMaker 2 writes and when, and how it translates. */
class Rules {
    private static final int OUTSTANDING = 10;
    private static final KeptSends SENDS = new KeptSends();

    /**
     * Steps are {"do": "acknowledged", a sync}, {"do": "committed"}, {"do": "answered"}. Answers with the syncs sent
     * in each step, as MirrorSourceTask calls the writer.
     */
    static void chooseOffsetSyncs(JsonNode question, ObjectNode answer) {
        SENDS.clear();
        OffsetSyncWriter writer =
            new OffsetSyncWriter(SENDS, "syncs", new Semaphore(OUTSTANDING), Formats.number(question, "offsetLagMax"));
        ArrayNode sent = answer.putArray("sent");
        for (JsonNode step : question.get("steps")) {
            switch (Formats.text(step, "do")) {
                case "acknowledged":
                    OffsetSync of = Formats.offsetSync(step);
                    writer.maybeQueueOffsetSyncs(of.topicPartition(), of.upstreamOffset(), of.downstreamOffset());
                    writer.firePendingOffsetSyncs();
                    break;
                case "committed":
                    writer.promoteDelayedOffsetSyncs();
                    writer.firePendingOffsetSyncs();
                    break;
                default:
                    SENDS.answerOldest();
            }
            ArrayNode now = sent.addArray();
            for (OffsetSync each : SENDS.take()) Formats.put(now.addObject(), each);
        }
    }

    /**
     * Steps are {"do": "add", a sync}, {"do": "loaded"}, {"do": "translate", "upstream": n}. Answers with the syncs kept
     * after each one added, newest first, and with the translations: null for none, -1 for too old.
     */
    static void keepOffsetSyncs(JsonNode question, ObjectNode answer) throws Exception {
        OffsetSyncStore store = new OffsetSyncStore();
        store.initializationMustReadToEnd = !question.get("keepHistory").booleanValue();
        TopicPartition of = new TopicPartition("t", 0);
        ArrayNode answers = answer.putArray("answers");
        for (JsonNode step : question.get("steps")) {
            switch (Formats.text(step, "do")) {
                case "add":
                    OffsetSync sync = Formats.offsetSync(step);
                    store.handleRecord(new ConsumerRecord<>("syncs", 0, 0, sync.recordKey(), sync.recordValue()));
                    ArrayNode kept = answers.addArray();
                    for (int slot = 0; slot < OffsetSyncStore.SYNCS_PER_PARTITION; slot++)
                        if (slot == 0 || store.syncFor(of, slot) != store.syncFor(of, slot - 1))
                            Formats.put(kept.addObject(), store.syncFor(of, slot));
                    break;
                case "loaded":
                    store.readToEnd = true;
                    answers.addNull();
                    break;
                default:
                    OptionalLong translated = store.translateDownstream("g", of, Formats.number(step, "upstream"));
                    if (translated.isPresent()) answers.add(translated.getAsLong());
                    else answers.addNull();
            }
        }
    }

    /** Each checkpoint in turn, with its translation already known: whether the task writes it. */
    static void chooseCheckpoints(JsonNode question, ObjectNode answer) {
        long[] translation = new long[1];
        OffsetSyncStore translating = new OffsetSyncStore() {
            @Override
            public OptionalLong translateDownstream(String group, TopicPartition of, long upstream) {
                return OptionalLong.of(translation[0]);
            }
        };
        CheckpointStore store = new CheckpointStore(new HashMap<>());
        MirrorCheckpointTask task = new MirrorCheckpointTask(
            "A", "B", new IdentityReplicationPolicy(), translating, Set.of(), Map.of(), store);
        ArrayNode written = answer.putArray("written");
        for (JsonNode step : question.get("checkpoints")) {
            Checkpoint next = Formats.checkpoint(step);
            translation[0] = next.downstreamOffset();
            OffsetAndMetadata committed = new OffsetAndMetadata(next.upstreamOffset(), next.metadata());
            Map<TopicPartition, Checkpoint> due =
                task.checkpointsForGroup(Map.of(next.topicPartition(), committed), next.consumerGroupId());
            store.update(next.consumerGroupId(), due);
            written.add(due.size() == 1);
        }
    }

    /** Keeps what it is to send; nothing is ever answered by itself. */
    private static class KeptSends extends KafkaProducer<byte[], byte[]> {
        private final Queue<OffsetSync> sent = new ArrayDeque<>();
        private final Queue<Callback> unanswered = new ArrayDeque<>();

        KeptSends() {
            super(Map.of("bootstrap.servers", "127.0.0.1:9"), new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            sent.add(OffsetSync.deserializeRecord(new ConsumerRecord<>("syncs", 0, 0, record.key(), record.value())));
            unanswered.add(callback);
            return new CompletableFuture<>();
        }

        void answerOldest() {
            Callback oldest = unanswered.poll();
            if (oldest != null) oldest.onCompletion(null, null);
        }

        Iterable<OffsetSync> take() {
            Queue<OffsetSync> taken = new ArrayDeque<>(sent);
            sent.clear();
            return taken;
        }

        void clear() {
            sent.clear();
            unanswered.clear();
        }
    }
}
