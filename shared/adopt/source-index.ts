import type { LogEntry } from './log-entry.ts';

/** Whether a record of the target is a copy of one of the source, by all that MirrorMaker 2 carries over. */
export function sameRecord(source: LogEntry, target: LogEntry): boolean {
  return source.content === target.content && isTimeOf(source, target);
}

function isTimeOf(source: LogEntry, target: LogEntry): boolean {
  return target.timestamp === undefined || source.timestamp === undefined || target.timestamp === source.timestamp;
}

/** Where in a list of the source's records one is found, by its offset, its content or its key. */
export class SourceIndex {
  readonly #entries: readonly LogEntry[];
  readonly #byContent: ReadonlyMap<string, readonly number[]>;
  /** The last place of each key. */
  readonly #lastOfKey = new Map<string, number>();

  constructor(entries: readonly LogEntry[]) {
    this.#entries = entries;
    const byContent = new Map<string, number[]>();
    for (const [place, { content, key }] of entries.entries()) {
      const places = byContent.get(content);
      if (places) places.push(place);
      else byContent.set(content, [place]);
      if (key !== undefined) this.#lastOfKey.set(key, place);
    }
    this.#byContent = byContent;
  }

  placeOf(offset: number): number | undefined {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.offset ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return this.#entries[low]?.offset === offset ? low : undefined;
  }

  /** Ascending places of the records that `target` may be a copy of. */
  placesOf(target: LogEntry): readonly number[] {
    const places = this.#byContent.get(target.content) ?? [];
    return places.filter((place) => {
      const entry = this.#entries[place];
      return entry !== undefined && isTimeOf(entry, target);
    });
  }

  /** Whether compaction may have taken a record like this one: the source has a newer one of its key. */
  isStoodFor({ key }: LogEntry): boolean {
    return key !== undefined && this.#lastOfKey.has(key);
  }

  /** Whether compaction may have taken the copy of the record at `place`: one of its key was copied later, up to `last`. */
  isStoodForBy(place: number, last: number): boolean {
    const entry = this.#entries[place];
    if (entry?.key === undefined) return false;
    if (entry.tombstone) return true;
    const { key } = entry;
    for (let later = place + 1; later <= last; later++) if (this.#entries[later]?.key === key) return true;
    return false;
  }
}
