import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { resolveSecret } from '../../shared/adapters/aws/secrets.ts';
import { timeLimits } from '../../shared/adapters/aws/time-limits.ts';
import { DynamoDbMapReader } from '../../shared/adapters/dynamodb/read-map/reader.ts';
import { DynamoDbTopicRegistry } from '../../shared/adapters/dynamodb/topic-registry.ts';
import { connectCluster } from '../../shared/adapters/kafka/connect.ts';
import { ConsumerGroups } from '../../shared/adapters/kafka/groups/consumer-groups.ts';
import { lazily } from '../../shared/adapters/lazily.ts';
import { Translator } from '../../shared/client/translate/translator.ts';
import { flowPolicy } from '../../shared/config/flow-policy.ts';
import type { FlowEnd } from '../../shared/config/flow-schema.ts';
import { flowOf } from '../../shared/flow/flow.ts';
import { sourceOffset, targetOffset } from '../../shared/flow/offset.ts';
import type { MapEnvironment } from '../environment.ts';
import { readLastCheckpoints } from './checkpoints.ts';

const CLIENT_ID = 'causeway-translate';
const TABLE_TIMEOUTS = timeLimits(1_000, 2_000);
/** A lost region is not to be waited for longer: the map answers without it, and checkpoints stand in for its groups. */
const CLUSTER_TIMEOUT_MS = 4_000;
const MAP_PATIENCE_MS = 5_000;

/** A translator of the flow. Clusters are connected, and their secrets read, when they are first asked. */
export function wire({ FLOW, OFFSET_MAP_TABLE: tableName, OFFSET_MAP_REGION: region }: MapEnvironment): Translator {
  const { source, target } = FLOW;
  const flow = flowOf(FLOW);
  const table = new DynamoDBClient({ region, requestHandler: TABLE_TIMEOUTS });
  const checkpointsTopic = flowPolicy(FLOW).policy.checkpointsTopic(source.alias);
  const reader = lazily(() => connectCluster(target, target.data, resolveSecret, CLIENT_ID));
  return new Translator({
    flow,
    registry: new DynamoDbTopicRegistry(table, tableName, flow),
    maps: new DynamoDbMapReader(table, { tableName, patienceMs: MAP_PATIENCE_MS, closedRunsMs: MAP_PATIENCE_MS }),
    source: groupsOf(source, sourceOffset),
    target: groupsOf(target, targetOffset),
    checkpoints: async (group) => readLastCheckpoints(await reader(), checkpointsTopic, group),
  });
}

function groupsOf<O extends number>(end: FlowEnd, toOffset: (value: number) => O) {
  return lazily(async () => {
    const cluster = await connectCluster(end, end.admin, resolveSecret, CLIENT_ID);
    return new ConsumerGroups(cluster, { toOffset, timeoutMs: CLUSTER_TIMEOUT_MS });
  });
}
