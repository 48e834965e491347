import type { Untold } from '../../../groups/committed-offsets.ts';
import { describeTopicPartition, type TopicPartition } from '../../../mm2/topic-partition.ts';
import type { ActiveProducer, ByPartition } from '../../../runbook/ports/cluster.ts';
import { apis } from '../apis.ts';
import type { KafkaCluster } from '../cluster.ts';
import { codeOf, wholeAnswer } from '../groups/answer.ts';
import { type AskLeader, askLeaders, byTopic } from './ask-leaders.ts';

/**
 * The producers that the leaders of partitions remember: with idempotence, and of the last day
 * (`producer.id.expiration.ms`).
 * @throws CausewayError when no broker answers
 */
export function activeProducers(
  cluster: KafkaCluster,
  partitions: readonly TopicPartition[],
  timeoutMs: number,
): Promise<ByPartition<readonly ActiveProducer[]>> {
  return askLeaders(cluster, partitions, ask, timeoutMs);
}

interface DescribedProducers {
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly errorCode: number;
      readonly activeProducers: readonly Described[];
    }[];
  }[];
}

interface Described {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestamp: bigint;
  readonly currentTxnStartOffset: bigint;
}

const ask: AskLeader<readonly ActiveProducer[]> = async (connection, asked) => {
  const request = byTopic(asked).map(({ name, partitions }) => ({ name, partitionIndexes: partitions }));
  const { topics } = await connection
    .call(apis.describeProducers, request)
    .catch(wholeAnswer((value): value is DescribedProducers => 'topics' in value && Array.isArray(value.topics)));
  return new Map(
    topics.flatMap(({ name, partitions }) =>
      partitions.map((each): [string, readonly ActiveProducer[] | Untold] => [
        describeTopicPartition({ topic: name, partition: each.partitionIndex }),
        each.errorCode === 0 ? each.activeProducers.map(read) : { code: codeOf(each.errorCode) },
      ]),
    ),
  );
};

function read({ producerId, producerEpoch, ...each }: Described): ActiveProducer {
  return {
    producerId: String(producerId),
    epoch: producerEpoch,
    lastSequence: each.lastSequence,
    lastTimestamp: Number(each.lastTimestamp),
    transactionStart: each.currentTxnStartOffset < 0n ? undefined : Number(each.currentTxnStartOffset),
  };
}
