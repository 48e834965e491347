import { expect, test } from 'vitest';
import { lastKnownOffsets } from '../../../../functions/runbook/lost-source.ts';
import { KafkaCluster } from '../../../../shared/adapters/kafka/cluster.ts';

const UNKNOWN_TOPIC_OR_PARTITION = 3;

/** Answers, and has no topic. */
class WithoutTopics extends KafkaCluster {
  override async metadata(topics: readonly string[] | 'all') {
    const names = topics === 'all' ? [] : topics;
    const refused = new Map(names.map((name) => [name, UNKNOWN_TOPIC_OR_PARTITION]));
    const none = { brokers: new Map(), racks: new Map(), topics: new Map() };
    return { clusterId: undefined, controller: -1, ...none, refused };
  }
}

test('nothing is known of groups where checkpoints were never written, and nobody waits for them', async () => {
  const cluster = new WithoutTopics({ alias: 'west', bootstrapServers: ['127.0.0.1:1'], patienceMs: 1 });

  expect(await lastKnownOffsets(cluster, 'east.checkpoints.internal', [], () => true)).toBeUndefined();
});
