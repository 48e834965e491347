import { type FlowPartition, flowName } from '../../flow/flow.ts';
import type { KafkaRecord, RecordHeader } from '../../records/record.ts';

/** Headers of a repaired record, named as `origin-dc` is: which record of which flow it is. Each is UTF-8 text. */
export const ORIGIN_HEADERS = {
  flow: 'origin-flow',
  topic: 'origin-topic',
  generation: 'origin-generation',
  partition: 'origin-partition',
  offset: 'origin-offset',
} as const;

/** The record as it is, and headers after its own: where all five agree it is the same record. */
export function withOrigin(record: KafkaRecord, { flow, topic, generation, partition }: FlowPartition): KafkaRecord {
  const header = (name: keyof typeof ORIGIN_HEADERS, value: string | number): RecordHeader => {
    return { [ORIGIN_HEADERS[name]]: [...Buffer.from(String(value))] };
  };
  const added = [
    header('flow', flowName(flow)),
    header('topic', topic),
    header('generation', generation),
    header('partition', partition),
    header('offset', record.offset),
  ];
  return { ...record, headers: [...(record.headers ?? []), ...added] };
}
