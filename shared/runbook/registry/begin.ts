import { RunbookKind, type RunbookRun } from '../runbook.ts';
import type { RegistryEntry, RunningRunbook } from './entry.ts';
import { AlreadyActiveError, RunbookRunningError, RunUnfinishedError, WrongSideError } from './refusals.ts';
import { changed, hasMoved } from './transition.ts';

/** A run that wants the lock. */
export type RunStart = Pick<RunbookRun, 'flow' | 'kind' | 'way' | 'execution'>;

export interface BeginFacts {
  /** ms since the epoch */
  readonly at: number;
  /** Whether the execution that holds the lock, if one does, is still running. */
  readonly holderRuns: boolean;
}

/**
 * Takes the lock under a new generation. Of a run that stopped and left the lock:
 * - one that moves applications the same way goes on with it, whether planned or not; clients stay as they are, an abort
 *   that was asked for is forgotten
 * - any other may have the lock of a drill, and of a run that has moved the applications: what it left holds nobody up.
 *   Before that, the flow may be held and clients be fenced, which only a run of the same way takes back
 *
 * Asked again by the execution that holds the lock, it changes nothing.
 *
 * @throws RunbookRunningError, RunUnfinishedError, AlreadyActiveError, WrongSideError
 */
export function begin(entry: RegistryEntry, start: RunStart, { at, holderRuns }: BeginFacts): RegistryEntry {
  const { flow, kind, way, execution } = start;
  const held = entry.run;
  if (held?.execution === execution) return entry;
  if (held && holderRuns) throw new RunbookRunningError(flow, held);
  const resumed = held !== undefined && goesOnWith(held, start);
  if (held && !resumed && !givesWay(held, entry)) throw new RunUnfinishedError(flow, held, entry);
  if (!resumed && entry.active === way.to) throw new AlreadyActiveError(flow, entry.active);
  if (entry.active !== way.from && entry.active !== way.to) throw new WrongSideError(flow, entry.active, way.from);
  const run = { kind, ...way, execution, startedAt: at, abortRequested: false };
  return changed(entry, { generation: entry.generation + 1, run });
}

function goesOnWith(held: RunningRunbook, { kind, way }: RunStart): boolean {
  const alike = (held.kind === RunbookKind.Drill) === (kind === RunbookKind.Drill);
  return alike && held.from === way.from && held.to === way.to;
}

function givesWay(held: RunningRunbook, entry: RegistryEntry): boolean {
  return held.kind === RunbookKind.Drill || hasMoved(entry, held);
}
