import type { Compacted } from '../flow/side.ts';
import type { Run } from '../offsets/head.ts';
import { type Alignment, type Anchor, align, type Misfit } from './align.ts';
import type { PartitionEvidence } from './evidence.ts';
import type { LogEntry, LogPart } from './log-entry.ts';
import type { Refusal } from './refusal.ts';

/** One side's log as it was when looked at. */
export interface AdoptedLog {
  readonly logStart: number;
  /** High watermark. */
  readonly logEnd: number;
  /** What it holds from `from` to its end. */
  read(from: number): Promise<LogPart>;
}

export interface PositionQuestion {
  readonly evidence: PartitionEvidence;
  readonly source: AdoptedLog;
  readonly target: AdoptedLog;
  readonly compaction: Compacted;
  /** Records before the recorded position that are compared as well, so that offsets in them can be translated. */
  readonly history: number;
  /**
   * Target offsets before the comparison's begin that are looked through for a later record. MirrorMaker 2 must never have
   * copied more than so many records of a partition without recording it.
   */
  readonly lookBack: number;
  /** Records of a side that are compared at most. */
  readonly maxRecords: number;
}

/** Where MirrorMaker 2 stopped. */
export interface Position {
  readonly kind: 'found';
  /** First source offset that is not in the target. */
  readonly nextSource: number;
  /** The target's end. */
  readonly nextTarget: number;
  /** Records that were found in both logs: from the first one on, offsets can be translated. Empty where none is left. */
  readonly runs: readonly Run[];
  /** Records that stand in the target again: MirrorMaker 2 copied them more than once. */
  readonly duplicates: number;
  /** Records copied after the last one that Kafka Connect recorded; undefined when it recorded none. */
  readonly beyondRecord: number | undefined;
}

