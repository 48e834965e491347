import { z } from 'zod';
import { describePartition, type FlowPartition } from '../flow/flow.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { Head } from '../offsets/head.ts';
import { type Bounds, boundsOf, placeOn, runsOf, type TimeRange } from './bounds.ts';
import { Comparison, comparisonState } from './comparison.ts';
import { Cursor } from './cursor.ts';
import { type Difference, NOTHING_FOUND, type Tally } from './difference.ts';
import { NotExpectedRecords } from './left-out.ts';
import { MapCursor } from './map-cursor.ts';
import type { VerifyPorts } from './ports.ts';
import { copies, expectedRecords } from './streams.ts';
import type { WindowReport } from './windows.ts';

const range = z.object({ from: z.int().nonnegative(), to: z.int().nonnegative() });
const offsets = z.int().nonnegative();

/** How far a partition has come, for a run that goes on where another one stopped. */
export const partitionState = z.object({
  generation: z.int().positive(),
  bounds: z.object({ source: range, target: range, beforeMap: offsets, goneAtTarget: offsets, waiting: offsets }),
  /** Of the logs that it was begun with. */
  lineage: z.string(),
  comparison: comparisonState,
  isDone: z.boolean(),
});
export type PartitionState = z.infer<typeof partitionState>;

/**
 * complete: what was compared is the same. different: something is not. unproven: it could not be compared, or not to the
 * end.
 */
export type Verdict = 'complete' | 'different' | 'unproven';

export interface PartitionReport {
  readonly topic: string;
  readonly remoteTopic: string;
  readonly partition: number;
  readonly generation: number;
  readonly verdict: Verdict;
  /** Why it is unproven, or was not compared to its end. */
  readonly reason?: string;
  readonly bounds?: Bounds;
  readonly records: Tally;
  /** The first ones. */
  readonly differences: readonly Difference[];
  readonly windows: readonly WindowReport[];
}

/** A comparison on its way. */
export interface Underway {
  readonly bounds: Bounds;
  /** The first source offset that was not compared yet. */
  readonly position: () => number;
  /** What it takes to go on from here. */
  readonly state: () => PartitionState;
}

export interface PartitionOptions {
  readonly times: TimeRange;
  readonly windowMs: number;
  readonly mostApart: number;
  readonly compacted: { readonly source: boolean; readonly target: boolean };
  /** Undefined: from the beginning. */
  readonly state: PartitionState | undefined;
  /** Called after each turn. */
  readonly onTurn: (now: Underway) => void;
  readonly signal: AbortSignal;
  /** Lets one large partition at a time be compared, by its offsets: memory is bounded for one, and no faster for two. */
  readonly inTurn: <T>(offsets: number, compare: () => Promise<T>) => Promise<T>;
}

/** Compares one partition from end to end, or to where `signal` ends it. @throws CausewayError */
export async function verifyPartition(
  ports: VerifyPorts,
  partition: FlowPartition,
  options: PartitionOptions,
): Promise<PartitionReport> {
  const [head, ledger] = await Promise.all([ports.head(partition), ports.ledger(partition)]);
  if (head === undefined) return withoutMap(ports, partition);
  const state = options.state ?? (await begin(ports, partition, { head, ledger }, options.times));
  if (state.lineage !== lineageOf(head, ledger)) return unproven(partition, CUT, state.bounds);
  const size = state.bounds.source.to - state.comparison.source;
  const { comparison, isDone } = await options.inTurn(size, () =>
    compare(ports, partition, { head, ledger }, state, options),
  );
  const isCut = await wasCut(ports, partition, state);
  const { findings, windows, isGivenUp } = comparison;
  const isStopped = !isDone;
  const reason = isCut ? CUT : isGivenUp ? GIVEN_UP : isStopped ? STOPPED : undefined;
  return {
    ...namesOf(partition),
    verdict: isCut ? 'unproven' : !findings.isWhole ? 'different' : isStopped ? 'unproven' : 'complete',
    ...(reason && { reason }),
    bounds: state.bounds,
    records: findings.tally,
    differences: findings.told,
    windows: windows.report(),
  };
}

interface Known {
  readonly head: Head;
  readonly ledger: readonly LedgerEntry[];
}

