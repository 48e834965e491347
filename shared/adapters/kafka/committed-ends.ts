import { setTimeout as sleep } from 'node:timers/promises';
import { sourceOffset } from '../../flow/offset.ts';
import type { SourceAnswer, SourceQuestion } from '../../heartbeat/source-question.ts';
import type { PartitionSample } from '../../loss/source-ends.ts';
import type { TopicPartition } from '../../mm2/topic-partition.ts';
import { apis, CONSUMER_REPLICA, LATEST, READ_COMMITTED, READ_UNCOMMITTED } from './apis.ts';
import type { BrokerConnection } from './broker-connection.ts';
import type { KafkaCluster } from './cluster.ts';
import { Aborted, unlessAborted } from './deadline.ts';
import { KafkaDeadlineError } from './errors.ts';
import { explain } from './failure.ts';
import { codeOf } from './groups/answer.ts';
import { failureCode } from './groups/failure-code.ts';
import { type ListedOffsets, listedOffsets } from './listed-offsets.ts';
import type { ClusterMetadata } from './metadata.ts';
import { rights } from './rights.ts';

/** Who leads what, and topic ids, are asked for again so often; sooner when a leader says that it is none, or is not there. */
const METADATA_MS = 10_000;
/** A topic that stays away is not to have all others asked for each second. */
const DOUBTED_METADATA_MS = 2_000;
const REQUEST = 'ListOffsets';

interface LedPartition extends TopicPartition {
  readonly topicId: string;
  readonly leaderEpoch: number;
}

interface LeaderAnswer {
  readonly partitions: readonly PartitionSample[];
  readonly untold: readonly string[];
}

/**
 * Both ends of many partitions, high watermark and last stable offset, by two requests to each leader that are on their
 * way at the same time. Leaders are known from before, so that a question takes one round trip; a leader that owes an
 * answer is not asked again before it has failed to give it.
 */
export class CommittedEnds implements SourceQuestion {
  readonly #alias: string;
  readonly #cluster: () => Promise<KafkaCluster>;
  readonly #now: () => number;
  readonly #owing = new Map<number, Promise<LeaderAnswer>>();
  #known: { readonly metadata: ClusterMetadata; readonly at: number } | undefined;
  #learning: Promise<ClusterMetadata> | undefined;
  #doubted = false;

  constructor(alias: string, cluster: () => Promise<KafkaCluster>, now: () => number) {
    this.#alias = alias;
    this.#cluster = cluster;
    this.#now = now;
  }