export type PositionAnswer =
  | Position
  /** Nothing was ever copied: Causeway begins at `from`, without being told. */
  | { readonly kind: 'untouched'; readonly from: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Finds where MirrorMaker 2 stopped, by comparing the records of both logs from a pair on that it wrote down itself to
 * both ends; by whole logs, where no pair holds. What it recorded is only where to look and what must be there at least.
 */
export async function findPosition(question: PositionQuestion): Promise<PositionAnswer> {
  const { evidence, source, target } = question;
  const { recorded } = evidence;
  if (recorded !== undefined && recorded >= source.logEnd)
    return refused({ kind: 'source-behind-record', recorded, logEnd: source.logEnd });
  if (target.logEnd === 0)
    return recorded === undefined
      ? { kind: 'untouched', from: source.logStart }
      : refused({ kind: 'target-behind-record', recorded, last: undefined });
  if (source.logEnd === 0) return refused({ kind: 'nothing-in-common' });
  // Whatever was copied: nothing is left that could be copied again, or skipped.
  if (source.logStart === source.logEnd) return trimmed(question);
  if (target.logStart === target.logEnd) {
    return recorded === source.logEnd - 1 ? trimmed(question) : refused({ kind: 'nothing-in-common' });
  }
  let last: PositionAnswer | undefined;
  for (const anchor of anchorsOf(question)) {
    last = await compareFrom(question, anchor);
    if (last.kind !== 'refused' || isFinal(last.refusal)) return last;
  }
  return last ?? refused({ kind: 'nothing-in-common' });
}

function trimmed({ evidence, source, target }: PositionQuestion): Position {
  const beyondRecord = evidence.recorded === undefined ? undefined : 0;
  const ends = { nextSource: source.logEnd, nextTarget: target.logEnd };
  return { kind: 'found', ...ends, runs: [], duplicates: 0, beyondRecord };
}

/** Others than these another beginning of the comparison may do away with. */
function isFinal({ kind }: Refusal): boolean {
  return kind === 'transaction-open' || kind === 'end-compacted' || kind === 'target-behind-record';
}

/** From where to compare: as far back as is asked for, then from the newest pair, then whole logs; short logs at once whole. */
function anchorsOf({ evidence, source, target, history, lookBack }: PositionQuestion): readonly (Anchor | undefined)[] {
  const usable = evidence.syncs
    .map(({ upstreamOffset, downstreamOffset }) => ({ source: upstreamOffset, target: downstreamOffset }))
    .filter((pair) => isIn(source, pair.source) && isIn(target, pair.target))
    .sort((a, b) => a.source - b.source || a.target - b.target);
  const newest = usable.at(-1);
  if (newest === undefined) return [undefined];
  const from = Math.min(evidence.recorded ?? newest.source, newest.source) - history;
  const oldest = usable.find((pair) => pair.source >= from) ?? newest;
  const pairs = oldest === newest ? [newest] : [oldest, newest];
  // MirrorMaker 2 may have been too busy to write the first pairs down.
  const isShort = sizeOf(source) <= history && sizeOf(target) <= history + lookBack;
  return isShort ? [undefined, ...pairs] : [...pairs, undefined];
}

function sizeOf({ logStart, logEnd }: AdoptedLog): number {
  return logEnd - logStart;
}

function isIn({ logStart, logEnd }: AdoptedLog, offset: number): boolean {
  return logStart <= offset && offset < logEnd;
}

async function compareFrom(question: PositionQuestion, anchor: Anchor | undefined): Promise<PositionAnswer> {
  const { evidence, source, target, lookBack, maxRecords } = question;
  const sourceFrom = anchor ? Math.max(source.logStart, wentBackTo(evidence, anchor)) : source.logStart;
  const targetFrom = anchor ? Math.max(target.logStart, anchor.target - lookBack) : target.logStart;
  const records = Math.max(source.logEnd - sourceFrom, target.logEnd - targetFrom);
  if (records > maxRecords) return refused({ kind: 'too-much', records, limit: maxRecords });
  const [copied, original] = [await target.read(targetFrom), await source.read(sourceFrom)];
  const open = copied.entries.find(({ fate }) => fate === 'open');
  if (open) return refused({ kind: 'transaction-open', target: open.offset });
  if (!copied.endSeen) return refused({ kind: 'end-compacted' });
  const visible = copied.entries.filter(({ fate }) => fate === 'kept');
  const answers = readings(original.entries).map((entries) => ({
    entries,
    answer: align({
      source: entries,
      target: visible,
      anchor,
      compaction: question.compaction,
      sourceTrimmed: source.logStart > 0,
    }),
  }));
  return decide(question, anchor, answers);
}

/**
 * The first source offset that may stand in the target after the anchor: a restart goes back to the record after the one
 * that was recorded then, writes that pair down, and what it copied again is to be found.
 */
function wentBackTo({ recorded, syncs }: PartitionEvidence, anchor: Anchor): number {
  const written = syncs.findLastIndex(
    ({ upstreamOffset, downstreamOffset }) => upstreamOffset === anchor.source && downstreamOffset === anchor.target,
  );
  const later = syncs.slice(written + 1).filter(({ downstreamOffset }) => downstreamOffset > anchor.target);
  return later.reduce(
    (from, { upstreamOffset }) => Math.min(from, upstreamOffset),
    Math.min(anchor.source, recorded ?? anchor.source),
  );
}

/** What MirrorMaker 2 may have been given of the source: everything, or (read_committed) what is known to be committed. */
function readings(entries: readonly LogEntry[]): readonly (readonly LogEntry[])[] {
  if (entries.every(({ fate }) => fate === 'kept')) return [entries];
  const open = entries.findIndex(({ fate }) => fate === 'open');
  const stable = open < 0 ? entries : entries.slice(0, open);
  return [entries, stable.filter(({ fate }) => fate === 'kept')];
}

interface Reading {
  readonly entries: readonly LogEntry[];
  readonly answer: Alignment | Misfit;
}

function decide(question: PositionQuestion, anchor: Anchor | undefined, answers: readonly Reading[]): PositionAnswer {
  const fitting = answers.flatMap(({ entries, answer }) => (answer.kind === 'aligned' ? [{ entries, answer }] : []));
  const [first, second] = fitting;
  if (first === undefined) {
    const [misfit] = answers.flatMap(({ answer }) => (answer.kind === 'aligned' ? [] : [answer]));
    return refused(misfitOf(question, misfit ?? { kind: 'nothing-in-common' }));
  }
  if (second && second.answer.last !== first.answer.last)
    return refused({ kind: 'two-answers', last: [first.answer.last, second.answer.last] });
  return positionFrom(question, anchor, first.entries, first.answer);
}

function misfitOf({ source }: PositionQuestion, misfit: Misfit): Refusal {
  if (misfit.kind === 'nothing-in-common' && source.logStart > 0)
    return { kind: 'source-trimmed', logStart: source.logStart };
  return misfit;
}

function positionFrom(
  { evidence, target }: PositionQuestion,
  anchor: Anchor | undefined,
  entries: readonly LogEntry[],
  { last, runs, duplicates }: Alignment,
): PositionAnswer {
  const { recorded } = evidence;
  const [begin] = runs;
  const [first] = entries;
  if (anchor === undefined && begin && first && begin.source > first.offset && target.logStart === 0) {
    if (recorded === undefined || recorded < begin.source)
      return refused({ kind: 'begins-late', first: first.offset, copied: begin.source });
  }
  const isMissing = ({ offset }: LogEntry) => last < offset && offset <= (recorded ?? -1);
  if (recorded !== undefined && entries.some(isMissing))
    return refused({ kind: 'target-behind-record', recorded, last });
  return {
    kind: 'found',
    nextSource: Math.max(last, recorded ?? last) + 1,
    nextTarget: target.logEnd,
    runs,
    duplicates,
    beyondRecord:
      recorded === undefined ? undefined : entries.filter((e) => recorded < e.offset && e.offset <= last).length,
  };
}

function refused(refusal: Refusal): PositionAnswer {
  return { kind: 'refused', refusal };
}
