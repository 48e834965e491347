import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { timeLimits } from '../../shared/adapters/aws/time-limits.ts';
import { DynamoDbMapReader } from '../../shared/adapters/dynamodb/read-map/reader.ts';
import { DynamoDbTopicRegistry } from '../../shared/adapters/dynamodb/topic-registry.ts';
import { ClusterAdmin } from '../../shared/adapters/kafka/admin.ts';
import { KafkaSourceLog } from '../../shared/adapters/kafka/source-log.ts';
import type { AppendSettings } from '../../shared/append/context.ts';
import type { FlowId } from '../../shared/flow/flow.ts';
import { sourceOffset } from '../../shared/flow/offset.ts';
import { replicatedTopics } from '../../shared/groups/knowledge.ts';
import { holdFlow, type NotYet } from '../../shared/hold/hold-flow.ts';
import { liftFlow } from '../../shared/hold/lift-flow.ts';
import { mirroredTopics } from '../../shared/policy/mirrored-topics.ts';
import type { ReplicationPolicy } from '../../shared/policy/replication-policy.ts';
import type { Verdict } from '../../shared/policy/verdict.ts';
import type { HoldChange, RunbookFlow } from '../../shared/runbook/ports/flow.ts';
import { holdPorts } from '../hold-ports.ts';
import type { ConnectedSide } from './cluster.ts';
import type { FlowPlace } from './environment.ts';
import { copiedTo } from './heads.ts';
import { flowMappings } from './mappings.ts';
import type { Outside } from './outside.ts';

/** A region that is gone is found out in some seconds: a call of a stage has ten. */
const TABLE_TIMEOUTS = timeLimits(1_000, 2_000);
const TABLE_ATTEMPTS = 2;
const CONTROL_PLANE_TIMEOUTS = timeLimits(2_000, 4_000);
const CONTROL_PLANE_ATTEMPTS = 4;
const MAP_PATIENCE_MS = 4_000;
const LOG_TIMEOUT_MS = 8_000;

export interface ConnectFlowOptions {
  readonly flow: FlowId;
  readonly place: FlowPlace;
  readonly source: ConnectedSide;
  readonly target: ConnectedSide;
  readonly policy: ReplicationPolicy;
  /** Whether the flow is to copy a topic of its source; undefined: its configuration is not known. */
  readonly covers: ((topic: string) => Verdict) | undefined;
  readonly settings: Partial<AppendSettings>;
  /** Names this execution environment. */
  readonly invocation: string;
  readonly outside: Outside;
}

/** A flow with its table, its mappings and its hold. Connects to nothing yet. */
export function connectFlow(options: ConnectFlowOptions): RunbookFlow {
  const { flow, place, source, target, policy, covers, settings, invocation, outside } = options;
  const { offsetMapTable: tableName, offsetMapRegion } = place;
  const { clock, through } = outside;
  const table = through(
    new DynamoDBClient({ region: offsetMapRegion, requestHandler: TABLE_TIMEOUTS, maxAttempts: TABLE_ATTEMPTS }),
  );
  const lambda = through(
    new LambdaClient({
      region: place.replicateRegion,
      requestHandler: CONTROL_PLANE_TIMEOUTS,
      maxAttempts: CONTROL_PLANE_ATTEMPTS,
    }),
  );
  const registry = new DynamoDbTopicRegistry(table, tableName, flow);
  const holds = holdPorts({ flow, table, tableName, target: target.admin, clock, settings, invocation });
  const replicated = async () => [...replicatedTopics((await registry.list()).topics).values()];
  return {
    flow,
    topics: async () => (await replicated()).filter(({ topic }) => !policy.isHeartbeats(topic)),
    notTakenOn: async () => {
      if (covers === undefined) return undefined;
      const [topics, items] = await Promise.all([
        source.admin().then((cluster) => new ClusterAdmin(cluster).listTopics()),
        replicated(),
      ]);
      const known = new Map(items.map(({ topic, sourceTopicId }) => [topic, sourceTopicId]));
      const wanted = topics.filter(
        ({ name, internal }) => !internal && !policy.isHeartbeats(name) && covers(name).covered,
      );
      return wanted.filter(({ name, topicId }) => known.get(name) !== topicId).map(({ name }) => name);
    },
    mirrored: async () => {
      const names = (await replicated()).map(({ topic }) => topic);
      return mirroredTopics(policy, names);
    },
    heads: (partitions) => copiedTo(table, tableName, partitions),
    maps: new DynamoDbMapReader(table, { tableName, patienceMs: MAP_PATIENCE_MS, closedRunsMs: MAP_PATIENCE_MS }),
    hasRecords: async ({ topic, partition }, from, to) => {
      const signal = AbortSignal.timeout(LOG_TIMEOUT_MS);
      const log = new KafkaSourceLog(await source.data(), { topic, partition, signal });
      return log.hasRecords(sourceOffset(from), sourceOffset(to));
    },
    mappings: flowMappings(lambda, place.replicate),
    hold: {
      current: () => holds.holds.current(),
      hold: async (generation, kind, until, last) => {
        const { held, notBegun, notYet } = await holdFlow(holds, generation, kind, { until, last });
        return { done: held.length + notBegun.length, ...unchanged(notYet) };
      },
      lift: async (generation, until) => {
        const { lifted, notYet } = await liftFlow(holds, generation, { until });
        return { done: lifted.length, ...unchanged(notYet) };
      },
    },
  };
}

function unchanged(notYet: readonly NotYet[]): Pick<HoldChange, 'notYet' | 'partitions'> {
  return { notYet: notYet.map(({ error }) => error), partitions: notYet.flatMap(({ partition }) => partition ?? []) };
}
