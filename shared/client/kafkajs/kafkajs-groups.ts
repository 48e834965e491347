import kafkajs, { type TopicOffsets } from 'kafkajs';
import { z } from 'zod';
import { isProgrammingError } from '../../flow/programming-error.ts';
import type { CommittedOffset, GroupOffsets, OffsetsOfGroups, Untold } from '../../groups/committed-offsets.ts';
import { UNKNOWN_PARTITION } from '../../groups/ports.ts';
import type { TopicPartition } from '../../mm2/topic-partition.ts';
import { ClusterUnavailableError } from '../errors.ts';
import type { LogsRead, TranslationCluster } from '../translate/ports.ts';
import type { KafkaJsConnection } from './connection.ts';

const offset = z.coerce.number().int();

const committed = z.array(
  z.object({
    topic: z.string(),
    partitions: z.array(z.object({ partition: z.number(), offset, metadata: z.string().nullish() })),
  }),
);

/** Offsets of groups and bounds of logs over kafkajs, which knows no topic ids. */
export class KafkaJsGroups implements TranslationCluster {
  readonly #connection: KafkaJsConnection;

  constructor(connection: KafkaJsConnection) {
    this.#connection = connection;
  }

  async committed(groups: readonly string[]): Promise<OffsetsOfGroups<number>> {
    const told = groups.map(async (group) => [group, await this.#of(group).catch(untold)] as const);
    return new Map(await Promise.all(told));
  }

  /** @throws ClusterUnavailableError */
  async logs(asked: readonly TopicPartition[]): Promise<LogsRead> {
    try {
      const cluster = await this.#connection.cluster();
      // Asking about a partition that is not there fails for all.
      const isThere = ({ topic, partition }: TopicPartition) =>
        cluster.findTopicPartitionMetadata(topic).some(({ partitionId }) => partitionId === partition);
      const { known = [], unknown = [] } = Object.groupBy(asked, (each) => (isThere(each) ? 'known' : 'unknown'));
      const byTopic = [...Map.groupBy(known, ({ topic }) => topic)];
      const bounds = async (fromBeginning: boolean) =>
        byPartition(
          await cluster.fetchTopicsOffset(
            byTopic.map(([topic, partitions]) => ({
              ...{ topic, fromBeginning },
              partitions: partitions.map(({ partition }) => ({ partition })),
            })),
          ),
        );
      const [starts, ends] = [await bounds(true), await bounds(false)];
      const logs = new Map<string, Map<number, { logStart: number; logEnd: number } | Untold>>();
      const tell = ({ topic, partition }: TopicPartition, answer: { logStart: number; logEnd: number } | Untold) =>
        logs.set(topic, (logs.get(topic) ?? new Map()).set(partition, answer));
      for (const each of unknown) tell(each, { code: UNKNOWN_PARTITION });
      for (const each of known) {
        const { topic, partition } = each;
        const logStart = starts.get(topic)?.get(partition);
        const logEnd = ends.get(topic)?.get(partition);
        if (logStart === undefined || logEnd === undefined) continue;
        tell(each, { logStart, logEnd });
      }
      return logs;
    } catch (error) {
      if (isProgrammingError(error)) throw error;
      throw new ClusterUnavailableError('the bounds of logs cannot be asked for', error);
    }
  }

  async #of(group: string): Promise<GroupOffsets<number>> {
    const coordinator = await (await this.#connection.cluster()).findGroupCoordinator({ groupId: group });
    const { responses } = await coordinator.offsetFetch({ groupId: group, topics: [] });
    const topics = committed.parse(responses).map(({ topic, partitions }) => {
      const offsets = partitions
        .filter((each) => each.offset >= 0)
        .map((each): [number, CommittedOffset<number>] => [
          each.partition,
          { offset: each.offset, leaderEpoch: -1, metadata: each.metadata ?? '' },
        ]);
      return [topic, new Map(offsets)] as const;
    });
    return new Map(topics.filter(([, offsets]) => offsets.size > 0));
  }
}

function untold(error: unknown): Untold {
  if (error instanceof kafkajs.KafkaJSProtocolError) return { code: error.type };
  if (error instanceof kafkajs.KafkaJSError) return { code: `${error.name}: ${error.message}` };
  throw error;
}

function byPartition(topics: readonly TopicOffsets[]): ReadonlyMap<string, ReadonlyMap<number, number>> {
  return new Map(
    topics.map(({ topic, partitions }) => [
      topic,
      new Map(partitions.map((each) => [each.partition, offset.parse(each.offset)])),
    ]),
  );
}
