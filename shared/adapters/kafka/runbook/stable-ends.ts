import type { Untold } from '../../../groups/committed-offsets.ts';
import { describeTopicPartition, type TopicPartition } from '../../../mm2/topic-partition.ts';
import type { ByPartition } from '../../../runbook/ports/cluster.ts';
import { apis, CONSUMER_REPLICA, LATEST, READ_COMMITTED } from '../apis.ts';
import type { KafkaCluster } from '../cluster.ts';
import { codeOf } from '../groups/answer.ts';
import { listedOffsets } from '../listed-offsets.ts';
import { type AskLeader, askLeaders, byTopic } from './ask-leaders.ts';

/**
 * Where consumers that read only what is committed stop: the first offset of the oldest open transaction, the high
 * watermark where there is none.
 * @throws CausewayError when no broker answers
 */
export function stableEnds(
  cluster: KafkaCluster,
  partitions: readonly TopicPartition[],
  timeoutMs: number,
): Promise<ByPartition<number>> {
  return askLeaders(cluster, partitions, ask, timeoutMs);
}

const ask: AskLeader<number> = async (connection, asked) => {
  const request = byTopic(asked).map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((each) => ({ partitionIndex: each, currentLeaderEpoch: -1, timestamp: LATEST })),
  }));
  const { topics } = await connection
    .call(apis.listOffsets, CONSUMER_REPLICA, READ_COMMITTED, request)
    .catch(listedOffsets);
  return new Map(
    topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, errorCode, offset }): [string, number | Untold] => [
        describeTopicPartition({ topic: name, partition: partitionIndex }),
        errorCode === 0 ? Number(offset) : { code: codeOf(errorCode) },
      ]),
    ),
  );
};
