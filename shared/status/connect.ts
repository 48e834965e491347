import { setTimeout as wait } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { partitionKey } from '../adapters/dynamodb/keys.ts';
import { readHeads } from '../adapters/dynamodb/read-map/heads.ts';
import { DynamoDbMapReader } from '../adapters/dynamodb/read-map/reader.ts';
import { DynamoDbTopicRegistry } from '../adapters/dynamodb/topic-registry.ts';
import { READ_COMMITTED, READ_UNCOMMITTED } from '../adapters/kafka/apis.ts';
import type { KafkaCluster } from '../adapters/kafka/cluster.ts';
import { firstRecord } from '../adapters/kafka/first-record.ts';
import { firstRecords } from '../adapters/kafka/first-records.ts';
import { ConsumerGroups } from '../adapters/kafka/groups/consumer-groups.ts';
import { stableEnds } from '../adapters/kafka/runbook/stable-ends.ts';
import { lazily } from '../adapters/lazily.ts';
import { flowPolicy } from '../config/flow-policy.ts';
import type { Flow } from '../config/flow-schema.ts';
import { CausewayError } from '../flow/errors.ts';
import { flowOf } from '../flow/flow.ts';
import { sourceOffset, targetOffset } from '../flow/offset.ts';
import { compileNameList } from '../policy/name-list.ts';
import { HEARTBEATS_TOPIC } from '../policy/replication-policy.ts';
import { CheckpointsReader } from './checkpointed-groups.ts';
import { placementOf } from './placement.ts';
import type { StatusPorts } from './ports.ts';

const TIMEOUT_MS = 8_000;
/** Of all records together that ages are read from. */
const RECORDS_TIMEOUT_MS = 10_000;

type Connect = () => Promise<KafkaCluster>;
type Ends = { readonly source: Connect; readonly target: Connect };

/** How a flow is reached from where it is asked about. */
export interface Reach extends Pick<StatusPorts, 'deployed' | 'nextOf'> {
  readonly admin: Ends;
  readonly data: Ends;
  /** Of the offset map. */
  readonly tableName: string;
  readonly table: () => DynamoDBClient;
  /** Makes what the table refuses known by the right that is needed. */
  readonly fromTable: <T>(right: string, read: () => Promise<T>) => Promise<T>;
}

/**
 * What the status of a flow is read from. Connects to nothing yet.
 * @param heartbeatMs how often heartbeats are written on the source; undefined where they are not, or that is not known
 */
export function flowStatusPorts(flow: Flow, reach: Reach, heartbeatMs: number | undefined): StatusPorts {
  const id = flowOf(flow);
  const { policy, covers, remoteTopic } = flowPolicy(flow);
  const { admin, data, tableName, table, fromTable, deployed, nextOf } = reach;
  const groups = <O extends number>(cluster: Connect, toOffset: (value: number) => O) =>
    lazily(async () => new ConsumerGroups(await cluster(), { toOffset, timeoutMs: TIMEOUT_MS }));
  const checkpoints = new CheckpointsReader(data.target, policy.checkpointsTopic(id.source));
  const { emitCheckpoints, syncGroupOffsets, refreshGroups } = flow;
  const commitsOffsets = emitCheckpoints.enabled && syncGroupOffsets.enabled;
  const tickSeconds = Math.max(emitCheckpoints.intervalSeconds, commitsOffsets ? syncGroupOffsets.intervalSeconds : 0);
  return {
    flow: id,
    rules: { include: compileNameList(flow.groups.include), exclude: compileNameList(flow.groups.exclude) },
    covers: (topic) => covers(topic).covered,
    heartbeatsTopic: remoteTopic(HEARTBEATS_TOPIC),
    checkpointsTopic: policy.checkpointsTopic(id.source),
    topicItems: () => fromTable('dynamodb:Query', () => new DynamoDbTopicRegistry(table(), tableName, id).list()),
    heads: async (partitions) => {
      const options = { tableName, patienceMs: TIMEOUT_MS, signal: undefined };
      const { heads } = await fromTable('dynamodb:BatchGetItem', () => readHeads(table(), partitions, options));
      return new Map(partitions.map((each) => [each, heads.get(partitionKey(each))]));
    },
    maps: { read: async (requests) => new DynamoDbMapReader(table(), { tableName }).read(requests) },
    source: groups(admin.source, sourceOffset),
    target: groups(admin.target, targetOffset),
    writesCheckpoints: emitCheckpoints.enabled,
    commitsOffsets,
    intervals: {
      tickMs: tickSeconds * 1_000,
      listMs: refreshGroups.enabled ? refreshGroups.intervalSeconds * 1_000 : Number.POSITIVE_INFINITY,
    },
    copiesHeartbeats: flow.replicateHeartbeats,
    heartbeatMs,
    lastCheckpoints: () => checkpoints.read(),
    sourceTopics: async (replicated) => {
      const metadata = await (await admin.source()).metadata('all', AbortSignal.timeout(TIMEOUT_MS));
      const names = [...metadata.topics.values()].filter(({ internal }) => !internal).map(({ name }) => name);
      return { names, placement: placementOf(metadata, replicated) };
    },
    placementOnTarget: async (topics) => {
      const metadata = await (await admin.target()).metadata(topics, AbortSignal.timeout(TIMEOUT_MS));
      return placementOf(metadata, topics);
    },
    committedEnds: async (partitions) => stableEnds(await admin.source(), partitions, TIMEOUT_MS),
    firstRecords: async (searches, which) => {
      if (searches.length === 0) return new Map();
      const isolation = which === 'committed' ? READ_COMMITTED : READ_UNCOMMITTED;
      try {
        return await firstRecords(await data.source(), searches, isolation, AbortSignal.timeout(RECORDS_TIMEOUT_MS));
      } catch (error) {
        // The rest of the status does not hang on that.
        if (!(error instanceof CausewayError)) throw error;
        return new Map(searches.map((each) => [each, { code: error.code }]));
      }
    },
    recordTime: async (search) => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const found = await firstRecord(await data.target(), search, READ_UNCOMMITTED, signal);
      return found === 'none' ? undefined : found.timestamp;
    },
    deployed,
    keepsCopies: flow.deletedTopics.action === 'keep',
    nextOf,
    now: () => Date.now(),
    wait: (ms) => wait(ms),
  };
}
