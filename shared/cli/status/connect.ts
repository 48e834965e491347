import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { physicalName } from '../../../infra/flow/names.ts';
import { timeLimits } from '../../adapters/aws/time-limits.ts';
import { partitionKey } from '../../adapters/dynamodb/keys.ts';
import { readHeads } from '../../adapters/dynamodb/read-map/heads.ts';
import { DynamoDbMapReader } from '../../adapters/dynamodb/read-map/reader.ts';
import { DynamoDbTopicRegistry } from '../../adapters/dynamodb/topic-registry.ts';
import type { KafkaCluster } from '../../adapters/kafka/cluster.ts';
import { ConsumerGroups } from '../../adapters/kafka/groups/consumer-groups.ts';
import { ONE_BATCH, readLog } from '../../adapters/kafka/read-log.ts';
import { lazily } from '../../adapters/lazily.ts';
import { flowPolicy } from '../../config/flow-policy.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { flowName, flowOf } from '../../flow/flow.ts';
import { sourceOffset, targetOffset } from '../../flow/offset.ts';
import { compileNameList } from '../../policy/name-list.ts';
import { HEARTBEATS_TOPIC } from '../../policy/replication-policy.ts';
import { decodeBatches } from '../../records/decode.ts';
import { callFailed } from '../deployment-errors.ts';
import { FlowClusters } from '../flow-clusters.ts';
import { regionOf } from '../flow-region.ts';
import { CheckpointsReader } from './checkpointed-groups.ts';
import { readDeployed } from './deployed.ts';
import type { RecordPlace, StatusPorts } from './ports.ts';

const CLIENT_ID = 'causeway-status';
const TIMEOUT_MS = 8_000;
const TABLE_TIMEOUTS = timeLimits(3_000, 5_000);

/**
 * A flow as the file has it, read from where the command is called. Connects to nothing yet.
 * @param back the same pair the other way round, which writes the heartbeats of the source
 */
export function statusPorts(flow: Flow, back: Flow | undefined, prefix: string): StatusPorts & AsyncDisposable {
  const id = flowOf(flow);
  const { policy, covers, remoteTopic } = flowPolicy(flow);
  const tableName = physicalName(prefix, id, 'offset-map');
  const table = () =>
    new DynamoDBClient({ region: regionOf(flow, 'target'), requestHandler: TABLE_TIMEOUTS, maxAttempts: 2 });
  const fromTable = async <T>(right: string, read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      const { region = 'its region' } = flow.target;
      throw callFailed({ flow: flowName(id), thing: `table ${tableName}`, region, half: 'target' }, right, error);
    }
  };
  const clusters = new FlowClusters(flow, CLIENT_ID);
  const { admin, data } = clusters;
  const groups = <O extends number>(cluster: () => Promise<KafkaCluster>, toOffset: (value: number) => O) =>
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
    heartbeatMs: back?.emitHeartbeats.enabled ? back.emitHeartbeats.intervalSeconds * 1_000 : undefined,
    lastCheckpoints: () => checkpoints.read(),
    sourceTopics: async () => {
      const { topics } = await (await admin.source()).metadata('all', AbortSignal.timeout(TIMEOUT_MS));
      return [...topics.values()].filter(({ internal }) => !internal).map(({ name }) => name);
    },
    recordTime: async (side, place) => recordTime(await data[side](), place),
    deployed: () => readDeployed(flow, prefix),
    keepsCopies: flow.deletedTopics.action === 'keep',
    now: () => Date.now(),
    wait: (ms) => wait(ms),
    [Symbol.asyncDispose]: () => clusters[Symbol.asyncDispose](),
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
