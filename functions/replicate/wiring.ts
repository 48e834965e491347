import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { resolveSecret } from '../../shared/adapters/aws/secrets.ts';
import { timeLimits } from '../../shared/adapters/aws/time-limits.ts';
import { DynamoDbOffsetMap } from '../../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbQuarantine } from '../../shared/adapters/dynamodb/quarantine.ts';
import { DynamoDbTopicRegistry } from '../../shared/adapters/dynamodb/topic-registry.ts';
import { ClusterAdmin } from '../../shared/adapters/kafka/admin.ts';
import { connectCluster } from '../../shared/adapters/kafka/connect.ts';
import { KafkaSourceLog } from '../../shared/adapters/kafka/source-log.ts';
import { KafkaTargetLog } from '../../shared/adapters/kafka/target-log.ts';
import { transactionalIdOf } from '../../shared/adapters/kafka/transactional-id.ts';
import type { AppendObserver } from '../../shared/append/context.ts';
import type { FlowId } from '../../shared/flow/flow.ts';
import { compileNameList } from '../../shared/policy/name-list.ts';
import { BatchEncoder } from '../../shared/records/batch.ts';
import { codecs } from '../../shared/records/codec.ts';
import { encodeOriginHeader, originatesFrom } from '../../shared/records/headers.ts';
import { type OffsetSyncObserver, OffsetSyncs } from '../../shared/replicate/offset-syncs.ts';
import { ToldHeads } from '../../shared/replicate/told-heads.ts';
import { systemClock } from '../clock.ts';
import type { ReplicateEnvironment } from './environment.ts';
import { FlowPartitions, type TopicFacts } from './flow-partitions.ts';
import { offsetSyncsTopic } from './offset-syncs-topic.ts';

const CLIENT_ID = 'causeway-replicate';
/** DynamoDB answers in milliseconds; a request that does not is better sent again. */
const TABLE_TIMEOUTS = timeLimits(2_000, 3_000);
/** The protocol asks again by itself, and knows when the invocation's time is up. */
const TABLE_ATTEMPTS = 2;
/** The longest that one request to a broker takes, and the write of HEAD after it. */
const RESERVE_MS = 12_000;

export interface ReplicateWiring {
  readonly partitions: FlowPartitions;
  /** Whether a topic has metrics of its own (`causeway.metrics.topics`). */
  readonly isMeasured: (topic: string) => boolean;
  /** Undefined unless the flow writes them. */
  readonly offsetSyncs: OffsetSyncs | undefined;
}

/** Everything that `replicate` is made of. Reads the clusters' secrets; connects to neither of them yet. */
export async function wire(
  environment: ReplicateEnvironment,
  observer: AppendObserver,
  offsetSyncObserver: OffsetSyncObserver,
): Promise<ReplicateWiring> {
  const configuration = environment.FLOW;
  const { source: from, target: to, policy } = configuration;
  const flow: FlowId = { source: from.alias, target: to.alias };
  const [source, target] = await Promise.all([
    connectCluster(from, from.data, resolveSecret, CLIENT_ID),
    connectCluster(to, to.data, resolveSecret, CLIENT_ID),
  ]);
  const table = new DynamoDBClient({
    region: environment.OFFSET_MAP_REGION,
    requestHandler: TABLE_TIMEOUTS,
    maxAttempts: TABLE_ATTEMPTS,
  });
  const tableName = environment.OFFSET_MAP_TABLE;
  const heads = new DynamoDbOffsetMap(table, { tableName });
  const { enabled, lagMax: offsetLagMax } = configuration.offsetSyncs;
  const log = enabled ? offsetSyncsTopic(configuration) : undefined;
  const offsetSyncs = log && new OffsetSyncs({ offsetLagMax, log, now: Date.now, observer: offsetSyncObserver });
  const keepsNames = policy.kind === 'identity';
  const encoder = new BatchEncoder({
    codec: codecs[configuration.compression],
    origin: keepsNames ? encodeOriginHeader(flow.source) : undefined,
  });
  const partitions = new FlowPartitions({
    flow,
    registry: new DynamoDbTopicRegistry(table, tableName, flow),
    heads: offsetSyncs ? new ToldHeads(heads, (partition, runs) => offsetSyncs.landed(partition, runs)) : heads,
    quarantine: new DynamoDbQuarantine(table, tableName),
    clock: systemClock,
    observer,
    settings: {
      producerExpiryMs: configuration.producerIdExpirationMs,
      latenessBoundMs: configuration.latenessBoundMs,
      recordTooLarge: configuration.recordTooLarge,
      reserveMs: RESERVE_MS,
    },
    shared: environment.TWO_WAY,
    leavesOut: keepsNames ? originatesFrom(flow.target) : undefined,
    facts: async ({ topic, remoteTopic }, signal): Promise<TopicFacts> => {
      const [compacted, maxMessageBytes] = await Promise.all([
        new ClusterAdmin(source, { signal }).compacted([topic]),
        new ClusterAdmin(target, { signal }).maxMessageBytes(remoteTopic),
      ]);
      return { sparse: keepsNames || compacted.has(topic), maxMessageBytes };
    },
    targetLog: ({ remoteTopic, consumerGroup }, partition, { maxMessageBytes }, signal) =>
      new KafkaTargetLog(target, {
        topic: remoteTopic,
        partition,
        transactionalId: transactionalIdOf(consumerGroup, partition),
        encoder,
        maxMessageBytes,
        signal,
      }),
    sourceLog: ({ topic }, partition, signal) => new KafkaSourceLog(source, { topic, partition, signal }),
  });
  return { partitions, offsetSyncs, isMeasured: compileNameList(configuration.metrics.topics).matches };
}
