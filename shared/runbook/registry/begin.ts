import { RunbookKind, type RunbookRun, StartedBy } from '../runbook.ts';
import type { RegistryEntry, RunningRunbook } from './entry.ts';
import {
  AlarmTooSoonError,
  AlreadyActiveError,
  RunbookRunningError,
  RunUnfinishedError,
  WrongSideError,
} from './refusals.ts';
import { changed, hasMoved } from './transition.ts';

/** A run that wants the lock. */
export type RunStart = Pick<RunbookRun, 'flow' | 'kind' | 'way' | 'execution' | 'startedBy'>;

export interface BeginFacts {
  /** ms since the epoch */
  readonly at: number;
  /** Whether the execution that holds the lock, if one does, is still running. */
  readonly holderRuns: boolean;
  /** ms after a move within which no alarm has another made. */
  readonly alarmCooldownMs: number;
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
 * A run that an alarm started takes the lock of a drill at most, and none within the cool-down: what one alarm has begun, or
 * a person, no alarm goes on with.
 *
 * @throws RunbookRunningError, RunUnfinishedError, AlreadyActiveError, WrongSideError, AlarmTooSoonError
 */
export function begin(
  entry: RegistryEntry,
  start: RunStart,
  { at, holderRuns, alarmCooldownMs }: BeginFacts,
): RegistryEntry {
  const { flow, kind, way, execution } = start;
  const held = entry.run;
  if (held?.execution === execution) return entry;
  if (held && holderRuns) throw new RunbookRunningError(flow, held);
  const byAlarm = start.startedBy === StartedBy.Alarm;
  const resumed = held !== undefined && !byAlarm && goesOnWith(held, start);
  if (held && !resumed && !givesWay(held, entry, byAlarm)) throw new RunUnfinishedError(flow, held, entry);
  if (!resumed && entry.active === way.to) throw new AlreadyActiveError(flow, entry.active);
  if (entry.active !== way.from && entry.active !== way.to) throw new WrongSideError(flow, entry.active, way.from);
  if (byAlarm && entry.movedAt !== undefined && at - entry.movedAt < alarmCooldownMs)
    throw new AlarmTooSoonError(flow, entry.movedAt, alarmCooldownMs);
  const run = { kind, ...way, execution, startedAt: at, abortRequested: false };
  return changed(entry, { generation: entry.generation + 1, run });
}

function goesOnWith(held: RunningRunbook, { kind, way }: RunStart): boolean {
  const alike = (held.kind === RunbookKind.Drill) === (kind === RunbookKind.Drill);
  return alike && held.from === way.from && held.to === way.to;
}

function givesWay(held: RunningRunbook, entry: RegistryEntry, toAlarm: boolean): boolean {
  return held.kind === RunbookKind.Drill || (!toAlarm && hasMoved(entry, held));
}
