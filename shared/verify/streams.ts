import type { LedgerEntry } from '../ledger/entry.ts';
import type { NotExpectedRecords } from './left-out.ts';
import { cutOut, type LogRecord, scanRecords, sizeOf } from './log-record.ts';
import type { MapCursor } from './map-cursor.ts';
import type { LogAnswer } from './ports.ts';
import { type CopyRules, isLeftOut, originOf } from './same-record.ts';

/** Offsets from `from` up to, not including, `to`. */
export interface OffsetRange {
  readonly from: number;
  readonly to: number;
}

/** A record of the target. */
export interface Copy {
  readonly record: LogRecord;
  /** Its source offset by the offset map; undefined: it is not in the map. */
  readonly source: number | undefined;
}

export interface ExpectedOptions {
  readonly range: OffsetRange;
  readonly rules: CopyRules;
  /** What of the source is not to be found in the target, ascending. */
  readonly ledger: readonly LedgerEntry[];
  readonly notExpected: NotExpectedRecords;
  /** Told of the log's start with each answer. */
  readonly onLogStart: (logStart: number) => void;
}

/** The source's records that the target is to have. */
export async function* expectedRecords(
  answers: AsyncIterable<LogAnswer>,
  { range, rules, ledger, notExpected, onLogStart }: ExpectedOptions,
): AsyncGenerator<readonly LogRecord[]> {
  const isInLedger = inRanges(ledger);
  let droppedBytes = 0;
  for await (const records of recordsIn(answers, range, onLogStart)) {
    const expected: LogRecord[] = [];
    for (const record of records) {
      const why = isInLedger(record.offset) ? 'inLedger' : isLeftOut(record, rules) ? 'leftOut' : undefined;
      if (why === undefined) {
        notExpected.endBefore(record.offset);
        expected.push(record);
      } else {
        notExpected.note(why);
        droppedBytes += sizeOf(record);
      }
    }
    // Few of many would hold all that they were read with.
    yield droppedBytes > 0 && droppedBytes > sizeOfAll(expected) ? cutOut(expected) : expected;
    if (expected.length > 0) droppedBytes = 0;
  }
}

function sizeOfAll(records: readonly LogRecord[]): number {
  return records.reduce((sum, each) => sum + sizeOf(each), 0);
}

/** The target's records, each with where the map says that it came from. */
export async function* copies(
  answers: AsyncIterable<LogAnswer>,
  range: OffsetRange,
  map: MapCursor,
  onLogStart: (logStart: number) => void,
): AsyncGenerator<readonly Copy[]> {
  for await (const records of recordsIn(answers, range, onLogStart)) {
    await map.reach(records.at(-1)?.offset ?? 0);
    yield records.map((record) => ({ record, source: map.sourceOf(record.offset) }));
  }
  // What the map has beyond is asked for by what the source has beyond.
  await map.reach(Number.POSITIVE_INFINITY);
}

async function* recordsIn(
  answers: AsyncIterable<LogAnswer>,
  { from, to }: OffsetRange,
  onLogStart: (logStart: number) => void,
): AsyncGenerator<readonly LogRecord[]> {
  if (from >= to) return;
  for await (const { logStart, batches } of answers) {
    onLogStart(logStart);
    for (const batch of batches) {
      const { baseOffset, lastOffset } = batch.header;
      if (baseOffset >= to) return;
      if (lastOffset < from) continue;
      const records = scanRecords(batch.header, batch.body());
      const isWhole = baseOffset >= from && lastOffset < to;
      yield isWhole ? records : records.filter(({ offset }) => from <= offset && offset < to);
      if (lastOffset >= to - 1) return;
    }
  }
}

/** Whether an offset is in one of the ranges that were never copied; asked in ascending order. */
function inRanges(ledger: readonly LedgerEntry[]): (offset: number) => boolean {
  const ranges = ledger
    .filter(({ kind }) => kind === 'retention-gap' || kind === 'quarantine')
    .toSorted((a, b) => a.from - b.from);
  let at = 0;
  return (offset) => {
    for (let range = ranges[at]; range !== undefined && range.to <= offset; range = ranges[at]) at++;
    const range = ranges[at];
    return range !== undefined && range.from <= offset;
  };
}

/** Whether a record that is not in the offset map says of itself that the flow's source is where it comes from. */
export function claimsSource(record: LogRecord, { stamp }: CopyRules): boolean {
  return stamp !== undefined && originOf(record)?.toString('utf8') === stamp;
}
