import type { SourceOffset, TargetOffset } from '../../../flow/offset.ts';
import type { Run } from '../../../offsets/head.ts';

/**
 * Runs that follow one another in the map with none missing between. `lowest`: nor are there any below, in the table as
 * it was read.
 */
export interface RunWindow {
  readonly runs: readonly [Run, ...Run[]];
  readonly lowest: boolean;
}

/** Whether the first run that reaches `offset` is among a window's. */
export function holdsSource(window: RunWindow, offset: SourceOffset): boolean {
  return offset >= firstSource(window) && offset < endSource(window);
}

export function holdsTarget({ runs, lowest }: RunWindow, offset: TargetOffset): boolean {
  const last = lastRun(runs);
  return (lowest || offset >= runs[0].target) && offset < last.target + last.length;
}

/** First source offset that a window knows the answer for. */
export function firstSource({ runs, lowest }: RunWindow): number {
  return lowest ? 0 : runs[0].source;
}

export function endSource({ runs }: RunWindow): number {
  const last = lastRun(runs);
  return last.source + last.length;
}

/** Windows with another one added: those that it meets become one with it. Ascending, as they were. */
export function withWindow(windows: readonly RunWindow[], added: RunWindow): RunWindow[] {
  const apart = (each: RunWindow) => endSource(each) < firstSource(added) || endSource(added) < firstSource(each);
  const met = windows.filter((each) => !apart(each)).reduce(joined, added);
  return [...windows.filter(apart), met].sort((a, b) => firstSource(a) - firstSource(b));
}

/** A run that both know may have been read shorter by one of them, while it was open. */
function joined(a: RunWindow, b: RunWindow): RunWindow {
  const bySource = new Map<number, Run>();
  for (const run of [...a.runs, ...b.runs]) {
    const known = bySource.get(run.source);
    if (!known || known.length < run.length) bySource.set(run.source, run);
  }
  const [first = a.runs[0], ...rest] = [...bySource.values()].sort((x, y) => x.source - y.source);
  return { runs: [first, ...rest], lowest: a.lowest || b.lowest };
}

function lastRun(runs: readonly [Run, ...Run[]]): Run {
  return runs.at(-1) ?? runs[0];
}
