import { DynamoDbQuarantine } from '../../../adapters/dynamodb/quarantine.ts';
import { readLedger } from '../../../adapters/dynamodb/read-ledger.ts';
import { DynamoDbTopicRegistry } from '../../../adapters/dynamodb/topic-registry.ts';
import { ClusterAdmin, type TopicConfig } from '../../../adapters/kafka/admin.ts';
import type { KafkaCluster } from '../../../adapters/kafka/cluster.ts';
import { UnknownTopicError } from '../../../adapters/kafka/errors.ts';
import type { Flow } from '../../../config/flow-schema.ts';
import { flowOf } from '../../../flow/flow.ts';
import type { RepairPorts } from '../../../ledger/repair/ports.ts';
import type { Destination } from '../../../ledger/repair/repair.ts';
import { BatchEncoder } from '../../../records/batch.ts';
import { codecs } from '../../../records/codec.ts';
import { encodeOriginHeader } from '../../../records/headers.ts';
import { FlowClusters } from '../../flow-clusters.ts';
import { offsetMapTable } from '../../offset-map-table.ts';
import { DestinationWriter } from './destination-writer.ts';

const CLIENT_ID = 'causeway-repair';
const SAFE = 'What was written before is noted: another call goes on after it.';
const CONFIGS = ['max.message.bytes', 'cleanup.policy', 'message.timestamp.type', 'retention.ms'];
/** Who a batch is of makes no difference to its size. */
const NOBODY = { producerId: -1n, epoch: -1 };

/**
 * A flow's offset map and its target, read and written from where the command is called. Connects to nothing yet.
 * @throws RegionUnknownError
 */
export function repairPorts(flow: Flow, prefix: string): RepairPorts & AsyncDisposable {
  const id = flowOf(flow);
  const clusters = new FlowClusters(flow, CLIENT_ID);
  const { tableName, open, read } = offsetMapTable(flow, prefix);
  const table = open();
  const stored = new DynamoDbQuarantine(table, tableName);
  const query = <T>(ask: () => Promise<T>) => read('dynamodb:Query', ask, SAFE);
  const encoder = new BatchEncoder({
    codec: codecs[flow.compression],
    // As every copy of such a flow, so that a flow back does not carry them home.
    origin: flow.policy.kind === 'identity' ? encodeOriginHeader(id.source) : undefined,
  });
  const writer = new DestinationWriter(clusters.data.target, id, encoder);
  return {
    topics: async () => (await query(() => new DynamoDbTopicRegistry(table, tableName, id).list())).topics,
    ledger: (topics) => query(() => readLedger(table, tableName, id, topics)),
    setAside: {
      read: (partition, offset) => query(() => stored.read(partition, offset)),
      repairs: (partition, offset) => query(() => stored.repairs(partition, offset)),
      noteRepair: (partition, offset, repair) =>
        read('dynamodb:PutItem', () => stored.noteRepair(partition, offset, repair), SAFE),
    },
    destination: async (topic) => destinationOf(await clusters.admin.target(), topic),
    sizeOf: (record) => encoder.encode([record], NOBODY, 0).length,
    write: (topic, partition, record) => writer.write(topic, partition, record),
    now: Date.now,
    [Symbol.asyncDispose]: async () => {
      await clusters[Symbol.asyncDispose]();
      table.destroy();
    },
  };
}

async function destinationOf(cluster: KafkaCluster, topic: string): Promise<Destination | undefined> {
  try {
    const { partitions } = await cluster.topic(topic, true);
    const described = await new ClusterAdmin(cluster).describeTopicConfigs([topic], CONFIGS);
    return { partitions: partitions.size, ...settingsOf(described.get(topic)) };
  } catch (error) {
    if (error instanceof UnknownTopicError) return undefined;
    throw error;
  }
}

function settingsOf(configs: ReadonlyMap<string, TopicConfig> | undefined): Omit<Destination, 'partitions'> {
  const value = (name: string) => configs?.get(name)?.value ?? undefined;
  const policies = value('cleanup.policy')?.split(',') ?? [];
  const retentionMs = Number(value('retention.ms') ?? -1);
  return {
    maxMessageBytes: Number(value('max.message.bytes')),
    compacted: policies.includes('compact'),
    keepsTimestamps: value('message.timestamp.type') !== 'LogAppendTime',
    retentionMs: policies.includes('delete') && retentionMs >= 0 ? retentionMs : undefined,
  };
}
