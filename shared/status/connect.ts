import { setTimeout as wait } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { partitionKey } from '../adapters/dynamodb/keys.ts';
import { readHeads } from '../adapters/dynamodb/read-map/heads.ts';
import { DynamoDbMapReader } from '../adapters/dynamodb/read-map/reader.ts';
import { DynamoDbTopicRegistry } from '../adapters/dynamodb/topic-registry.ts';
import type { KafkaCluster } from '../adapters/kafka/cluster.ts';
import { ConsumerGroups } from '../adapters/kafka/groups/consumer-groups.ts';
import { ONE_BATCH, readLog } from '../adapters/kafka/read-log.ts';
import { lazily } from '../adapters/lazily.ts';
import { flowPolicy } from '../config/flow-policy.ts';
import type { Flow } from '../config/flow-schema.ts';
import { flowOf } from '../flow/flow.ts';
import { sourceOffset, targetOffset } from '../flow/offset.ts';
import { compileNameList } from '../policy/name-list.ts';
import { HEARTBEATS_TOPIC } from '../policy/replication-policy.ts';
import { decodeBatches } from '../records/decode.ts';
import { CheckpointsReader } from './checkpointed-groups.ts';
import { partitionsAtRisk } from './placement.ts';
import type { RecordPlace, StatusPorts } from './ports.ts';

const TIMEOUT_MS = 8_000;

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
      return { names, atRisk: partitionsAtRisk(metadata, replicated) };
    },
    atRiskOnTarget: async (topics) => {
      const metadata = await (await admin.target()).metadata(topics, AbortSignal.timeout(TIMEOUT_MS));
      return partitionsAtRisk(metadata, topics);
    },
    recordTime: async (side, place) => recordTime(await data[side](), place),
    deployed,
    keepsCopies: flow.deletedTopics.action === 'keep',
    nextOf,
    now: () => Date.now(),
    wait: (ms) => wait(ms),
  };
}

/** Undefined where there is no record. @throws CausewayError */
async function recordTime(cluster: KafkaCluster, { offset, ...place }: RecordPlace): Promise<number | undefined> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  for await (const { log } of readLog(cluster, { ...place, signal }, offset, ONE_BATCH))
    for (const { header, records } of decodeBatches(log)) {
      const found = header.control ? undefined : records.find((record) => record.offset >= offset);
      if (found !== undefined) return found.timestamp;
    }
  return undefined;
}
