import { type Checkpoint, encodeCheckpoint } from '../mm2/checkpoint.ts';
import { UnwritableMirrorRecordError } from '../mm2/errors.ts';
import { LatestCheckpoints } from '../mm2/latest-checkpoints.ts';
import type { MirrorLog, TimedRecord } from '../mm2/mirror-log.ts';

export interface WrittenCheckpoints {
  readonly written: number;
  /** Left out because MirrorMaker 2's format has no room for them. */
  readonly unwritable: readonly UnwritableMirrorRecordError[];
}

/**
 * A flow's checkpoints topic, and what it says. It is followed as it grows, so that what another writer has added (a run
 * that overlaps, MirrorMaker 2 itself) is known before anything is added to it.
 */
export class CheckpointsTopic {
  readonly #log: MirrorLog;
  #latest = new LatestCheckpoints();
  #newestAt: number | undefined;
  #foreign = 0;

  constructor(log: MirrorLog) {
    this.#log = log;
  }

  /** What the topic said when it was last read, and what was written since. */
  get latest(): LatestCheckpoints {
    return this.#latest;
  }

  /** Time of the newest checkpoint, ms since the epoch; undefined when there is none. */
  get newestAt(): number | undefined {
    return this.#newestAt;
  }

  /** Records that are no checkpoints and were passed over, since the topic was first read. */
  get foreign(): number {
    return this.#foreign;
  }

  /** @throws CausewayError; the next call goes on where this one stopped */
  async follow(signal: AbortSignal): Promise<void> {
    const anew = () => {
      this.#latest = new LatestCheckpoints();
      this.#newestAt = undefined;
    };
    const reader = {
      anew,
      take: (record: Parameters<LatestCheckpoints['read']>[0] & { readonly timestamp: number }) => {
        if (this.#latest.read(record) !== undefined) this.#foreign++;
        else this.#newestAt = Math.max(this.#newestAt ?? 0, record.timestamp);
      },
    };
    await this.#log.readOn(reader, signal);
  }

  /**
   * Writes those that MirrorMaker 2 would write.
   * @param now their time, ms since the epoch
   * @throws CausewayError; those that are in the topic all the same are found by the next `follow`
   */
  async write(checkpoints: readonly Checkpoint[], now: number, signal: AbortSignal): Promise<WrittenCheckpoints> {
    const due: Checkpoint[] = [];
    const records: TimedRecord[] = [];
    const unwritable: UnwritableMirrorRecordError[] = [];
    for (const checkpoint of this.#latest.due(checkpoints)) {
      try {
        records.push({ ...encodeCheckpoint(checkpoint), timestamp: now });
        due.push(checkpoint);
      } catch (error) {
        if (!(error instanceof UnwritableMirrorRecordError)) throw error;
        unwritable.push(error);
      }
    }
    await this.#log.append(records, signal);
    for (const checkpoint of due) this.#latest.written(checkpoint);
    if (due.length > 0) this.#newestAt = Math.max(this.#newestAt ?? 0, now);
    return { written: due.length, unwritable };
  }
}
