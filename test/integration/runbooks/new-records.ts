import type { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { readLog } from '../../../shared/adapters/kafka/read-log.ts';
import type { TopicPartition } from '../../../shared/mm2/topic-partition.ts';
import { decodeBatches } from '../../../shared/records/decode.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';

/** Records from an offset on, as Lambda's poller puts them into an event. Nobody writes transactions here. */
export async function newRecords(
  cluster: KafkaCluster,
  { topic, partition }: TopicPartition,
  from: number,
): Promise<KafkaRecord[]> {
  const found: KafkaRecord[] = [];
  for await (const { log } of readLog(cluster, { topic, partition, signal: undefined }, from))
    for (const { header, records } of decodeBatches(log))
      for (const { offset, timestamp, key, value } of header.control ? [] : records)
        if (offset >= from) {
          const text = { key: key?.toString('base64') ?? null, value: value?.toString('base64') ?? null };
          found.push({ topic, partition, offset, timestamp, timestampType: 'CREATE_TIME', ...text, headers: [] });
        }
  return found;
}
