import { type Checkpoint, decodeCheckpoint, decodeCheckpointKey } from './checkpoint.ts';
import { isDue } from './checkpoint-rule.ts';
import { MalformedMirrorRecordError } from './errors.ts';
import type { RawRecord } from './record.ts';
import { describeTopicPartition } from './topic-partition.ts';

/** The last checkpoint of each group and topic partition: what a checkpoints topic says once it is compacted. */
export class LatestCheckpoints {
  readonly #groups = new Map<string, Map<string, Checkpoint>>();

  /**
   * Takes in the next record of a checkpoints topic. A tombstone takes a checkpoint away, as compaction will;
   * MirrorMaker 2 writes none.
   * @returns why the record was passed over, undefined if it was not
   */
  read(record: RawRecord): MalformedMirrorRecordError | undefined {
    try {
      this.#read(record);
      return undefined;
    } catch (error) {
      if (error instanceof MalformedMirrorRecordError) return error;
      throw error;
    }
  }

  /** `checkpoint` was written. */
  written(checkpoint: Checkpoint): void {
    const partitions = this.#groups.get(checkpoint.group) ?? new Map<string, Checkpoint>();
    partitions.set(describeTopicPartition(checkpoint), checkpoint);
    this.#groups.set(checkpoint.group, partitions);
  }

  /** Those that MirrorMaker 2 would write now. They count as written only once `written` is told. */
  due(checkpoints: readonly Checkpoint[]): readonly Checkpoint[] {
    return checkpoints.filter((next) => isDue(this.#groups.get(next.group)?.get(describeTopicPartition(next)), next));
  }

  groups(): Iterable<string> {
    return this.#groups.keys();
  }

  /** All checkpoints of a group, one a topic partition. */
  of(group: string): readonly Checkpoint[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }

  #read(record: RawRecord): void {
    if (record.value !== null) {
      this.written(decodeCheckpoint(record));
      return;
    }
    const key = decodeCheckpointKey(record.key);
    const partitions = this.#groups.get(key.group);
    partitions?.delete(describeTopicPartition(key));
    if (partitions?.size === 0) this.#groups.delete(key.group);
  }
}
