import { type SourceOffset, sourceOffset, type TargetOffset, targetOffset } from '../flow/offset.ts';
import type { EncodedRecord, RawRecord } from './record.ts';
import { StructReader, StructWriter } from './struct.ts';
import type { TopicPartition } from './topic-partition.ts';

/** One known pair of offsets: the record at `upstreamOffset` stands at `downstreamOffset`. `topic` is the source's name. */
export interface OffsetSync extends TopicPartition {
  readonly upstreamOffset: SourceOffset;
  readonly downstreamOffset: TargetOffset;
}

const KEY = { kind: 'offset sync', part: 'key' } as const;
const VALUE = { kind: 'offset sync', part: 'value' } as const;

/** For partition 0 of the flow's offset-syncs topic. This format has no version. @throws UnwritableMirrorRecordError */
export function encodeOffsetSync(sync: OffsetSync): EncodedRecord {
  return {
    key: new StructWriter(KEY).string('topic', sync.topic).int32(sync.partition).bytes(),
    value: new StructWriter(VALUE).int64(sync.upstreamOffset).int64(sync.downstreamOffset).bytes(),
  };
}

/** @throws MalformedMirrorRecordError */
export function decodeOffsetSync(record: RawRecord): OffsetSync {
  const key = new StructReader(KEY, record.key);
  const topic = key.string('topic');
  const partition = key.partition('partition');
  const value = new StructReader(VALUE, record.value);
  const upstreamOffset = sourceOffset(value.offset('upstreamOffset'));
  return { topic, partition, upstreamOffset, downstreamOffset: targetOffset(value.offset('offset')) };
}