const CUT = 'a log was cut back, or a topic made anew, while it was compared: compare it again';
const STOPPED = 'it was stopped before it came to the end: go on with the same --state';
const GIVEN_UP = 'so little is the same that it was given up: --max-differences';

async function begin(
  ports: VerifyPorts,
  partition: FlowPartition,
  { head, ledger }: Known,
  times: TimeRange,
): Promise<PartitionState> {
  const bounds = await boundsOf(ports, partition, head, times);
  const { source, target } = bounds;
  const comparison = { source: source.from, target: target.from, off: 0, tally: { ...NOTHING_FOUND } };
  return {
    generation: partition.generation,
    bounds,
    lineage: lineageOf(head, ledger),
    comparison: { ...comparison, told: [], windows: [] },
    isDone: false,
  };
}

async function compare(
  ports: VerifyPorts,
  partition: FlowPartition,
  { head, ledger }: Known,
  state: PartitionState,
  { compacted, windowMs, mostApart, signal, onTurn }: PartitionOptions,
): Promise<{ readonly comparison: Comparison; readonly isDone: boolean }> {
  const { bounds, comparison: from } = state;
  const { rules } = ports;
  const map = new MapCursor(runsOf(ports, partition, head));
  const notExpected = new NotExpectedRecords();
  let logStart = bounds.source.from;
  const source = new Cursor(
    expectedRecords(ports.read('source', placeOn('source', partition), from.source), {
      range: { from: from.source, to: bounds.source.to },
      ...{ rules, ledger, notExpected },
      onLogStart: (start) => {
        logStart = Math.max(logStart, start);
      },
    }),
  );
  const target = new Cursor(
    copies(
      ports.read('target', placeOn('target', partition), from.target),
      { from: from.target, to: bounds.target.to },
      map,
    ),
  );
  const comparison = new Comparison(source, target, from, {
    ...{ rules, windowMs, mostApart, compacted, map, notExpected },
    orphans: orphansIn(ledger),
    shared: rules.stamp !== undefined,
    logStart: () => logStart,
  });
  try {
    let isDone = state.isDone;
    const underway: Underway = {
      bounds,
      position: () => (isDone ? bounds.source.to : comparison.position),
      state: () => ({ ...state, comparison: comparison.state, isDone }),
    };
    onTurn(underway);
    while (!isDone && !signal.aborted) {
      isDone = !(await comparison.advance());
      onTurn(underway);
    }
    return { comparison, isDone };
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}

async function wasCut(ports: VerifyPorts, partition: FlowPartition, state: PartitionState): Promise<boolean> {
  const [head, ledger] = await Promise.all([ports.head(partition), ports.ledger(partition)]);
  return head === undefined || lineageOf(head, ledger) !== state.lineage || head.nextSource < state.bounds.source.to;
}

/** Another one for a topic that was made anew, and after each cut of a log, which is in the ledger. */
function lineageOf({ sourceTopicId, targetTopicId }: Head, ledger: readonly LedgerEntry[]): string {
  const cuts = ledger.filter(({ kind }) => kind === 'source-divergence' || kind === 'target-divergence');
  return [sourceTopicId, targetTopicId, cuts.length].join(' ');
}

/** Source offsets that were cut off after their records had been copied. */
function orphansIn(ledger: readonly LedgerEntry[]): number {
  return ledger.reduce((sum, { kind, from, to }) => (kind === 'source-divergence' ? sum + to - from : sum), 0);
}

async function withoutMap(ports: VerifyPorts, partition: FlowPartition): Promise<PartitionReport> {
  const { start, end } = await ports.logBounds('source', placeOn('source', partition));
  if (start === end) return { ...namesOf(partition), verdict: 'complete', ...nothing() };
  return unproven(partition, `nothing of it is replicated yet: ${end - start} offsets are waiting`);
}

export function unproven(partition: FlowPartition, reason: string, bounds?: Bounds): PartitionReport {
  return { ...namesOf(partition), verdict: 'unproven', reason, ...(bounds && { bounds }), ...nothing() };
}

function nothing() {
  return { records: NOTHING_FOUND, differences: [], windows: [] };
}

function namesOf({ topic, remoteTopic, partition, generation }: FlowPartition) {
  return { topic, remoteTopic, partition, generation };
}

/** A partition's key in what is kept to go on from. */
export function stateKey(partition: FlowPartition): string {
  return `${describePartition(partition)}#${partition.generation}`;
}
