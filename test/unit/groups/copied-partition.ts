import fc from 'fast-check';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { ReplicatedPartition } from '../../../shared/groups/place.ts';
import type { Translation } from '../../../shared/groups/translation.ts';
import type { Run } from '../../../shared/offsets/head.ts';
import { type Frontier, toTarget } from '../../../shared/offsets/translate.ts';

/** A partition that is being copied, with holes on both sides, more on the source, and both logs trimmed somewhere. */
export interface CopiedPartition {
  readonly runs: readonly Run[];
  readonly frontier: Frontier;
  readonly logs: ReplicatedPartition;
}

const hole = fc.nat(3);

export const copiedPartitions: fc.Arbitrary<CopiedPartition> = fc
  .record({
    pieces: fc.array(fc.tuple(hole, hole, fc.integer({ min: 1, max: 4 })), { maxLength: 6 }),
    rest: fc.tuple(hole, hole),
    ahead: fc.tuple(hole, hole),
    trimmed: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ pieces, rest, ahead, trimmed }) => {
    let [source, target] = [0, 0];
    const runs = pieces.map(([sourceHole, targetHole, length]): Run => {
      const run = { source: sourceOffset(source + sourceHole), target: targetOffset(target + targetHole), length };
      [source, target] = [run.source + length, run.target + length];
      return run;
    });
    const frontier = { nextSource: sourceOffset(source + rest[0]), nextTarget: targetOffset(target + rest[1]) };
    const [sourceEnd, targetEnd] = [frontier.nextSource + ahead[0], frontier.nextTarget + ahead[1]];
    const logs = {
      remoteTopic: 'us-east.orders',
      source: { logStart: sourceOffset(Math.floor(trimmed[0] * sourceEnd)), logEnd: sourceOffset(sourceEnd) },
      target: { logStart: targetOffset(Math.floor(trimmed[1] * targetEnd)), logEnd: targetOffset(targetEnd) },
    };
    return { runs, frontier, logs };
  });

/** Every copied record, the slow way. */
export function pairsOf(runs: readonly Run[]): { source: number; target: number }[] {
  return runs.flatMap((run) =>
    Array.from({ length: run.length }, (_, i) => ({ source: run.source + i, target: run.target + i })),
  );
}

export function translate({ runs, frontier }: CopiedPartition, asked: number): Translation<Run['target']> {
  const { offset, clamped } = toTarget(runs, frontier, sourceOffset(asked));
  return clamped ? { kind: 'clamped', offset, beyond: asked - frontier.nextSource } : { kind: 'exact', offset };
}
