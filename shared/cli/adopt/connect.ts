import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { sourceTopics, targetTopics } from '../../../functions/reconcile/topics.ts';
import { physicalName } from '../../../infra/flow/names.ts';
import { DynamoDbOffsetMap } from '../../adapters/dynamodb/head-store.ts';
import { DynamoDbTopicRegistry } from '../../adapters/dynamodb/topic-registry.ts';
import { ClusterAdmin } from '../../adapters/kafka/admin.ts';
import { ConsumerGroups } from '../../adapters/kafka/groups/consumer-groups.ts';
import { startOffsets } from '../../adapters/kafka/groups/start-offsets.ts';
import { KafkaSourceLog } from '../../adapters/kafka/source-log.ts';
import { TransactionalId, transactionalIdOf } from '../../adapters/kafka/transactional-id.ts';
import { controlPlaneClient } from '../../adapters/lambda/client.ts';
import { MappingRefusedError } from '../../adapters/lambda/errors.ts';
import { LambdaEventSourceMappings } from '../../adapters/lambda/event-source-mappings.ts';
import { lazily } from '../../adapters/lazily.ts';
import { StartNotCommittedError } from '../../adopt/errors.ts';
import type { AdoptCluster, AdoptPorts } from '../../adopt/ports.ts';
import { flowPolicy } from '../../config/flow-policy.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { CausewayError } from '../../flow/errors.ts';
import { flowName, flowOf } from '../../flow/flow.ts';
import { sourceOffset } from '../../flow/offset.ts';
import type { Mapping } from '../../reconcile/mapping.ts';
import { FlowNotDeployedError } from '../deployment-errors.ts';
import { FlowClusters } from '../flow-clusters.ts';
import { regionOf } from '../flow-region.ts';
import { adoptedLog } from './adopted-log.ts';
import { callFailed } from './call-failed.ts';
import type { AdoptQuestion } from './question.ts';
import { readEvidence } from './read-evidence.ts';
import { hasMembers } from './worker-group.ts';

const CLIENT_ID = 'causeway-adopt';

/**
 * A flow as the file has it, its offset map and its mappings, read and written from where the command is called. Connects to
 * nothing yet.
 * @throws RegionUnknownError
 */
export function adoptPorts(flow: Flow, question: AdoptQuestion, prefix: string): AdoptPorts & AsyncDisposable {
  const id = flowOf(flow);
  const name = flowName(id);
  const clusters = new FlowClusters(flow, CLIENT_ID);
  const { admin, data } = clusters;
  const cluster = (side: 'source' | 'target'): AdoptCluster => ({
    topics: () => (side === 'source' ? sourceTopics(admin.source) : targetTopics(admin.target)).list(),
    compacted: async (topics) => new ClusterAdmin(await admin[side]()).compacted(topics),
    log: async (topic, partition) => adoptedLog(await data[side](), { topic, partition, signal: undefined }, side),
  });
  const tableName = physicalName(prefix, id, 'offset-map');
  const replicate = physicalName(prefix, id, 'replicate');
  const table = new DynamoDBClient({ region: regionOf(flow, 'target') });
  const lambda = controlPlaneClient({ region: regionOf(flow, 'source') });
  const heads = new DynamoDbOffsetMap(table, { tableName });
  const registry = new DynamoDbTopicRegistry(table, tableName, id);
  const asked = <T>(right: string, answer: Promise<T>) => told(flow, `${right} of ${tableName}`, tableName, answer);
  return {
    evidence: () => {
      const { policy } = flowPolicy(flow);
      const { offsetsTopic = `mm2-offsets.${id.source}.internal` } = question;
      const location = flow.offsetSyncs.location;
      const other = location === 'source' ? id.target : id.source;
      return readEvidence({
        source: id.source,
        offsets: { cluster: data.target, topic: offsetsTopic },
        offsetSyncs: { cluster: data[location], topic: policy.offsetSyncsTopic(other) },
      });
    },
    workersRunning: async () => hasMembers(await admin.target(), question.connectGroup ?? `${id.source}-mm2`),
    source: {
      ...cluster('source'),
      leaderEpoch: async (topic, partition) =>
        (await new KafkaSourceLog(await data.source(), { topic, partition }).state()).leaderEpoch,
    },
    target: {
      ...cluster('target'),
      initProducer: async (group, partition) =>
        new TransactionalId(await data.target(), {
          transactionalId: transactionalIdOf(group, partition),
        }).initProducer(),
    },
    registry: {
      list: () => asked('dynamodb:Query', registry.list()),
      write: (expected, item) => asked('dynamodb:PutItem', registry.write(expected, item)),
    },
    mappings: () => mappingsOf(name, new LambdaEventSourceMappings(lambda, replicate, id)),
    heads: {
      read: (partition) => asked('dynamodb:GetItem', heads.read(partition)),
      write: (partition, expected, write) => asked('dynamodb:PutItem', heads.write(partition, expected, write)),
    },
    startOffsets: startOffsets(
      lazily(async () => new ConsumerGroups(await admin.source(), { toOffset: sourceOffset })),
      StartNotCommittedError,
    ),
    clock: { now: Date.now, wait: (ms) => wait(ms) },
    [Symbol.asyncDispose]: async () => {
      await clusters[Symbol.asyncDispose]();
      table.destroy();
      lambda.destroy();
    },
  };
}

/** None where the source half is not deployed yet. */
async function mappingsOf(flow: string, mappings: LambdaEventSourceMappings): Promise<readonly Mapping[]> {
  try {
    return await mappings.list();
  } catch (error) {
    if (error instanceof MappingRefusedError && error.cause instanceof ResourceNotFoundException) return [];
    throw error instanceof CausewayError ? error : callFailed(flow, 'lambda:ListEventSourceMappings', error);
  }
}

async function told<T>(flow: Flow, right: string, tableName: string, answer: Promise<T>): Promise<T> {
  const name = flowName(flowOf(flow));
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CausewayError) throw error;
    if (error instanceof Error && error.name === 'ResourceNotFoundException') {
      const { region = 'its region' } = flow.target;
      const missing = { flow: name, thing: `table ${tableName}`, region, half: 'target' } as const;
      throw new FlowNotDeployedError(missing, error, 'Nothing was changed: what is taken over is noted in that table.');
    }
    throw callFailed(name, right, error);
  }
}
