import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { resolveSecret } from '../../shared/adapters/aws/secrets.ts';
import { timeLimits } from '../../shared/adapters/aws/time-limits.ts';
import { DynamoDbOffsetMap } from '../../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbReconcileNotes } from '../../shared/adapters/dynamodb/reconcile-notes.ts';
import { DynamoDbTopicRegistry } from '../../shared/adapters/dynamodb/topic-registry.ts';
import { connectCluster } from '../../shared/adapters/kafka/connect.ts';
import { ConsumerGroups } from '../../shared/adapters/kafka/groups/consumer-groups.ts';
import { startOffsets } from '../../shared/adapters/kafka/groups/start-offsets.ts';
import { controlPlaneClient } from '../../shared/adapters/lambda/client.ts';
import { LambdaEventSourceMappings } from '../../shared/adapters/lambda/event-source-mappings.ts';
import { invokeLater } from '../../shared/adapters/lambda/invoke-later.ts';
import { lazily } from '../../shared/adapters/lazily.ts';
import { flowPolicy } from '../../shared/config/flow-policy.ts';
import type { Schedule as FlowSchedule } from '../../shared/config/flow-schema.ts';
import { flowOf } from '../../shared/flow/flow.ts';
import { sourceOffset } from '../../shared/flow/offset.ts';
import { BeginNotCommittedError } from '../../shared/reconcile/errors.ts';
import type { ReconcilePorts } from '../../shared/reconcile/ports.ts';
import type { Producers } from '../../shared/reconcile/renew.ts';
import type { Schedule, Wanted } from '../../shared/reconcile/wanted.ts';
import { systemClock } from '../clock.ts';
import type { ReconcileEnvironment } from './environment.ts';
import { partitionProducers } from './producers.ts';
import { sourceTopics, targetTopics } from './topics.ts';

const HOUR_MS = 3_600_000;
const CLIENT_ID = 'causeway-reconcile';
/** DynamoDB answers in milliseconds; a target region that does not is not to be waited for when its source is taken down. */
const TABLE_TIMEOUTS = timeLimits(2_000, 5_000);

/**
 * Everything that `reconcile` is made of. The clusters are connected, and their secrets read, when topics are first
 * asked for: removing what was made must work without them.
 */
export function wire(environment: ReconcileEnvironment): {
  readonly wanted: Wanted;
  readonly ports: ReconcilePorts;
  readonly producers: Producers;
  readonly invokeLater: (functionName: string, event: object) => Promise<void>;
} {
  const configuration = environment.FLOW.flow;
  const { source, target, replicationFactor } = configuration;
  const flow = flowOf(configuration);
  const policy = flowPolicy(configuration);
  const table = new DynamoDBClient({ region: environment.OFFSET_MAP_REGION, requestHandler: TABLE_TIMEOUTS });
  const tableName = environment.OFFSET_MAP_TABLE;
  const lambda = controlPlaneClient();
  const sourceCluster = lazily(() => connectCluster(source, source.admin, resolveSecret, CLIENT_ID));
  const targetCluster = lazily(() => connectCluster(target, target.admin, resolveSecret, CLIENT_ID));
  return {
    wanted: {
      flow,
      topics: { covers: (topic) => policy.covers(topic).covered, remoteTopic: policy.remoteTopic },
      ...environment.MAPPING,
      drainMs: environment.DRAIN_MS,
      replicationFactor,
      twoWay: environment.TWO_WAY,
      configs: {
        rules: {
          covers: (name) => policy.coversConfigProperty(name).covered,
          useDefaultsFrom: configuration.configProperties.useDefaultsFrom,
        },
        sync: schedule(configuration.syncTopicConfigs),
      },
      deletedTopics: {
        action: configuration.deletedTopics.action,
        graceMs: configuration.deletedTopics.graceHours * HOUR_MS,
      },
      acls: {
        deleteRevoked: configuration.syncTopicAcls.deleteRevoked,
        sync: schedule(configuration.syncTopicAcls),
      },
    },
    ports: {
      source: sourceTopics(sourceCluster),
      target: targetTopics(targetCluster),
      mappings: new LambdaEventSourceMappings(lambda, environment.REPLICATE_FUNCTION, flow),
      startOffsets: startOffsets(
        lazily(async () => new ConsumerGroups(await sourceCluster(), { toOffset: sourceOffset })),
        BeginNotCommittedError,
      ),
      registry: new DynamoDbTopicRegistry(table, tableName, flow),
      notes: new DynamoDbReconcileNotes(table, tableName, flow),
      clock: systemClock,
    },
    producers: partitionProducers({
      heads: new DynamoDbOffsetMap(table, { tableName }),
      clock: systemClock,
      settings: {
        producerExpiryMs: configuration.producerIdExpirationMs,
        latenessBoundMs: configuration.latenessBoundMs,
      },
      target: targetCluster,
      invocation: randomUUID(),
    }),
    invokeLater: (functionName, event) => invokeLater(lambda, functionName, event),
  };
}

function schedule({ enabled, intervalSeconds }: FlowSchedule): Schedule {
  return { enabled, intervalMs: intervalSeconds * 1_000 };
}
