import { CausewayError } from '../flow/errors.ts';
import type { FlowPartition } from '../flow/flow.ts';
import { oneLargeAtATime } from './in-turn.ts';
import { type ComparedPartition, replicatedPartitions } from './partitions.ts';
import type { VerifyPorts } from './ports.ts';
import { type KeptPlace, placeKey, type VerifiedPlaces } from './verified-place.ts';
import { type Slice, Unverified, verifySlice } from './verify-slice.ts';

const NO_PLACE: KeptPlace = { version: 0, place: undefined };

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
  /** Age of the oldest record that is not verified, at most; undefined: not known of any partition. */
  readonly lagMs: number | undefined;
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
  const run = new Run(ports, places, kept, options);
  await run.verify(partitions);
  return run.result();
}

class Run {
  readonly #ports: VerifyPorts;
  readonly #places: VerifiedPlaces;
  readonly #options: VerifyNewOptions;
  readonly #inTurn = oneLargeAtATime();
  /** By `placeKey`. */
  readonly #kept: Map<string, KeptPlace>;
  readonly #until = new Map<string, number | undefined>();
  readonly #unverified = new Map<string, NotVerified>();
  readonly #elsewhere: FlowPartition[] = [];
  #records = 0;

  constructor(
    ports: VerifyPorts,
    places: VerifiedPlaces,
    kept: ReadonlyMap<string, KeptPlace>,
    options: VerifyNewOptions,
  ) {
    this.#ports = ports;
    this.#places = places;
    this.#kept = new Map(kept);
    this.#options = options;
  }

  async verify(partitions: readonly ComparedPartition[]): Promise<void> {
    const queue = partitions.toSorted((a, b) => this.#behind(a) - this.#behind(b));
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
  }

  result(): VerifiedNew {
    const known = [...this.#until.values()].filter((until) => until !== undefined);
    const oldest = known.length > 0 ? Math.min(...known) : undefined;
    const lagMs = oldest === undefined ? undefined : Math.max(0, this.#ports.now() - oldest);
    return {
      records: this.#records,
      unverified: [...this.#unverified.values()],
      elsewhere: this.#elsewhere,
      // A flow without partitions is not behind.
      lagMs: this.#until.size === 0 ? 0 : lagMs,
    };
  }

  /** Those that were never looked at come first. */
  #behind({ partition }: ComparedPartition): number {
    return this.#kept.get(placeKey(partition))?.place?.until ?? 0;
  }

  /** As it is until it is looked at. */
  #begin(partition: FlowPartition): void {
    const key = placeKey(partition);
    const until = this.#kept.get(key)?.place?.until;
    this.#until.set(key, until);
    if (until === undefined) this.#unverified.set(key, { partition, because: Unverified.NotReached });
  }

  /** One that cannot be compared leaves the others theirs. @returns whether there is more of it */
  async #verifyOne(compared: ComparedPartition): Promise<boolean> {
    const { partition } = compared;
    const key = placeKey(partition);
    const { version, place } = this.#kept.get(key) ?? NO_PLACE;
    try {
      const slice = await this.#slice(compared, place);
      if (slice.findings.told.length > 0) this.#options.different(slice);
      if (!(await this.#keep(slice, version))) return false;
      this.#records += slice.findings.tally.same;
      this.#until.set(key, slice.until);
      const because = slice.unverified ?? (version > 0 && !place ? Unverified.PlaceUnreadable : undefined);
      if (because !== undefined) this.#unverified.set(key, { partition, because });
      else if (this.#unverified.get(key)?.because === Unverified.NotReached) this.#unverified.delete(key);
      return slice.hasMore;
    } catch (error) {
      if (!(error instanceof CausewayError)) throw error;
      this.#unverified.set(key, { partition, because: error });
      return false;
    }
  }

  #slice(compared: ComparedPartition, place: KeptPlace['place']): Promise<Slice> {
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
    if (place === undefined) return true;
    if ((await this.#places.write(partition, version, place)) === 'written') {
      this.#kept.set(placeKey(partition), { version: version + 1, place });
      return true;
    }
    this.#elsewhere.push(partition);
    this.#unverified.delete(placeKey(partition));
    return false;
  }
}
