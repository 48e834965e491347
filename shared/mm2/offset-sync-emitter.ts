import { advance } from '../flow/offset.ts';
import type { Run } from '../offsets/head.ts';
import type { OffsetSync } from './offset-sync.ts';
import { afterRecords, firstToSync, type SyncState } from './offset-sync-rule.ts';
import { describeTopicPartition, type TopicPartition } from './topic-partition.ts';

/** How many offset syncs of a MirrorMaker 2 task may wait for their acknowledgement (Kafka 4.1). */
const MAX_IN_FLIGHT = 10;

/**
 * Chooses the offset syncs to write as a task of MirrorMaker 2 does. Records that its rule chooses are *pending* until
 * there is room in flight; of the others the newest of each partition is *delayed* until the next commit. A partition
 * has one pending sync at most, the newest.
 */
export class OffsetSyncEmitter {
  readonly #offsetLagMax: number;
  readonly #maxInFlight: number;
  readonly #states = new Map<string, SyncState>();
  readonly #pending = new Map<string, OffsetSync>();
  readonly #delayed = new Map<string, OffsetSync>();
  #inFlight = 0;

  /**
   * @param offsetLagMax `offset.lag.max`, records; 0 chooses every record
   * @param maxInFlight Infinity: who writes many at once need not say when they are answered
   */
  constructor(offsetLagMax: number, maxInFlight = MAX_IN_FLIGHT) {
    this.#offsetLagMax = offsetLagMax;
    this.#maxInFlight = maxInFlight;
  }

  /** Records were appended to the target. @returns the syncs to write now, in order */
  acknowledged(of: TopicPartition, run: Run): readonly OffsetSync[] {
    const key = describeTopicPartition(of);
    const toWrite: OffsetSync[] = [];
    for (let rest = run; rest.length > 0; ) {
      const before = this.#states.get(key);
      const chosen = firstToSync(before, rest, this.#offsetLagMax);
      const count = chosen === undefined ? rest.length : chosen + 1;
      const state = afterRecords(before, rest, count, chosen !== undefined);
      this.#states.set(key, state);
      const { topic, partition } = of;
      const sync = { topic, partition, upstreamOffset: state.upstream, downstreamOffset: state.downstream };
      if (chosen === undefined) this.#delayed.set(key, sync);
      else {
        this.#delayed.delete(key);
        this.#pending.set(key, sync);
        toWrite.push(...this.#takePending());
      }
      rest = { source: advance(rest.source, count), target: advance(rest.target, count), length: rest.length - count };
    }
    return [...toWrite, ...this.#takePending()];
  }

  /**
   * The source offsets were committed, which MirrorMaker 2 does each minute.
   * @param of of one partition; by default of all
   * @returns the syncs to write now
   */
  committed(of?: TopicPartition): readonly OffsetSync[] {
    for (const key of of ? [describeTopicPartition(of)] : this.#delayed.keys()) {
      const sync = this.#delayed.get(key);
      if (sync) this.#pending.set(key, sync);
      this.#delayed.delete(key);
    }
    return this.#takePending();
  }

  /** A sync that was to be written is in the log, or has failed: MirrorMaker 2 does not write it again. */
  answered(): void {
    this.#inFlight = Math.max(0, this.#inFlight - 1);
  }

  #takePending(): readonly OffsetSync[] {
    const taken: OffsetSync[] = [];
    for (const [key, sync] of this.#pending) {
      if (this.#inFlight >= this.#maxInFlight) break;
      this.#inFlight++;
      this.#pending.delete(key);
      taken.push(sync);
    }
    return taken;
  }
}
