import type { KafkaCluster } from '../../adapters/kafka/cluster.ts';
import { readLog } from '../../adapters/kafka/read-log.ts';
import { CommittedRecords } from '../../adopt/committed-records.ts';
import { Evidence } from '../../adopt/evidence.ts';
import type { RawRecord } from '../../mm2/record.ts';
import { decodeBatches } from '../../records/decode.ts';

export interface TopicOfCluster {
  readonly cluster: () => Promise<KafkaCluster>;
  readonly topic: string;
}

export interface EvidenceTopics {
  /** Alias of the source. */
  readonly source: string;
  /** Kafka Connect's source offsets. */
  readonly offsets: TopicOfCluster;
  readonly offsetSyncs: TopicOfCluster;
}

/** All that MirrorMaker 2 wrote down of a flow; nothing where its topics are not there. @throws CausewayError */
export async function readEvidence({ source, offsets, offsetSyncs }: EvidenceTopics): Promise<Evidence> {
  const evidence = new Evidence(source);
  await readTopic(offsets, (record) => evidence.addOffset(record));
  await readTopic(offsetSyncs, (record) => evidence.addSync(record));
  return evidence;
}

async function readTopic({ cluster: connect, topic }: TopicOfCluster, take: (record: RawRecord) => void) {
  const cluster = await connect();
  const { topics } = await cluster.metadata([topic]);
  for (const partition of topics.get(topic)?.partitions.keys() ?? []) {
    const committed = new CommittedRecords();
    for await (const { log } of readLog(cluster, { topic, partition, signal: undefined }, 0))
      for (const batch of decodeBatches(log)) for (const record of committed.take(batch)) take(record);
  }
}
