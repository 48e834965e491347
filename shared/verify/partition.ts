import { z } from 'zod';
import { counted } from '../counted.ts';
import { CausewayError } from '../flow/errors.ts';
import { describePartition, type FlowPartition } from '../flow/flow.ts';
import type { Compacted } from '../flow/side.ts';
import { dueOf } from '../offsets/due.ts';
import { type Bounds, boundsOf, placeOn, type TimeRange } from './bounds.ts';
import { compareLogs, type Known, lineageOf, orphansIn, wasCut } from './compare-logs.ts';
import { beginningAt, type Comparison, comparisonState } from './comparison.ts';
import { type Difference, Findings, NOTHING_FOUND, type Tally } from './difference.ts';
import type { InTurn } from './in-turn.ts';
import type { VerifyPorts } from './ports.ts';
import { type WindowReport, Windows, windowsState } from './windows.ts';

const range = z.object({ from: z.int().nonnegative(), to: z.int().nonnegative() });
const offsets = z.int().nonnegative();

/** How far a partition has come, for a run that goes on where another one stopped. */
export const partitionState = z.object({
  generation: z.int().positive(),
  bounds: z.object({ source: range, target: range, beforeMap: offsets, goneAtTarget: offsets, waiting: offsets }),
  /** Of the logs that it was begun with. */
  lineage: z.string(),
  comparison: comparisonState.extend({ windows: windowsState }),
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
  readonly compacted: Compacted;
  /** Undefined: from the beginning. */
  readonly state: PartitionState | undefined;
  /** Called after each turn. */
  readonly onTurn: (now: Underway) => void;
  readonly signal: AbortSignal;
  readonly inTurn: InTurn;
}

/** Compares one partition from end to end, or to where `signal` ends it. @throws CausewayError */
export async function verifyPartition(
  ports: VerifyPorts,
  partition: FlowPartition,
  options: PartitionOptions,
): Promise<PartitionReport> {
  const [head, ledger] = await Promise.all([ports.head(partition), ports.ledger(partition)]);
  if (head === undefined) return notReplicated(ports, partition, 'nothing of it is replicated yet');
  const state = options.state ?? (await begin(ports, partition, { head, ledger }, options.times));
  if (state.lineage !== lineageOf(head, ledger)) return unproven(partition, CUT, state.bounds);
  const size = state.bounds.source.to - state.comparison.source;
  const windows = new Windows(options.windowMs, state.comparison.windows);
  const { comparison, isDone } = await options.inTurn(size, () =>
    compare(ports, partition, { head, ledger }, { state, windows }, options),
  );
  const isCut = await wasCut(ports, partition, state);
  const { findings, isGivenUp } = comparison;
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

const CUT = 'a log was cut back, or a topic made anew, while it was compared: compare it again';
export const STOPPED = 'it was stopped before it came to the end: go on with the same --state';
const GIVEN_UP = 'so little is the same that it was given up: --max-differences';

async function begin(
  ports: VerifyPorts,
  partition: FlowPartition,
  { head, ledger }: Known,
  times: TimeRange,
): Promise<PartitionState> {
  const bounds = await boundsOf(ports, partition, head, times);
  const { source, target } = bounds;
  return {
    generation: partition.generation,
    bounds,
    lineage: lineageOf(head, ledger),
    comparison: {
      ...beginningAt(source.from, target.from),
      ...{ tally: { ...NOTHING_FOUND }, told: [], windows: [] },
    },
    isDone: false,
  };
}

async function compare(
  ports: VerifyPorts,
  partition: FlowPartition,
  known: Known,
  { state, windows }: { readonly state: PartitionState; readonly windows: Windows },
  { compacted, mostApart, signal, onTurn }: PartitionOptions,
): Promise<{ readonly comparison: Comparison; readonly isDone: boolean }> {
  const { bounds, comparison: from } = state;
  const span = { bounds, from, findings: new Findings(from.tally, from.told) };
  const options = { windows, mostApart, compacted, orphans: orphansIn(known.ledger), leavesFrom: undefined };
  return compareLogs(ports, partition, known, span, options, async (comparison) => {
    let isDone = state.isDone;
    const underway: Underway = {
      bounds,
      position: () => (isDone ? bounds.source.to : comparison.position),
      state: () => ({ ...state, comparison: { ...comparison.state, windows: windows.state }, isDone }),
    };
    onTurn(underway);
    while (!isDone && !signal.aborted) {
      isDone = !(await advance(comparison, signal));
      onTurn(underway);
    }
    return { comparison, isDone };
  });
}

/** What is asked of a cluster is ended with the comparison, and fails by that; what was compared before it counts. */
async function advance(comparison: Comparison, signal: AbortSignal): Promise<boolean> {
  try {
    return await comparison.advance();
  } catch (error) {
    if (signal.aborted && error instanceof CausewayError) return true;
    throw error;
  }
}

/** One that the offset map has nothing of. Where the source has nothing of it either, nothing is missing. */
export async function notReplicated(
  ports: VerifyPorts,
  partition: FlowPartition,
  why: string,
): Promise<PartitionReport> {
  const { start, end } = await ports.logBounds('source', placeOn('source', partition));
  const from = Math.max(start, dueOf(partition, undefined, end));
  if (from === end) return { ...namesOf(partition), verdict: 'complete', ...nothing() };
  return unproven(partition, `${why}: ${counted(end - from, 'offset')} waiting`);
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
