import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDbOffsetMap } from '../adapters/dynamodb/head-store.ts';
import { ledgerOf } from '../adapters/dynamodb/read-ledger.ts';
import { DynamoDbTopicRegistry } from '../adapters/dynamodb/topic-registry.ts';
import { ClusterAdmin } from '../adapters/kafka/admin.ts';
import { READ_COMMITTED, READ_UNCOMMITTED } from '../adapters/kafka/apis.ts';
import type { KafkaCluster } from '../adapters/kafka/cluster.ts';
import { dataBatches } from '../adapters/kafka/data-batches.ts';
import { listOffset, logBounds, type Place } from '../adapters/kafka/log-ends.ts';
import { flowPolicy } from '../config/flow-policy.ts';
import type { Flow } from '../config/flow-schema.ts';
import { flowOf } from '../flow/flow.ts';
import type { Side } from '../flow/side.ts';
import type { LogPlace, VerifyPorts } from './ports.ts';

const NO_RECORD = -1;

type Connect = () => Promise<KafkaCluster>;
type Ends = { readonly source: Connect; readonly target: Connect };

/** How a flow's logs and its offset map are reached. */
export interface VerifyReach {
  readonly admin: Ends;
  readonly data: Ends;
  readonly tableName: string;
  readonly table: DynamoDBClient;
  /** Makes what the table refuses known by the right that is needed. */
  readonly fromTable: <T>(right: string, read: () => Promise<T>) => Promise<T>;
  /** Ends what waits. */
  readonly signal: AbortSignal;
}

/** What a flow is compared by. Connects to nothing yet. */
export function verifyPorts(
  flow: Flow,
  { admin, data, tableName, table, fromTable, signal }: VerifyReach,
): VerifyPorts {
  const id = flowOf(flow);
  const map = new DynamoDbOffsetMap(table, { tableName });
  const { covers, remoteTopic } = flowPolicy(flow);
  const keepsNames = flow.policy.kind === 'identity';
  const at = (place: LogPlace): Place => ({ ...place, signal });
  return {
    flow: id,
    rules: { stamp: keepsNames ? id.source : undefined, leavesOut: keepsNames ? id.target : undefined },
    startsAtBeginning: flow.startPosition.at === 'earliest',
    topics: async () => {
      const registry = new DynamoDbTopicRegistry(table, tableName, id);
      return (await fromTable('dynamodb:Query', () => registry.list())).topics;
    },
    coveredTopics: async () => {
      const { topics } = await (await admin.source()).metadata('all', signal);
      return [...topics.values()]
        .filter(({ name, internal }) => !internal && covers(name).covered)
        .map(({ name, partitions }) => ({ topic: name, remoteTopic: remoteTopic(name), partitions: partitions.size }));
    },
    ledger: async (partition) => {
      const gaps = await fromTable('dynamodb:Query', () => ledgerOf(table, tableName, partition));
      return gaps.map(({ entry }) => entry);
    },
    head: (partition) => fromTable('dynamodb:GetItem', () => map.read(partition)),
    closedRuns: (partition, from) => map.closedRuns(partition, from),
    logBounds: async (side, place) => {
      const { logStart, highWatermark } = await logBounds(await data[side](), at(place));
      return { start: logStart, end: highWatermark };
    },
    offsetAt: async (side, place, timeMs) => {
      const cluster = await data[side]();
      const found = await listOffset(cluster, at(place), BigInt(timeMs));
      return found === NO_RECORD ? (await logBounds(cluster, at(place))).highWatermark : found;
    },
    read: (side, place, from) => readFrom(data[side], side, at(place), from),
    compacted: async (side, topics) => compactedOf(await admin[side](), topics, signal),
    now: () => Date.now(),
  };
}

/** A topic that is not there any more is told by who asks for its log, and leaves the others theirs. */
async function compactedOf(cluster: KafkaCluster, topics: readonly string[], signal: AbortSignal) {
  if (topics.length === 0) return new Set<string>();
  const { topics: there } = await cluster.metadata(topics, signal);
  return new ClusterAdmin(cluster).compacted(topics.filter((topic) => there.has(topic)));
}

/** Applications of the target may have transactions open there that the flow has nothing to do with. */
async function* readFrom(connect: Connect, side: Side, place: Place, from: number) {
  yield* dataBatches(await connect(), place, from, side === 'source' ? READ_COMMITTED : READ_UNCOMMITTED);
}
