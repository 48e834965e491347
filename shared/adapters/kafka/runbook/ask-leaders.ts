import type { Untold } from '../../../groups/committed-offsets.ts';
import { UNKNOWN_PARTITION } from '../../../groups/ports.ts';
import { describeTopicPartition, type TopicPartition } from '../../../mm2/topic-partition.ts';
import type { ByPartition } from '../../../runbook/ports/cluster.ts';
import type { BrokerConnection } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster.ts';
import { Backoff, unlessAborted } from '../deadline.ts';
import { codeOf } from '../groups/answer.ts';
import { failureCode } from '../groups/failure-code.ts';

/** What a leader answers for one partition, by `topic-partition`. */
export type LeaderAnswer<T> = ReadonlyMap<string, T | Untold>;

/** One request to one leader. Throws only for what befell it as a whole. */
export type AskLeader<T> = (
  connection: BrokerConnection,
  partitions: readonly TopicPartition[],
) => Promise<LeaderAnswer<T>>;

const MOST_ROUNDS = 3;
const MOVED = new Set(['NOT_LEADER_OR_FOLLOWER', 'LEADER_NOT_AVAILABLE', 'KAFKA_UNREACHABLE']);

/**
 * Asks the leader of each partition, one request a leader, and again where it moved, until `timeoutMs` have passed. A
 * leader that takes the connection and answers nothing keeps only its own partitions from theirs.
 * @throws CausewayError when no broker tells metadata
 */
export async function askLeaders<T>(
  cluster: KafkaCluster,
  partitions: readonly TopicPartition[],
  ask: AskLeader<T>,
  timeoutMs: number,
): Promise<ByPartition<T>> {
  const signal = AbortSignal.timeout(timeoutMs);
  const backoff = new Backoff(timeoutMs, signal);
  const told = new Map<string, T | Untold>();
  // Brokers refuse a request that names a partition twice.
  const asked = [...new Map(partitions.map((each) => [describeTopicPartition(each), each])).values()];
  let pending = asked;
  for (let round = 1; pending.length > 0 && round <= MOST_ROUNDS; round++) {
    if (round > 1 && !(await backoff.pause())) break;
    for (const [name, answer] of await askOnce(cluster, pending, ask, signal)) told.set(name, answer);
    pending = pending.filter((each) => hasMoved(told.get(describeTopicPartition(each))));
  }
  return byPartition(asked, told);
}

async function askOnce<T>(
  cluster: KafkaCluster,
  asked: readonly TopicPartition[],
  ask: AskLeader<T>,
  signal: AbortSignal,
): Promise<LeaderAnswer<T>> {
  const { topics, refused } = await cluster.metadata([...new Set(asked.map(({ topic }) => topic))], signal);
  const leaderOf = ({ topic, partition }: TopicPartition): number | Untold => {
    const code = refused.get(topic);
    if (code !== undefined) return { code: codeOf(code) };
    const leader = topics.get(topic)?.partitions.get(partition)?.leader;
    if (leader === undefined) return { code: UNKNOWN_PARTITION };
    return leader < 0 ? { code: 'LEADER_NOT_AVAILABLE' } : leader;
  };
  const answers = new Map<string, T | Untold>();
  const byLeader = new Map<number, TopicPartition[]>();
  for (const each of asked) {
    const leader = leaderOf(each);
    if (typeof leader !== 'number') answers.set(describeTopicPartition(each), leader);
    else byLeader.set(leader, [...(byLeader.get(leader) ?? []), each]);
  }
  const asking = [...byLeader].map(async ([leader, partitions]) => {
    const answer = await unlessAborted(
      cluster.connectionTo(leader).then((connection) => ask(connection, partitions)),
      signal,
    ).catch((error: unknown) => ({ code: failureCode(error) }));
    for (const each of partitions) {
      const name = describeTopicPartition(each);
      answers.set(name, 'code' in answer ? answer : (answer.get(name) ?? { code: UNKNOWN_PARTITION }));
    }
  });
  await Promise.all(asking);
  return answers;
}

function hasMoved(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'code' in answer && MOVED.has(String(answer.code));
}

function byPartition<T>(asked: readonly TopicPartition[], told: LeaderAnswer<T>): ByPartition<T> {
  const topics = new Map<string, Map<number, T | Untold>>();
  for (const each of asked) {
    const ofTopic = topics.get(each.topic) ?? new Map<number, T | Untold>();
    topics.set(each.topic, ofTopic);
    ofTopic.set(each.partition, told.get(describeTopicPartition(each)) ?? { code: 'KAFKA_DEADLINE_EXCEEDED' });
  }
  return topics;
}

/** `partitions` as requests name them. */
export function byTopic(partitions: readonly TopicPartition[]): readonly { name: string; partitions: number[] }[] {
  return [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, ofTopic]) => {
    return { name, partitions: ofTopic.map(({ partition }) => partition) };
  });
}
