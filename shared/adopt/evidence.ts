import type { CausewayError } from '../flow/errors.ts';
import { decodeConnectOffset } from '../mm2/connect-offset.ts';
import { MalformedMirrorRecordError } from '../mm2/errors.ts';
import { decodeOffsetSync, type OffsetSync } from '../mm2/offset-sync.ts';
import type { RawRecord } from '../mm2/record.ts';
import { describeTopicPartition, type TopicPartition } from '../mm2/topic-partition.ts';

/** What MirrorMaker 2 wrote down of one partition of the source. */
export interface PartitionEvidence {
  /** Offset of the last record that Kafka Connect knows to be copied; undefined: it recorded none. */
  readonly recorded: number | undefined;
  /** In the order written. */
  readonly syncs: readonly OffsetSync[];
}

/** What MirrorMaker 2 wrote down of a flow: its Connect source offsets and its offset syncs. */
export class Evidence {
  /** Records of these topics that are not MirrorMaker 2's. */
  readonly foreign: CausewayError[] = [];
  readonly #cluster: string;
  readonly #connectors = new Map<string, number>();
  readonly #recorded = new Map<string, Map<string, number>>();
  readonly #syncs = new Map<string, OffsetSync[]>();

  /** @param cluster alias of the source */
  constructor(cluster: string) {
    this.#cluster = cluster;
  }

  /** The next record of the Connect offsets topic, partition by partition. Null forgets what was recorded. */
  addOffset(record: RawRecord): void {
    const found = this.#decode(() => decodeConnectOffset(record));
    if (found?.kind !== 'source' || found.partition.cluster !== this.#cluster) return;
    const { connector, offset, partition } = found;
    this.#connectors.set(connector, (this.#connectors.get(connector) ?? 0) + 1);
    const key = describeTopicPartition(partition);
    const ofPartition = this.#recorded.get(key) ?? new Map<string, number>();
    this.#recorded.set(key, ofPartition);
    if (offset === null) ofPartition.delete(connector);
    else ofPartition.set(connector, offset);
  }

  /** The next record of the offset syncs topic. */
  addSync(record: RawRecord): void {
    const sync = this.#decode(() => decodeOffsetSync(record));
    if (sync === undefined) return;
    const key = describeTopicPartition(sync);
    const ofPartition = this.#syncs.get(key);
    if (ofPartition) ofPartition.push(sync);
    else this.#syncs.set(key, [sync]);
  }

  /** Names of the connectors that have recorded offsets of this source: more than one if it was renamed. */
  get connectors(): readonly string[] {
    return [...this.#connectors.keys()];
  }

  /** Where connectors of several names recorded offsets, the furthest: each had copied up to its own. */
  of(partition: TopicPartition): PartitionEvidence {
    const key = describeTopicPartition(partition);
    const recorded = [...(this.#recorded.get(key)?.values() ?? [])];
    return {
      recorded: recorded.length === 0 ? undefined : Math.max(...recorded),
      syncs: this.#syncs.get(key) ?? [],
    };
  }

  #decode<T>(decode: () => T): T | undefined {
    try {
      return decode();
    } catch (error) {
      if (!(error instanceof MalformedMirrorRecordError)) throw error;
      this.foreign.push(error);
      return undefined;
    }
  }
}
