import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { Run } from '../../../shared/offsets/head.ts';
import { toSource, toTarget } from '../../../shared/offsets/translate.ts';

const hole = fc.nat(3);
const maps = fc
  .array(fc.tuple(hole, hole, fc.integer({ min: 1, max: 4 })), { maxLength: 8 })
  .chain((pieces) => fc.tuple(fc.constant(pieces), hole, hole))
  .map(([pieces, sourceRest, targetRest]) => {
    let [source, target] = [0, 0];
    const runs = pieces.map(([sourceHole, targetHole, length]): Run => {
      const run = { source: sourceOffset(source + sourceHole), target: targetOffset(target + targetHole), length };
      [source, target] = [run.source + length, run.target + length];
      return run;
    });
    const frontier = { nextSource: sourceOffset(source + sourceRest), nextTarget: targetOffset(target + targetRest) };
    return { runs, frontier };
  });

/** Every copied record, the slow way. */
function pairs(runs: readonly Run[]): [source: number, target: number][] {
  return runs.flatMap((run) =>
    Array.from({ length: run.length }, (_, i): [number, number] => [run.source + i, run.target + i]),
  );
}

describe('translation', () => {
  test('of every source offset is the first copied record at or after it', () => {
    fc.assert(
      fc.property(maps, ({ runs, frontier }) => {
        for (let asked = 0; asked <= frontier.nextSource + 2; asked++) {
          const first = pairs(runs).find(([source]) => source >= asked);

          expect(toTarget(runs, frontier, sourceOffset(asked))).toEqual({
            offset: asked < frontier.nextSource && first ? first[1] : frontier.nextTarget,
            clamped: asked >= frontier.nextSource,
          });
        }
      }),
    );
  });

  test('of every target offset is the first copied record at or after it', () => {
    fc.assert(
      fc.property(maps, ({ runs, frontier }) => {
        for (let asked = 0; asked <= frontier.nextTarget + 2; asked++) {
          const first = pairs(runs).find(([, target]) => target >= asked);

          expect(toSource(runs, frontier, targetOffset(asked))).toEqual({
            offset: asked < frontier.nextTarget && first ? first[0] : frontier.nextSource,
            clamped: asked >= frontier.nextTarget,
          });
        }
      }),
    );
  });

  test('there and back again is where a copied record was', () => {
    fc.assert(
      fc.property(maps, ({ runs, frontier }) => {
        for (const [source] of pairs(runs)) {
          const there = toTarget(runs, frontier, sourceOffset(source));
          expect(toSource(runs, frontier, there.offset)).toEqual({ offset: source, clamped: false });
        }
      }),
    );
  });
});
