import { setTimeout as wait } from 'node:timers/promises';
import kafkajs, { type Cluster, type TopicOffsets } from 'kafkajs';
import { z } from 'zod';
import type { KafkaJsConnection } from '../../kafkajs/connection.ts';
import type { GroupPlaces, Start } from './ports.ts';

const fetched = z.array(
  z.object({ topic: z.string(), partitions: z.array(z.object({ partition: z.number(), offset: z.string() })) }),
);

type Partitions = { topic: string; partitions: { partition: number }[] }[];

/** A commit from outside the group is refused while the group has members. */
const OUTSIDE = { groupGenerationId: -1, memberId: '' };
const HAS_MEMBERS = ['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS'];

/** A coordinator that has moved, or is still loading, is another one or ready a moment later. */
const ATTEMPTS = 30;
const PAUSE_MS = 100;

/** No record at or after a time. */
const NONE = '-1';

export class KafkaJsPlaces implements GroupPlaces {
  readonly #connection: KafkaJsConnection;

  constructor(connection: KafkaJsConnection) {
    this.#connection = connection;
  }

  async topics(): Promise<readonly string[]> {
    const topics = await this.#connection.topics();
    return topics.filter(({ isInternal }) => !isInternal).map(({ topic }) => topic);
  }

  async commitStarts(
    groupId: string,
    topics: readonly string[],
    startOf: (topic: string, isKnown: boolean) => Start,
  ): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#commitStarts(groupId, topics, startOf);
      } catch (error) {
        if (!(error instanceof kafkajs.KafkaJSProtocolError && error.retriable) || attempt === ATTEMPTS) throw error;
        await wait(PAUSE_MS);
      }
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #commitStarts(
    groupId: string,
    topics: readonly string[],
    startOf: (topic: string, isKnown: boolean) => Start,
  ): Promise<void> {
    const cluster = await this.#connection.cluster();
    const coordinator = await cluster.findGroupCoordinator({ groupId });
    const asked = topics.map((topic) => ({ topic, partitions: partitionsOf(cluster, topic) }));
    const { responses } = await coordinator.offsetFetch({ groupId, topics: asked });
    const told = fetched.parse(responses);
    const isKnown = told.some(({ partitions }) => partitions.some(({ offset }) => !isMissing(offset)));
    const missing = told
      .map(({ topic, partitions }) => ({ topic, partitions: partitions.filter(({ offset }) => isMissing(offset)) }))
      .filter(({ partitions }) => partitions.length > 0);
    if (missing.length === 0) return;
    const starts = await startsOf(cluster, missing, (topic) => startOf(topic, isKnown));
    await coordinator.offsetCommit({ groupId, ...OUTSIDE, topics: starts }).catch((error: unknown) => {
      const isRefused = error instanceof kafkajs.KafkaJSProtocolError && HAS_MEMBERS.includes(error.type);
      if (!isRefused) throw error;
    });
  }
}

function partitionsOf(cluster: Cluster, topic: string): TopicOffsets['partitions'] {
  return cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId, offset: NONE }));
}

function isMissing(offset: string): boolean {
  return BigInt(offset) < 0n;
}

async function startsOf(
  cluster: Cluster,
  missing: Partitions,
  startOf: (topic: string) => Start,
): Promise<TopicOffsets[]> {
  const starts: TopicOffsets[] = [];
  for (const { topic, partitions } of missing) {
    const start = startOf(topic);
    const fromBeginning = start === 'beginning';
    const [bound] = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }]);
    if (bound === undefined) continue;
    if (typeof start === 'string') {
      starts.push(bound);
      continue;
    }
    // The end was asked for first: what is written in between is not passed over.
    const [since] = await cluster.fetchTopicsOffset([{ topic, partitions, fromTimestamp: start.sinceMs }]);
    const sinceOf = (partition: number) => since?.partitions.find((each) => each.partition === partition)?.offset;
    const later = bound.partitions.map(({ partition, offset }) => {
      const found = sinceOf(partition) ?? NONE;
      return { partition, offset: isMissing(found) ? offset : found };
    });
    starts.push({ topic, partitions: later });
  }
  return starts;
}
