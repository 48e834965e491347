import type { LogEntry } from './log-entry.ts';

/** Whether a record of the target is a copy of one of the source, by all that MirrorMaker 2 carries over. */
export function sameRecord(source: LogEntry, target: LogEntry): boolean {
  return source.content === target.content && isTimeOf(source, target);
}

function isTimeOf(source: LogEntry, target: LogEntry): boolean {
  return target.timestamp === undefined || target.timestamp === source.timestamp;
}

/** A record of the source that is like one of the target but for something. */
export interface NearestRecord {
  readonly source: number;
  /** `value`: or its headers, of which there is one digest. */
  readonly differs: 'timestamp' | 'value' | 'key';
}

/**
 * Where in a list of the source's records one is found, by its offset, its content or its key. Logs may hold few different
 * records very often, so every answer takes a search and no walk.
 */
export class SourceIndex {
  readonly #entries: readonly LogEntry[];
  /** By content and timestamp, which the source's records always have. */
  readonly #byRecord: ReadonlyMap<string, readonly number[]>;
  /** Made when a record without timestamp is asked for. */
  #byContent: ReadonlyMap<string, readonly number[]> | undefined;
  /** The last place of each key. */
  readonly #lastOfKey = new Map<string, number>();

  constructor(entries: readonly LogEntry[]) {
    this.#entries = entries;
    this.#byRecord = placesBy(entries, recordKey);
    for (const [place, { key }] of entries.entries()) if (key !== undefined) this.#lastOfKey.set(key, place);
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
    if (target.timestamp !== undefined) return this.#byRecord.get(recordKey(target)) ?? [];
    this.#byContent ??= placesBy(this.#entries, ({ content }) => content);
    return this.#byContent.get(target.content) ?? [];
  }

  /**
   * Of a record that is none of the source's: which of those it is most like. Takes a walk.
   * @param next place of the one that should have been it: the first like it from there on is the nearest
   */
  nearestTo({ content, key, timestamp }: LogEntry, next: number): NearestRecord | undefined {
    const at = (like: (entry: LogEntry) => boolean) =>
      (this.#entries.find((entry, place) => place >= next && like(entry)) ?? this.#entries.findLast(like))?.offset;
    const hasTime = (entry: LogEntry) => timestamp !== undefined && entry.timestamp === timestamp;
    const otherTime = at((entry) => entry.content === content);
    if (otherTime !== undefined) return { source: otherTime, differs: 'timestamp' };
    const otherValue = at((entry) => hasTime(entry) && entry.key === key);
    if (otherValue !== undefined) return { source: otherValue, differs: 'value' };
    const otherKey = at(hasTime);
    return otherKey === undefined ? undefined : { source: otherKey, differs: 'key' };
  }

  /** Whether compaction may have taken a record like this one: the source has a newer one of its key. */
  isStoodFor({ key }: LogEntry): boolean {
    return key !== undefined && this.#lastOfKey.has(key);
  }

  /** Tells of a place whether compaction may have taken its copy: one of its key was copied later, up to `last`. */
  copiedLater(last: number): (place: number) => boolean {
    const lastOfKey = new Map<string, number>();
    for (const [place, { key }] of this.#entries.slice(0, last + 1).entries())
      if (key !== undefined) lastOfKey.set(key, place);
    return (place) => {
      const entry = this.#entries[place];
      if (entry?.key === undefined) return false;
      return entry.tombstone || (lastOfKey.get(entry.key) ?? -1) > place;
    };
  }
}

function recordKey({ content, timestamp }: LogEntry): string {
  return `${content} ${timestamp}`;
}

function placesBy(entries: readonly LogEntry[], keyOf: (entry: LogEntry) => string) {
  const places = new Map<string, number[]>();
  for (const [place, entry] of entries.entries()) {
    const key = keyOf(entry);
    const found = places.get(key);
    if (found) found.push(place);
    else places.set(key, [place]);
  }
  return places;
}

/** Where in ascending numbers those begin that are larger than `limit`. */
export function firstAbove(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
