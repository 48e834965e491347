import { sourceOffset, targetOffset } from '../flow/offset.ts';
import type { Compacted } from '../flow/side.ts';
import type { Run } from '../offsets/head.ts';
import { extendRuns } from '../offsets/runs.ts';
import type { LogEntry } from './log-entry.ts';
import { firstAbove, type NearestRecord, SourceIndex, sameRecord } from './source-index.ts';

/** A record that is known on both sides: the one at `source` was copied to `target`. */
export interface Anchor {
  readonly source: number;
  readonly target: number;
}

export interface AlignmentQuestion {
  /** What MirrorMaker 2 would copy of the source, ascending, to the log's end. */
  readonly source: readonly LogEntry[];
  /** What consumers find in the target, ascending, to the log's end; from well before the anchor where there is one. */
  readonly target: readonly LogEntry[];
  /** Undefined: both are whole logs. */
  readonly anchor: Anchor | undefined;
  readonly compaction: Compacted;
  /** Whole logs alone: whether the source has deleted older records, which the target may still hold. */
  readonly sourceTrimmed: boolean;
}

export interface Alignment {
  readonly kind: 'aligned';
  /** The source's last record that was copied; every one before it, from where the comparison began, was too. */
  readonly last: number;
  /** Where the first copy of each record stands. */
  readonly runs: readonly Run[];
  /** Records that are in the target once more: MirrorMaker 2 copied them again after a restart. */
  readonly duplicates: number;
}

/** Why two logs are no copy of one another, as far as they were compared. */
export type Misfit =
  /** The record that an offset sync pairs is another one on each side, or on one of them is gone. */
  | { readonly kind: 'anchor-differs' }
  /** That record was copied again there, by a run that got less far than one before. */
  | { readonly kind: 'anchor-again' }
  /** The source has no such record; `nearest`: the one of its own that is most like it. */
  | { readonly kind: 'not-in-source'; readonly target: number; readonly nearest?: NearestRecord | undefined }
  /** It could be a copy of more than one record, with another answer each. */
  | { readonly kind: 'ambiguous'; readonly target: number }
  /** A record that should be in the target before others is not. */
  | { readonly kind: 'missing'; readonly source: number }
  /** No record of the target is one of the source's. */
  | { readonly kind: 'nothing-in-common' };

/**
 * Finds how far the target is a copy of the source. MirrorMaker 2 copies in order and leaves nothing out, and after a
 * restart, or a produce request without an answer, goes back and copies some of it again. So:
 *
 * - A. A target record that is the source's next one counts as its copy. All copies together are then the source, record
 *   for record, whatever happened: nothing up to the last one is missing.
 * - B. Any other is a copy made again, of a record at or before the last one. None after the last one is in the target,
 *   as each of its records is accounted for: nothing will be copied twice. Where A holds of a record that in truth was copied again,
 *   the two are the same in every byte, and what the target holds is still exactly the source.
 *   For that, no record after the last one may stand before the anchor, as after a restart that did not get as far as the run
 *   before: what the target holds before the anchor is looked through. One that was copied before the anchor and after it
 *   does no harm, nor does one that the source has before the last one and once more up to there.
 * - C. With compaction, a record may be left out in the target if a later copy has its key, or gone from the source if a
 *   later record there has. Where that allows for two answers there is none.
 */
export function align(question: AlignmentQuestion): Alignment | Misfit {
  const index = new SourceIndex(question.source);
  const { anchor, target } = question;
  if (anchor === undefined) return walk(question, index, -1, target);
  const at = index.placeOf(anchor.source);
  const known = at === undefined ? undefined : question.source[at];
  const begin = target.findIndex(({ offset }) => offset >= anchor.target);
  const first = target[begin];
  if (at === undefined || !known || first?.offset !== anchor.target || !sameRecord(known, first))
    return { kind: 'anchor-differs' };
  const answer = walk(question, index, at, target.slice(begin + 1), first);
  if (answer.kind !== 'aligned') return answer;
  const last = index.placeOf(answer.last) ?? at;
  const gotFurther = (record: LogEntry) => (index.placesOf(record).at(-1) ?? -1) > last;
  return target.slice(0, begin).some(gotFurther) ? { kind: 'anchor-again' } : answer;
}

function walk(
  { source, compaction, sourceTrimmed, anchor }: AlignmentQuestion,
  index: SourceIndex,
  begin: number,
  target: readonly LogEntry[],
  anchored?: LogEntry,
): Alignment | Misfit {
  const copies = new Copies();
  const leftOut: number[] = [];
  let last = begin;
  const begun = source[begin];
  if (begun && anchored) copies.add(begun, anchored);
  let duplicates = 0;
  for (const record of target) {
    const next = source[last + 1];
    if (last >= 0 && next && sameRecord(next, record)) {
      last += 1;
      copies.add(next, record);
      continue;
    }
    const places = index.placesOf(record);
    if (last < 0) {
      const [place, ...others] = places;
      if (place === undefined && sourceTrimmed && anchor === undefined) continue;
      if (place === undefined) return notInSource(index, record, begin + 1);
      if (others.length > 0 && place > 0) return { kind: 'ambiguous', target: record.offset };
      last = place;
      const found = source[place];
      if (found) copies.add(found, record);
      continue;
    }
    const ahead = firstAbove(places, last);
    const again = ahead > 0;
    if (compaction.target && places.length - ahead > (again ? 0 : 1))
      return { kind: 'ambiguous', target: record.offset };
    if (again) {
      duplicates += 1;
      continue;
    }
    const jump = places[ahead];
    const found = jump === undefined ? undefined : source[jump];
    if (jump !== undefined && found) {
      if (!compaction.target) return { kind: 'missing', source: source[last + 1]?.offset ?? found.offset };
      for (let place = last + 1; place < jump; place++) leftOut.push(place);
      last = jump;
      copies.add(found, record);
      continue;
    }
    if (!(compaction.source && index.isStoodFor(record))) return notInSource(index, record, last + 1);
  }
  const isStoodFor = index.copiedLater(last);
  const missing = leftOut.find((place) => !isStoodFor(place));
  if (missing !== undefined) return { kind: 'missing', source: source[missing]?.offset ?? 0 };
  const end = source[last];
  if (!end) return { kind: 'nothing-in-common' };
  return { kind: 'aligned', last: end.offset, runs: copies.runs, duplicates };
}

function notInSource(index: SourceIndex, record: LogEntry, next: number): Misfit {
  return { kind: 'not-in-source', target: record.offset, nearest: index.nearestTo(record, next) };
}

class Copies {
  #closed: Run[] = [];
  #open: Run | undefined;

  add(source: LogEntry, target: LogEntry): void {
    const copy = { source: sourceOffset(source.offset), target: targetOffset(target.offset), length: 1 };
    const { open, closed } = extendRuns(this.#open, [copy]);
    this.#open = open;
    this.#closed.push(...closed);
  }

  get runs(): readonly Run[] {
    return this.#open ? [...this.#closed, this.#open] : this.#closed;
  }
}
