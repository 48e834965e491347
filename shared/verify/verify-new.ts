import { CausewayError } from '../flow/errors.ts';
import type { FlowPartition } from '../flow/flow.ts';
import { oneLargeAtATime } from './in-turn.ts';
import { type ComparedPartition, replicatedPartitions } from './partitions.ts';
import { PlacesOfRun } from './places-of-run.ts';
import type { VerifyPorts } from './ports.ts';
import { placeKey, type VerifiedPlace, type VerifiedPlaces } from './verified-place.ts';
import { type Slice, Unverified, verifySlice } from './verify-slice.ts';

export interface VerifyNewOptions {
  /** No turn is begun after it, ms since the epoch. */
  readonly until: number;
  /** Of a partition, before others have their turn. */
  readonly sliceMs: number;
  /** Partitions that are compared at a time. */
  readonly sideBySide: number;
  readonly mostApart: number;
  /** Told of each slice that has something to tell, before its place is kept: it is told twice rather than never. */
  readonly different: (slice: Slice) => void;
}

/** A partition of which not all that is replicated could be verified. */
export interface NotVerified {
  readonly partition: FlowPartition;
  readonly because: Unverified | CausewayError;
}

/** What a run came to. */
export interface VerifiedNew {
  /** Records that are the same in both logs, of those that were verified for the first time. */
  readonly records: number;
  readonly unverified: readonly NotVerified[];
  /** Partitions that another run goes on with at the same time. */
  readonly elsewhere: readonly FlowPartition[];
  /**
   * For how long what is replicated is not verified, of the partition furthest behind: by its last verified record, and where that
   * is not known, since a run saw the partition for the first time.
   */
  readonly lagMs: number;
}

/**
 * Compares what was replicated of a flow since the last run, those partitions first that are furthest behind, each for a slice
 * of the time that there is, and round again.
 * @throws CausewayError when nothing can be compared
 */
export async function verifyNew(
  ports: VerifyPorts,
  places: VerifiedPlaces,
  options: VerifyNewOptions,
): Promise<VerifiedNew> {
  const [partitions, kept] = await Promise.all([replicatedPartitions(ports), places.all()]);
  const run = new Run(ports, new PlacesOfRun(places, kept, ports.now()), options);
  await run.verify(partitions);
  return run.result();
}

class Run {
  readonly #ports: VerifyPorts;
  readonly #places: PlacesOfRun;
  readonly #options: VerifyNewOptions;
  readonly #inTurn = oneLargeAtATime();
  /** Since when each is not verified, ms since the epoch; this and the next by `placeKey`. */
  readonly #since = new Map<string, number>();
  readonly #unverified = new Map<string, NotVerified>();
  readonly #elsewhere: FlowPartition[] = [];
  #records = 0;

  constructor(ports: VerifyPorts, places: PlacesOfRun, options: VerifyNewOptions) {
    this.#ports = ports;
    this.#places = places;
    this.#options = options;
  }

  async verify(partitions: readonly ComparedPartition[]): Promise<void> {
    const queue = partitions.toSorted((a, b) => this.#comes(a) - this.#comes(b));
    for (const { partition } of queue) this.#begin(partition);
    const worker = async () => {
      while (this.#ports.now() < this.#options.until) {
        const next = queue.shift();
        if (next === undefined) return;
        if (await this.#verifyOne(next)) queue.push(next);
      }
    };
    const workers = Array.from({ length: this.#options.sideBySide }, () =>
      worker().catch((error: unknown) => {
        // Nobody would hear of what the others find.
        queue.length = 0;
        throw error;
      }),
    );
    await Promise.allSettled(workers);
    await Promise.all(workers);
    const open = partitions.filter(({ partition }) => this.#unverified.has(placeKey(partition)));
    await this.#places.noteSeen(open.map(({ partition }) => partition));
  }

  result(): VerifiedNew {
    const now = this.#ports.now();
    return {
      records: this.#records,
      unverified: [...this.#unverified.values()],
      elsewhere: this.#elsewhere,
      lagMs: this.#since.values().reduce((most, since) => Math.max(most, now - since), 0),
    };
  }

  /** Those that were never looked at come first. */
  #comes({ partition }: ComparedPartition): number {
    return this.#places.of(partition).place?.until ?? 0;
  }

  /** As it is until it is looked at. */
  #begin(partition: FlowPartition): void {
    const key = placeKey(partition);
    const { place, since } = this.#places.of(partition);
    this.#since.set(key, since);
    if (place?.until === undefined) this.#unverified.set(key, { partition, because: Unverified.NotReached });
  }

  /** One that cannot be compared leaves the others theirs. @returns whether there is more of it */
  async #verifyOne(compared: ComparedPartition): Promise<boolean> {
    const { partition } = compared;
    const key = placeKey(partition);
    const { version, place, isUnreadable, since } = this.#places.of(partition);
    try {
      const slice = await this.#slice(compared, place);
      if (slice.findings.told.length > 0) this.#options.different(slice);
      if (!(await this.#keep(slice, version))) return false;
      this.#records += slice.findings.tally.same;
      this.#since.set(key, slice.until ?? since);
      const because = slice.unverified ?? (isUnreadable ? Unverified.PlaceUnreadable : undefined);
      if (because !== undefined) this.#unverified.set(key, { partition, because });
      else if (this.#unverified.get(key)?.because === Unverified.NotReached) this.#unverified.delete(key);
      return slice.hasMore;
    } catch (error) {
      if (!(error instanceof CausewayError)) throw error;
      this.#unverified.set(key, { partition, because: error });
      return false;
    }
  }

  #slice(compared: ComparedPartition, place: VerifiedPlace | undefined): Promise<Slice> {
    const { sliceMs, until, mostApart } = this.#options;
    let ends: number | undefined;
    return verifySlice(this.#ports, compared, {
      ...{ place, mostApart },
      // What it waits for its turn is not its time.
      inTurn: (offsets, compare) =>
        this.#inTurn(offsets, () => {
          ends = Math.min(until, this.#ports.now() + sliceMs);
          return compare();
        }),
      isOver: () => this.#ports.now() >= (ends ?? until),
    });
  }

  /** @returns false: another run has gone on from there meanwhile */
  async #keep({ partition, place }: Slice, version: number): Promise<boolean> {
    if (place === undefined || (await this.#places.write(partition, version, place))) return true;
    this.#elsewhere.push(partition);
    this.#unverified.delete(placeKey(partition));
    return false;
  }
}
