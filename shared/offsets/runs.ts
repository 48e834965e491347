import { advance, type SourceOffset, sourceOffset, type TargetOffset } from '../flow/offset.ts';
import type { Run, SourceRange } from './head.ts';

/** The runs, in order, of records with these source offsets that stand one after the other in the target from `base` on. */
export function runsAt(ranges: readonly SourceRange[], base: TargetOffset): Run[] {
  let target = base;
  return ranges.map(({ from, length }) => {
    const run = { source: from, target, length };
    target = advance(target, length);
    return run;
  });
}

/** Ascending source offsets as ranges without holes. */
export function rangesOf(records: readonly { readonly offset: number }[]): SourceRange[] {
  const [first, last] = [records[0], records.at(-1)];
  if (first && last && last.offset - first.offset + 1 === records.length) {
    return [{ from: sourceOffset(first.offset), length: records.length }];
  }
  return rangesBetweenHoles(records);
}

function rangesBetweenHoles(records: readonly { readonly offset: number }[]): SourceRange[] {
  const ranges: { from: SourceOffset; length: number }[] = [];
  for (const { offset } of records) {
    const last = ranges.at(-1);
    if (last && offset === last.from + last.length) last.length++;
    else ranges.push({ from: sourceOffset(offset), length: 1 });
  }
  return ranges;
}

/** Adds runs behind the open one. Returns the run that is open now and those that can no longer grow. */
export function extendRuns(open: Run | undefined, landed: readonly Run[]): { open: Run | undefined; closed: Run[] } {
  const closed: Run[] = [];
  let last = open;
  for (const run of landed) {
    if (last && follows(last, run)) last = { ...last, length: last.length + run.length };
    else {
      if (last) closed.push(last);
      last = run;
    }
  }
  return { open: last, closed };
}

function follows(run: Run, next: Run): boolean {
  return run.source + run.length === next.source && run.target + run.length === next.target;
}

/** The first source offset after a run. */
export function endOfRun(run: Run): SourceOffset {
  return advance(run.source, run.length);
}

/** The part of a run below `source`, or undefined when nothing is left. */
export function cutRun(run: Run | undefined, source: SourceOffset): Run | undefined {
  if (!run || run.source >= source) return undefined;
  return { ...run, length: Math.min(run.length, source - run.source) };
}

/** The part of a run that stands below `target`, or undefined when nothing is left. */
export function cutRunAt(run: Run | undefined, target: TargetOffset): Run | undefined {
  if (!run || run.target >= target) return undefined;
  return { ...run, length: Math.min(run.length, target - run.target) };
}

/** What of ascending runs stands at `target` and beyond. */
export function fromTarget(runs: readonly Run[], target: TargetOffset): Run[] {
  return runs.flatMap((run) => {
    const skip = Math.max(0, target - run.target);
    if (skip >= run.length) return [];
    return [{ source: advance(run.source, skip), target: advance(run.target, skip), length: run.length - skip }];
  });
}
