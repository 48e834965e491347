import type { Message } from 'kafkajs';
import { onTestFinished } from 'vitest';
import {
  FailoverProducer,
  type ProducerSettings,
} from '../../../../../shared/client/failover/producer/failover-producer.ts';
import { Followed, recorded } from '../follower.ts';
import { FakeCluster, refusalOf } from './cluster.ts';

export type Alias = 'us-east' | 'us-west';

/** A connected producer of two clusters, with a partition for each key that is a number. */
export async function producing(settings: Partial<ProducerSettings> = {}) {
  const clusters = { 'us-east': new FakeCluster(), 'us-west': new FakeCluster() };
  const registry = new Followed();
  const { events, told } = recorded('held');
  const producer = new FailoverProducer(
    {
      bounds: { messages: 100, ageMs: 30_000 },
      settleMs: 30_000,
      firstReadMs: 1_000,
      pollMs: 1,
      createPartitioner:
        () =>
        ({ message, partitionMetadata }) =>
          message.partition ?? Number(message.key ?? 0) % partitionMetadata.length,
      ...settings,
    },
    { watch: registry, events, producer: (cluster) => clusters[cluster as Alias].producer(), refusalOf },
  );
  await producer.connect();
  onTestFinished(async () => {
    registry.set({ clients: 'clients-fenced' });
    for (const cluster of Object.values(clusters)) cluster.mode = 'up';
    await producer.disconnect();
  });
  return { east: clusters['us-east'], west: clusters['us-west'], registry, producer, told };
}

export function message(value: string | number, key = '0'): Message {
  return { key, value: String(value) };
}

/** The outcome of a request in a word: `acknowledged`, or the error's code or message. */
export async function outcome(request: Promise<unknown>): Promise<string> {
  try {
    await request;
    return 'acknowledged';
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    return String(error instanceof Error ? error.message : error);
  }
}

/** For what is in motion to come to rest, as far as it does without anything from outside. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