  async ask(topics: readonly string[], patienceMs: number, signal: AbortSignal): Promise<SourceAnswer> {
    try {
      const cluster = await unlessAborted(this.#cluster(), signal);
      const metadata = await unlessAborted(this.#metadata(cluster, topics), signal);
      return await unlessAborted(this.#askLeaders(cluster, metadata, topics, patienceMs), signal);
    } catch (error) {
      throw error instanceof Aborted ? new KafkaDeadlineError(this.#alias, REQUEST) : error;
    }
  }

  async #metadata(cluster: KafkaCluster, topics: readonly string[]): Promise<ClusterMetadata> {
    const known = this.#known;
    const missing = topics.some((topic) => !known?.metadata.topics.has(topic));
    const keepMs = missing || this.#doubted ? DOUBTED_METADATA_MS : METADATA_MS;
    if (known && this.#now() - known.at < keepMs) return known.metadata;
    this.#learning ??= this.#learn(cluster, topics);
    // What is known is used meanwhile: a question that waits for another one tells less.
    if (known === undefined) return this.#learning;
    this.#learning.catch(() => {});
    return known.metadata;
  }

  async #learn(cluster: KafkaCluster, topics: readonly string[]): Promise<ClusterMetadata> {
    this.#doubted = false;
    try {
      const metadata = await cluster.metadata(topics);
      this.#known = { metadata, at: this.#now() };
      return metadata;
    } finally {
      this.#learning = undefined;
    }
  }

  async #askLeaders(
    cluster: KafkaCluster,
    metadata: ClusterMetadata,
    topics: readonly string[],
    patienceMs: number,
  ): Promise<SourceAnswer> {
    const { byLeader, untold } = ledBy(metadata, topics);
    if (untold.size > 0) this.#doubted = true;
    const askedAt = this.#now();
    const answers: LeaderAnswer[] = [];
    const failures: unknown[] = [];
    const note = (codes: readonly string[]) => {
      for (const code of codes) untold.set(code, (untold.get(code) ?? 0) + 1);
    };
    const waiting = new Map(byLeader);
    const questions = [...byLeader].map(async ([leader, partitions]) => {
      try {
        const answer = await this.#askLeader(cluster, leader, partitions);
        answers.push(answer);
      } catch (error) {
        failures.push(error);
        note(partitions.map(() => failureCode(error)));
        throw error;
      } finally {
        waiting.delete(leader);
      }
    });
    // A source whose topics have no leader, or of which nothing is copied, is asked for a sign of life.
    if (questions.length === 0) await cluster.metadata([]);
    const patience = sleep(patienceMs, undefined, { ref: false }).then(() => Promise.any(questions));
    await Promise.race([Promise.allSettled(questions), patience.catch(() => {})]);
    if (answers.length === 0 && questions.length > 0) throw this.#explained(cluster, failures[0]);
    for (const partitions of waiting.values()) note(partitions.map(() => 'KAFKA_DEADLINE_EXCEEDED'));
    for (const answer of answers) note(answer.untold);
    if (untold.size > 0) this.#doubted = true;
    return { askedAt, answeredAt: this.#now(), partitions: answers.flatMap(({ partitions }) => partitions), untold };
  }

  /** A leader that still owes its answer to an earlier question is only listened to: that answer may be too old. */
  async #askLeader(cluster: KafkaCluster, leader: number, partitions: readonly LedPartition[]): Promise<LeaderAnswer> {
    const owed = this.#owing.get(leader);
    if (owed) {
      await owed;
      return { partitions: [], untold: partitions.map(() => 'KAFKA_DEADLINE_EXCEEDED') };
    }
    const asked = endsAt(cluster, leader, partitions).finally(() => this.#owing.delete(leader));
    this.#owing.set(leader, asked);
    return asked;
  }

  #explained(cluster: KafkaCluster, error: unknown) {
    this.#doubted = true;
    const subject = 'the topics of the flow';
    return explain(error, { cluster: cluster.alias, request: REQUEST, subject, needs: rights.describeTopic('*') });
  }
}

function ledBy(metadata: ClusterMetadata, topics: readonly string[]) {
  const byLeader = new Map<number, LedPartition[]>();
  const untold = new Map<string, number>();
  const leaveOut = (code: string) => untold.set(code, (untold.get(code) ?? 0) + 1);
  for (const topic of topics) {
    const found = metadata.topics.get(topic);
    const refused = metadata.refused.get(topic);
    if (found === undefined) leaveOut(refused === undefined ? 'LEADER_NOT_AVAILABLE' : codeOf(refused));
    for (const { partition, leader, leaderEpoch } of found?.partitions.values() ?? []) {
      const led = { topic, partition, topicId: found?.topicId ?? '', leaderEpoch };
      if (leader < 0) leaveOut('LEADER_NOT_AVAILABLE');
      else if (byLeader.get(leader)?.push(led) === undefined) byLeader.set(leader, [led]);
    }
  }
  return { byLeader, untold };
}

async function endsAt(cluster: KafkaCluster, leader: number, asked: readonly LedPartition[]): Promise<LeaderAnswer> {
  const connection = await cluster.connectionTo(leader);
  const [committed, all] = await Promise.all([
    listAt(connection, asked, READ_COMMITTED),
    listAt(connection, asked, READ_UNCOMMITTED),
  ]);
  const partitions: PartitionSample[] = [];
  const untold: string[] = [];
  for (const { topic, partition, topicId } of asked) {
    const committedEnd = committed.get(topic)?.get(partition) ?? codeOf(-1);
    const logEnd = all.get(topic)?.get(partition) ?? codeOf(-1);
    if (typeof committedEnd === 'string') untold.push(committedEnd);
    else if (typeof logEnd === 'string') untold.push(logEnd);
    else {
      // Two questions at two moments: what is committed has been in the log.
      const end = sourceOffset(Math.max(logEnd, committedEnd));
      partitions.push({ topic, partition, topicId, committedEnd: sourceOffset(committedEnd), logEnd: end });
    }
  }
  return { partitions, untold };
}

/** By topic, then by partition: the offset, or the code of the leader's error. */
async function listAt(
  connection: BrokerConnection,
  asked: readonly LedPartition[],
  isolation: typeof READ_COMMITTED | typeof READ_UNCOMMITTED,
): Promise<ReadonlyMap<string, ReadonlyMap<number, number | string>>> {
  const byTopic = [...Map.groupBy(asked, ({ topic }) => topic)].map(([name, partitions]) => ({
    name,
    partitions: partitions.map(({ partition, leaderEpoch }) => ({
      partitionIndex: partition,
      currentLeaderEpoch: leaderEpoch,
      timestamp: LATEST,
    })),
  }));
  const { topics } = await connection.call(apis.listOffsets, CONSUMER_REPLICA, isolation, byTopic).catch(listedOffsets);
  const codeOrOffset = ({ errorCode, offset }: ListedOffsets['topics'][number]['partitions'][number]) =>
    errorCode === 0 ? Number(offset) : codeOf(errorCode);
  return new Map(
    topics.map(({ name, partitions }) => [
      name,
      new Map(partitions.map((each) => [each.partitionIndex, codeOrOffset(each)])),
    ]),
  );
}
