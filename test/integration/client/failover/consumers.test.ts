import { setTimeout as wait } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { FailoverRunConfig } from '../../../../shared/client/failover/consumer/payload.ts';
import { createFailoverKafka } from '../../../../shared/client/failover/create.ts';
import { MemoryRegistry } from '../../../../shared/client/failover/registry/memory.ts';
import { identityPolicy } from '../../../../shared/policy/identity-policy.ts';
import { eventually, uniqueName } from '../../kafka/target.ts';
import { committed, configOf, copyTopic, createTopics, kafkaOf, moveGroup, PARTITIONS } from './two-clusters.ts';

vi.setConfig({ testTimeout: 120_000 });

const { logLevel } = kafkajs;
const MESSAGES = 300;

/** Messages on the home cluster, copied under the same name, and an empty registry. */
async function scene(run: (handled: (id: string, cluster: string) => void) => FailoverRunConfig) {
  const [topic, group] = [uniqueName('orders'), uniqueName('billing')];
  await createTopics('us-east', topic);
  await createTopics('us-west', topic);
  const producer = kafkaOf('us-east').producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const messages = Array.from({ length: MESSAGES }, (_, i) => ({ value: String(i), partition: i % PARTITIONS }));
  await producer.send({ topic, messages });
  await producer.disconnect();
  await copyTopic('us-east', topic, 'us-west', topic);
  const registry = new MemoryRegistry();
  const kafka = createFailoverKafka({
    flow: { source: 'us-east', target: 'us-west' },
    clusters: { 'us-east': configOf('us-east'), 'us-west': configOf('us-west') },
    registry,
    policy: identityPolicy('us-east', '.', '.'),
    pollMs: 50,
    logLevel: logLevel.NOTHING,
  });
  onTestFinished(() => kafka.close());
  const handled: { readonly id: string; readonly cluster: string }[] = [];
  const consumer = kafka.consumer({ groupId: group });
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run(run((id, cluster) => handled.push({ id, cluster })));
  const left = new Promise<number>((resolve) => kafka.on('consumer-left', ({ unfinished }) => resolve(unfinished)));
  return { topic, group, registry, handled, left };
}

const slowly = () => wait(5);

test.each<[string, (handled: (id: string, cluster: string) => void) => FailoverRunConfig]>([
  [
    'one by one',
    (handled) => ({
      eachMessage: async ({ message, cluster }) => {
        await slowly();
        handled(String(message.value), cluster);
      },
    }),
  ],
  [
    'one by one, three partitions at a time',
    (handled) => ({
      partitionsConsumedConcurrently: 3,
      eachMessage: async ({ message, cluster }) => {
        await slowly();
        handled(String(message.value), cluster);
      },
    }),
  ],
  [
    'one by one, committed by the application',
    (handled) => ({
      autoCommit: false,
      eachMessage: async ({ message, cluster, commit }) => {
        await slowly();
        handled(String(message.value), cluster);
        await commit();
      },
    }),
  ],
  [
    'by batches that are broken off',
    (handled) => ({
      eachBatch: async ({ batch, cluster, isRunning, resolveOffset, heartbeat }) => {
        for (const message of batch.messages) {
          if (!isRunning()) break;
          await slowly();
          handled(String(message.value), cluster);
          resolveOffset(message.offset);
          await heartbeat();
        }
      },
    }),
  ],
  [
    'by whole batches',
    (handled) => ({
      eachBatch: async ({ batch, cluster }) => {
        for (const message of batch.messages) {
          await slowly();
          handled(String(message.value), cluster);
        }
      },
    }),
  ],
])('messages that are handled %s are each handled once, fenced in their midst', async (_, run) => {
  const { topic, group, registry, handled, left } = await scene(run);
  await eventually(
    async () => handled.length,
    (seen) => seen >= 20,
  );
  registry.set({ active: 'us-east', clients: 'clients-fenced' });

  expect(await left).toBe(0);
  const before = handled.length;
  const offsets = await committed('us-east', group, topic);
  expect(offsets.reduce<number>((sum, offset) => sum + (offset ?? 0), 0)).toBe(before);

  await moveGroup('us-east', topic, 'us-west', topic, group);
  expect(await committed('us-west', group, topic)).toEqual(offsets);
  registry.set({ active: 'us-west', clients: 'serving' });
  await eventually(
    async () => handled.length,
    (seen) => seen >= MESSAGES,
  );
  const times = Map.groupBy(handled, ({ id }) => id);
  const again = [...times.values()].filter(({ length }) => length > 1);
  // With where each was handled, and as which of all.
  expect(again.map((all) => all.map((each) => ({ ...each, as: handled.indexOf(each), before, offsets })))).toEqual([]);
  expect(times.size).toBe(MESSAGES);
  expect(new Set(handled.slice(before).map(({ cluster }) => cluster)).size).toBeLessThanOrEqual(1);
  for (const { cluster } of handled.slice(before)) expect(cluster).toBe('us-west');
});
