import { z } from 'zod';
import type { Compacted, Side } from '../flow/side.ts';
import { apart } from './align.ts';
import type { Cursor } from './cursor.ts';
import { difference, type Findings, tally } from './difference.ts';
import type { NotExpectedRecords } from './left-out.ts';
import { identityOf, type LogRecord, sizeOf } from './log-record.ts';
import type { MapCursor } from './map-cursor.ts';
import { Remembered, rememberedState } from './remembered.ts';
import { type CopyRules, changeBetween, isCopy } from './same-record.ts';
import { isFull, isFullSight, isInSight, sightOf } from './sight.ts';
import { type Copy, claimsSource } from './streams.ts';
import type { Windows } from './windows.ts';

/** How far a comparison has come: all that it takes to go on. */
export const comparisonPlace = z.object({
  /** The first offsets that were not compared yet. */
  source: z.int().nonnegative(),
  target: z.int().nonnegative(),
  /** By how many offsets the map was off at the last record. */
  off: z.int(),
  /** What was told to be missing, and to be one too many: it may turn up yet. */
  missed: rememberedState.default([]),
  strays: rememberedState.default([]),
});
export type ComparisonPlace = z.infer<typeof comparisonPlace>;

/** The same, with what was found until then. */
export const comparisonState = comparisonPlace.extend({ tally, told: z.array(difference) });
export type ComparisonState = z.infer<typeof comparisonState>;

/** Where the logs are compared from that nothing was compared of. */
export function beginningAt(source: number, target: number): ComparisonPlace {
  return { source, target, off: 0, missed: [], strays: [] };
}

export interface ComparisonOptions {
  readonly rules: CopyRules;
  /** Counts what is compared; undefined: nothing is counted by its time. */
  readonly windows: Windows | undefined;
  /** Records that stay in the target though the source's log was cut back below them, as the ledger says. */
  readonly orphans: number;
  /** On which side older records with the same key are removed. */
  readonly compacted: Compacted;
  /** Whether the target's own producers write to the remote topic as well. */
  readonly shared: boolean;
  /** With more records that are not the same it is not gone on. */
  readonly mostApart: number;
  readonly map: MapCursor;
  readonly notExpected: NotExpectedRecords;
  /** A log's start when it was last told. */
  readonly logStart: (side: Side) => number;
  /**
   * More is to come behind the ends: what is not the same there, and not in full sight, is left to who goes on, but for what
   * stands below these offsets. Undefined: nothing is left.
   */
  readonly leavesFrom: Readonly<Record<Side, number>> | undefined;
}

/**
 * Walks both logs of a partition side by side, each in its order, and says what is not the same.
 *
 * A. Each record that the flow is to copy is counted once: as the same, or with what is the matter.
 * B. So is each record of the target.
 * C. Records are the same when all their bytes and their times are. The offset map decides only which records are
 *    compared first; where it is wrong, that is a difference of its own.
 * D. Memory is bounded, whatever the logs hold, and however large a record is.
 */
export class Comparison {
  readonly #options: ComparisonOptions;
  readonly #source: Cursor<LogRecord>;
  readonly #target: Cursor<Copy>;
  readonly findings: Findings;
  readonly #missed: Remembered;
  readonly #strays: Remembered;
  #nextSource: number;
  #nextTarget: number;
  #off: number;
  #timestamp: number | undefined;
  #leavesRest = false;

  /** @param findings what was found before, and is added to */
  constructor(
    source: Cursor<LogRecord>,
    target: Cursor<Copy>,
    from: ComparisonPlace,
    findings: Findings,
    options: ComparisonOptions,
  ) {
    this.#options = options;
    this.#source = source;
    this.#target = target;
    this.findings = findings;
    this.#missed = new Remembered(from.missed);
    this.#strays = new Remembered(from.strays);
    this.#nextSource = from.source;
    this.#nextTarget = from.target;
    this.#off = from.off;
  }

  /** The first source offset that was not compared yet. */
  get position(): number {
    return this.#nextSource;
  }

  /** The time of the last record of the source that was compared, ms since the epoch. */
  get timestamp(): number | undefined {
    return this.#timestamp;
  }

  get place(): ComparisonPlace {
    return {
      source: this.#nextSource,
      target: this.#nextTarget,
      off: this.#off,
      missed: this.#missed.state,
      strays: this.#strays.state,
    };
  }

  get state(): ComparisonState {
    return { ...this.place, tally: this.findings.tally, told: [...this.findings.told] };
  }

