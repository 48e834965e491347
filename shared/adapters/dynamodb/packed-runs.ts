import { advance, sourceOffset, targetOffset } from '../../flow/offset.ts';
import type { Run, SourceRange } from '../../offsets/head.ts';
import { decodeVarints, encodeVarints } from './varints.ts';

/**
 * Ascending runs as varints: source, target and length of the first; then for each the holes since the one before, on
 * the source and on the target, and its length. A run costs 3 bytes where holes and runs are short.
 */
export function packRuns(runs: readonly Run[]): Uint8Array {
  let [source, target] = [0, 0];
  const values: number[] = [];
  for (const run of runs) {
    values.push(run.source - source, run.target - target, run.length);
    source = run.source + run.length;
    target = run.target + run.length;
  }
  return encodeVarints(values);
}

/** @throws RangeError when the bytes are not whole runs */
export function unpackRuns(bytes: Uint8Array): Run[] {
  const runs: Run[] = [];
  let [source, target] = [sourceOffset(0), targetOffset(0)];
  for (const [sourceHole, targetHole, length] of groupsOf3(decodeVarints(bytes))) {
    const run = { source: advance(source, sourceHole), target: advance(target, targetHole), length };
    runs.push(run);
    source = advance(run.source, length);
    target = advance(run.target, length);
  }
  return runs;
}

/** An intent's ranges, packed as runs of a target that begins at 0. */
export function packRanges(ranges: readonly SourceRange[]): Uint8Array {
  let target = targetOffset(0);
  const runs = ranges.map(({ from, length }) => {
    const run = { source: from, target, length };
    target = advance(target, length);
    return run;
  });
  return packRuns(runs);
}

/** @throws RangeError when the bytes are not whole ranges */
export function unpackRanges(bytes: Uint8Array): SourceRange[] {
  return unpackRuns(bytes).map(({ source, length }) => ({ from: source, length }));
}

function groupsOf3(values: readonly number[]): [number, number, number][] {
  if (values.length % 3 !== 0) throw new RangeError(`${values.length} numbers are not whole runs`);
  const groups: [number, number, number][] = [];
  for (let i = 0; i < values.length; i += 3) groups.push([values[i] ?? 0, values[i + 1] ?? 0, values[i + 2] ?? 0]);
  return groups;
}
