import type { MirrorLog } from '../mm2/mirror-log.ts';
import { encodeOffsetSync, type OffsetSync } from '../mm2/offset-sync.ts';
import { OffsetSyncEmitter } from '../mm2/offset-sync-emitter.ts';
import { describeTopicPartition, type TopicPartition } from '../mm2/topic-partition.ts';
import type { Run } from '../offsets/head.ts';

/** Told what has become of offset syncs. */
export interface OffsetSyncObserver {
  written(count: number): void;
  /** They are not written later. `error` is undefined when no attempt was made: the last one failed, or time is short. */
  lost(count: number, error: unknown): void;
}

export interface OffsetSyncOptions {
  /** `offset.lag.max`, records */
  readonly offsetLagMax: number;
  /** The flow's offset-syncs topic. */
  readonly log: Pick<MirrorLog, 'append'>;
  /** ms since the epoch */
  readonly now: () => number;
  readonly observer: OffsetSyncObserver;
}

/** `offset.flush.interval.ms` of Connect's workers: so often MirrorMaker 2 writes what its rule alone would not. */
const COMMIT_MS = 60_000;
/** What an answer to Lambda waits at most. */
const PATIENCE_MS = 5_000;
/** Until one was written: that also connects, a dozen round trips with TLS and a login, and makes the topic. */
const FIRST_PATIENCE_MS = 10_000;
/** After a write that failed nothing is written for so long: the next delivery is not to wait for it, too. */
const PAUSE_MS = 60_000;
/** Far below what fits into one batch. A topic with holes has a sync a record. */
const MAX_SYNCS = 1_000;

/**
 * The offset syncs of one flow as an execution environment writes them, by MirrorMaker 2's rule: the records of an
 * invocation that are worth one, in one batch at its end. Others read them; Causeway itself does not. So what cannot be
 * written is lost, and no delivery fails by it.
 *
 * They are written before the invocation is answered: only then may another environment get the partition's next
 * records, and a sync that comes after newer ones would set its readers back. For the same reason nothing is left for a
 * later invocation, which may be one of other partitions.
 */
export class OffsetSyncs {
  readonly #options: OffsetSyncOptions;
  readonly #emitter: OffsetSyncEmitter;
  /** When the newest record of a partition last got its sync, ms since the epoch. */
  readonly #committedAt = new Map<string, number>();
  #chosen: OffsetSync[] = [];
  #landed = new Map<string, TopicPartition>();
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #patienceMs = FIRST_PATIENCE_MS;

  constructor(options: OffsetSyncOptions) {
    this.#options = options;
    this.#emitter = new OffsetSyncEmitter(options.offsetLagMax, Number.POSITIVE_INFINITY);
  }

  /** Records of a source partition stand in the target. */
  landed({ topic, partition }: TopicPartition, runs: readonly Run[]): void {
    const of = { topic, partition };
    this.#landed.set(describeTopicPartition(of), of);
    for (const run of runs) this.#chosen = this.#chosen.concat(this.#emitter.acknowledged(of, run));
  }

  /**
   * Writes what is due of what has landed since the last call.
   * @param remainingMs what there is time for; 0 or less: nothing is written
   */
  async write(remainingMs: number): Promise<void> {
    const { log, now, observer } = this.#options;
    const timestamp = now();
    const syncs = this.#takeDue(timestamp);
    if (syncs.length === 0) return;
    if (remainingMs <= 0 || timestamp < this.#pausedUntil) return this.#lose(syncs, undefined);
    try {
      const records = syncs.map((sync) => ({ ...encodeOffsetSync(sync), timestamp }));
      await log.append(records, AbortSignal.timeout(Math.min(remainingMs, this.#patienceMs)));
      this.#patienceMs = PATIENCE_MS;
      observer.written(syncs.length);
    } catch (error) {
      this.#pausedUntil = now() + PAUSE_MS;
      this.#lose(syncs, error);
    }
  }

  #takeDue(timestamp: number): readonly OffsetSync[] {
    const due = this.#chosen;
    for (const [key, of] of this.#landed) {
      const sinceMs = timestamp - (this.#committedAt.get(key) ?? Number.NEGATIVE_INFINITY);
      // A clock that was set back must not keep them back.
      if (sinceMs >= 0 && sinceMs < COMMIT_MS) continue;
      this.#committedAt.set(key, timestamp);
      due.push(...this.#emitter.committed(of));
    }
    this.#chosen = [];
    this.#landed = new Map();
    return thinned(due);
  }

  /** The next records of their partitions make up for it. */
  #lose(syncs: readonly OffsetSync[], error: unknown): void {
    for (const sync of syncs) this.#committedAt.delete(describeTopicPartition(sync));
    this.#options.observer.lost(syncs.length, error);
  }
}

/** Every so many of them, and the newest of each partition. */
function thinned(syncs: readonly OffsetSync[]): readonly OffsetSync[] {
  const every = Math.ceil(syncs.length / MAX_SYNCS);
  if (every <= 1) return syncs;
  const newest = new Map(syncs.map((sync, index) => [describeTopicPartition(sync), index]));
  return syncs.filter((sync, index) => index % every === 0 || newest.get(describeTopicPartition(sync)) === index);
}
