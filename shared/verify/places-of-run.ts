import type { FlowPartition } from '../flow/flow.ts';
import { sideBySide } from '../reconcile/side-by-side.ts';
import { type KeptPlace, placeKey, type VerifiedPlace, type VerifiedPlaces } from './verified-place.ts';

const NOTHING_KEPT: KeptPlace = { version: 0, place: undefined, firstSeen: undefined };
/** Partitions that are noted at a time. */
const NOTED_AT_ONCE = 8;

/** Where a partition stands when a slice of it begins. */
export interface PlaceOfRun {
  readonly version: number;
  readonly place: VerifiedPlace | undefined;
  /** Something is kept, of another version. */
  readonly isUnreadable: boolean;
  /** What was replicated until then is verified, or it was not seen before; ms since the epoch. */
  readonly since: number;
}

/** Where the partitions of a flow stand during a run, and for how long those are known that are verified to nowhere. */
export class PlacesOfRun {
  readonly #places: VerifiedPlaces;
  /** By `placeKey`. */
  readonly #kept: Map<string, KeptPlace>;
  readonly #begun: number;

  /** @param begun when the run began, ms since the epoch */
  constructor(places: VerifiedPlaces, kept: ReadonlyMap<string, KeptPlace>, begun: number) {
    this.#places = places;
    this.#kept = new Map(kept);
    this.#begun = begun;
  }

  of(partition: FlowPartition): PlaceOfRun {
    const { version, place, firstSeen } = this.#keptOf(partition);
    return {
      ...{ version, place },
      isUnreadable: version > 0 && place === undefined && firstSeen === undefined,
      since: place?.until ?? firstSeen ?? this.#begun,
    };
  }

  /** @returns false: another run has gone on from there meanwhile */
  async write(partition: FlowPartition, expected: number, place: VerifiedPlace | undefined): Promise<boolean> {
    const { firstSeen = this.#begun } = this.#keptOf(partition);
    if ((await this.#places.write(partition, expected, { place, firstSeen })) === 'conflict') return false;
    this.#kept.set(placeKey(partition), { version: expected + 1, place, firstSeen });
    return true;
  }

  /** So that later runs, which may come to nothing either, know since when these are not verified. */
  async noteSeen(partitions: readonly FlowPartition[]): Promise<void> {
    const unknown = partitions.filter((each) => this.#keptOf(each).firstSeen === undefined);
    const note = (each: FlowPartition) => {
      const { version, place } = this.#keptOf(each);
      return this.write(each, version, place);
    };
    await sideBySide(unknown, note, () => true, NOTED_AT_ONCE);
  }

  #keptOf(partition: FlowPartition): KeptPlace {
    return this.#kept.get(placeKey(partition)) ?? NOTHING_KEPT;
  }
}
