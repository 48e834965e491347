import { type SourceOffset, sourceOffset, type TargetOffset, targetOffset } from '../flow/offset.ts';
import type { EncodedRecord, RawRecord } from './record.ts';
import { StructReader, StructWriter } from './struct.ts';
import type { TopicPartition } from './topic-partition.ts';

/** Whose checkpoint it is. `topic` is the name on the target. */
export interface CheckpointKey extends TopicPartition {
  readonly group: string;
}

/** Where a consumer group of a flow's source goes on reading a partition on its target. */
export interface Checkpoint extends CheckpointKey {
  /** The group's committed offset on the source. */
  readonly upstreamOffset: SourceOffset;
  /** The same place in the remote topic. */
  readonly downstreamOffset: TargetOffset;
  /** What the group committed along with its offset; empty if nothing. */
  readonly metadata: string;
}

const KEY = { kind: 'checkpoint', part: 'key' } as const;
const VALUE = { kind: 'checkpoint', part: 'value' } as const;
const VERSION = 0;

/**
 * For partition 0 of the flow's checkpoints topic, with the time that it was made as the record's timestamp.
 * @throws UnwritableMirrorRecordError
 */
export function encodeCheckpoint(checkpoint: Checkpoint): EncodedRecord {
  return {
    key: new StructWriter(KEY)
      .string('group', checkpoint.group)
      .string('topic', checkpoint.topic)
      .int32(checkpoint.partition)
      .bytes(),
    value: new StructWriter(VALUE)
      .int16(VERSION)
      .int64(checkpoint.upstreamOffset)
      .int64(checkpoint.downstreamOffset)
      .string('metadata', checkpoint.metadata)
      .bytes(),
  };
}

/** @throws MalformedMirrorRecordError */
export function decodeCheckpoint(record: RawRecord): Checkpoint {
  const value = new StructReader(VALUE, record.value);
  value.version(VERSION);
  const upstreamOffset = sourceOffset(value.offset('upstreamOffset'));
  const downstreamOffset = targetOffset(value.offset('offset'));
  const metadata = value.string('metadata');
  return { ...decodeCheckpointKey(record.key), upstreamOffset, downstreamOffset, metadata };
}

/** Whose checkpoint a tombstone takes away. @throws MalformedMirrorRecordError */
export function decodeCheckpointKey(bytes: Buffer | null): CheckpointKey {
  const key = new StructReader(KEY, bytes);
  return { group: key.string('group'), topic: key.string('topic'), partition: key.partition('partition') };
}