  /** Whether it was given up, since so little is the same. */
  get isGivenUp(): boolean {
    return this.findings.apart > this.#options.mostApart;
  }

  /** Whether something near the ends was left to who goes on. */
  get leavesRest(): boolean {
    return this.#leavesRest;
  }

  /**
   * Compares what comes next.
   * @returns whether there is more
   * @throws CausewayError when a log cannot be read
   */
  async advance(): Promise<boolean> {
    await Promise.all([this.#source.fill(isFull), this.#target.fill(isFull)]);
    while (isInSight(this.#source) && isInSight(this.#target)) {
      if (this.isGivenUp) return false;
      if (!this.#step()) {
        if (!this.#leavesRest) this.#options.notExpected.taken(Number.POSITIVE_INFINITY, this.findings.tally);
        return false;
      }
    }
    this.#options.map.forget(this.#nextSource);
    return true;
  }

  /** @returns whether there was anything to compare, and to be judged already */
  #step(): boolean {
    const [record, copy] = [this.#source.at(0), this.#target.at(0)];
    if (record === undefined && copy === undefined) return false;
    if (this.#takePair(record, copy)) return true;
    if (this.#isLeft(record, copy)) return false;
    if (copy !== undefined && copy.source === undefined && !this.#isNext(record, copy)) this.#unmapped(copy);
    else if (copy === undefined || this.#isBehind(record, copy)) this.#onlyInSource(record);
    else if (record === undefined || this.#isAhead(record, copy)) this.#onlyInTarget(copy);
    else this.#differ();
    return true;
  }

  /** Takes both, if the one is the other's copy and nothing says that it belongs elsewhere. */
  #takePair(record: LogRecord | undefined, copy: Copy | undefined): boolean {
    if (record === undefined || copy === undefined) return false;
    if (this.#isBehind(record, copy) || this.#isAhead(record, copy)) return false;
    if (copy.source === undefined && !this.#isNext(record, copy)) return false;
    if (!isCopy(record, copy.record, this.#options.rules)) return false;
    this.#same(record, copy);
    return true;
  }

  /** Whether it is not to be judged yet, as what comes behind it may say more. */
  #isLeft(record: LogRecord | undefined, copy: Copy | undefined): boolean {
    const { leavesFrom } = this.#options;
    if (leavesFrom === undefined || (isFullSight(this.#source) && isFullSight(this.#target))) return false;
    const isBelow =
      record === undefined ? (copy?.record.offset ?? 0) < leavesFrom.target : record.offset < leavesFrom.source;
    this.#leavesRest = !isBelow;
    return this.#leavesRest;
  }

  /** Whether a copy that is not in the map is of the next record all the same, of which the map does not know better. */
  #isNext(record: LogRecord | undefined, copy: Copy): boolean {
    if (record === undefined || (this.#off === 0 && this.#options.map.covers(record.offset))) return false;
    return this.#isCopyOf(record, copy);
  }

  /** By the map, where that was right so far. */
  #isBehind(record: LogRecord | undefined, { source }: Copy): boolean {
    return record !== undefined && this.#off === 0 && source !== undefined && record.offset < source;
  }

  #isAhead(record: LogRecord, { source }: Copy): boolean {
    return this.#off === 0 && source !== undefined && source < record.offset;
  }

  #same(record: LogRecord, copy: Copy): void {
    const { tally: found } = this.findings;
    found.same++;
    found.bytes += sizeOf(record);
    this.#options.windows?.addToBoth(record.timestamp, identityOf(record));
    const by = copy.source === undefined ? undefined : record.offset - copy.source;
    if (by !== 0) this.findings.tell({ kind: 'misplaced', from: record.offset, to: record.offset + 1, by });
    this.#off = by ?? this.#off;
    this.#takeSource(record);
    this.#takeTarget(copy);
  }

  #unmapped(copy: Copy): void {
    const { tally: found } = this.findings;
    const { rules, shared, orphans } = this.#options;
    if (shared && !claimsSource(copy.record, rules)) found.foreign++;
    else if (found.orphaned < orphans) found.orphaned++;
    else this.#extra(copy);
    this.#takeTarget(copy);
  }

  #onlyInSource(record: LogRecord | undefined): void {
    if (record === undefined) return;
    this.#missing(record);
    this.#takeSource(record);
  }

  #onlyInTarget(copy: Copy): void {
    const { compacted, logStart } = this.#options;
    const isGone = compacted.source || (copy.source !== undefined && copy.source < logStart('source'));
    if (isGone) this.findings.tally.goneAtSource++;
    else this.#extra(copy);
    this.#takeTarget(copy);
  }

  /** The next records do not agree: what is the matter with those up to where both logs agree again? */
  #differ(): void {
    const [source, target] = [this.#source, this.#target];
    const sources = sightOf(source, (i) => sizeOf(source.at(i)));
    const targets = sightOf(target, (i) => sizeOf(target.at(i)?.record));
    const same = (i: number, j: number) => this.#isCopyOf(source.at(i), target.at(j));
    const found = apart(sources, targets, same) ?? { source: sources, target: targets };
    this.#judge(source.first(found.source), target.first(found.target));
    const [record, copy] = [source.at(0), target.at(0)];
    if (record && copy?.source !== undefined) this.#off = record.offset - copy.source;
  }

  #isCopyOf(record: LogRecord | undefined, copy: Copy | undefined): boolean {
    return record !== undefined && copy !== undefined && isCopy(record, copy.record, this.#options.rules);
  }

  #judge(records: readonly LogRecord[], found: readonly Copy[]): void {
    const strays = new Set(found);
    const missed: LogRecord[] = [];
    const moved: { readonly record: LogRecord; readonly copy: Copy }[] = [];
    for (const record of records) {
      const copy = strays.values().find((each) => this.#isCopyOf(record, each));
      if (copy === undefined) missed.push(record);
      else if (strays.delete(copy)) moved.push({ record, copy });
    }
    this.#reordered(moved);
    for (const record of missed) {
      const copy = strays.values().find(({ source }) => source !== undefined && source + this.#off === record.offset);
      if (copy === undefined) this.#missing(record);
      else if (strays.delete(copy)) this.#changed(record, copy);
    }
    for (const copy of strays) this.#extra(copy);
    for (const record of records) this.#takeSource(record);
    for (const copy of found) this.#takeTarget(copy);
  }

  #reordered(moved: readonly { readonly record: LogRecord; readonly copy: Copy }[]): void {
    if (moved.length === 0) return;
    const { windows } = this.#options;
    for (const { record } of moved) windows?.add('source', record.timestamp, identityOf(record));
    const inTarget = moved.toSorted((a, b) => a.copy.record.offset - b.copy.record.offset);
    for (const { record } of inTarget) windows?.add('target', record.timestamp, identityOf(record));
    const sources = moved.map(({ record }) => record.offset);
    const targets = moved.map(({ copy }) => copy.record.offset);
    this.findings.tell({ kind: 'reordered', sources, targets });
  }

  #changed(record: LogRecord, copy: Copy): void {
    const change = changeBetween(record, copy.record, this.#options.rules);
    if (change === undefined) return;
    this.findings.tell({ kind: 'changed', source: record.offset, target: copy.record.offset, change });
    const { windows } = this.#options;
    windows?.add('source', record.timestamp, identityOf(record));
    windows?.add('target', copy.record.timestamp, identityOf(copy.record));
  }

  #missing(record: LogRecord): void {
    const { map, compacted, logStart, windows } = this.#options;
    const place = map.targetOf(record.offset);
    const inMap = place !== undefined;
    if (inMap && place < logStart('target')) {
      this.findings.tally.goneAtTarget++;
      return;
    }
    if (inMap && compacted.target) {
      this.findings.tally.compactedAtTarget++;
      return;
    }
    const identity = identityOf(record);
    windows?.add('source', record.timestamp, identity);
    const target = this.#strays.find(identity);
    if (target !== undefined) this.findings.wasReordered('extra', record.offset, target);
    else {
      this.#missed.note(identity, record.offset);
      this.findings.tell({ kind: 'missing', source: record.offset, inMap });
    }
  }

  #extra({ record, source: from }: Copy): void {
    const identity = identityOf(record);
    this.#options.windows?.add('target', record.timestamp, identity);
    const source = this.#missed.find(identity);
    if (source !== undefined) this.findings.wasReordered('missing', source, record.offset);
    else {
      this.#strays.note(identity, record.offset);
      this.findings.tell({ kind: 'extra', target: record.offset, source: from });
    }
  }

  #takeSource({ offset, timestamp }: LogRecord): void {
    this.#options.notExpected.taken(offset, this.findings.tally);
    if (timestamp >= 0) this.#timestamp = timestamp;
    this.#nextSource = offset + 1;
    this.#source.take();
  }

  #takeTarget({ record }: Copy): void {
    this.#nextTarget = record.offset + 1;
    this.#target.take();
  }
}
