import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeHead, encodeHead } from '../../../../shared/adapters/dynamodb/head-item.ts';
import { packRuns, unpackRuns } from '../../../../shared/adapters/dynamodb/packed-runs.ts';
import { sourceOffset, targetOffset } from '../../../../shared/flow/offset.ts';
import type { Head, Run } from '../../../../shared/offsets/head.ts';
import { isProducerOlderThan } from '../../../../shared/offsets/renewal.ts';
import { isReplaying } from '../../../../shared/offsets/replay.ts';

const offset = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const producer = fc.record({ producerId: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), epoch: fc.nat(32_767) });
const runs = fc
  .array(fc.tuple(fc.nat(2 ** 40), fc.nat(2 ** 40), fc.integer({ min: 1, max: 2 ** 31 })), { maxLength: 50 })
  .map((holes) => {
    let [source, target] = [0, 0];
    return holes.map(([sourceHole, targetHole, length]): Run => {
      const run = { source: sourceOffset(source + sourceHole), target: targetOffset(target + targetHole), length };
      [source, target] = [run.source + length, run.target + length];
      return run;
    });
  });

const head: fc.Arbitrary<Head> = fc.record({
  version: fc.integer({ min: 1 }),
  sourceTopicId: fc.uuid(),
  targetTopicId: fc.uuid(),
  producer,
  renewedAt: fc.option(offset, { nil: undefined }),
  nextSequence: fc.nat(2 ** 31 - 1),
  fresh: fc.boolean(),
  nextSource: offset.map(sourceOffset),
  nextTarget: offset.map(targetOffset),
  replay: fc.option(
    fc.record({ cause: fc.constantFrom('source-cut-back', 'target-cut-back'), until: offset.map(sourceOffset) }),
    { nil: undefined },
  ),
  openRun: fc.oneof(
    fc.constant(undefined),
    runs.map((all) => all[0]),
  ),
  grant: fc.oneof(
    fc.constant({ kind: 'open' } as const),
    fc.constant({ kind: 'closed' } as const),
    runs.map((all) => ({
      kind: 'intent' as const,
      ranges: all.map(({ source, length }) => ({ from: source, length })),
    })),
  ),
  sparse: fc.boolean(),
  fence: fc.oneof(
    fc.constant({ kind: 'none' } as const),
    fc.constant({ kind: 'pending' } as const),
    fc.record({ kind: fc.constant('waiting' as const), producer, until: offset }),
  ),
  heldBy: fc.option(fc.record({ generation: fc.integer({ min: 1 }) }), { nil: undefined }),
  lease: fc.option(fc.record({ holder: fc.uuid(), until: offset }), { nil: undefined }),
  targetLeaderEpoch: fc.option(fc.nat(), { nil: undefined }),
  sourceLeaderEpoch: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
  sourceLeaderSince: fc.option(offset, { nil: undefined }),
  lastTimestamp: fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER }),
});

describe('the HEAD item', () => {
  test('says the same after a way through DynamoDB’s attribute values', () => {
    fc.assert(
      fc.property(head, (written) => {
        const attributes = marshall(encodeHead(written), { removeUndefinedValues: true });
        expect(decodeHead(unmarshall(attributes))).toEqual(written);
      }),
    );
  });

  test('is read when an older version wrote it, which knew of no renewal and no replay', () => {
    const written = {
      version: 7,
      sourceTopicId: 'source',
      targetTopicId: 'target',
      producer: { producerId: '12', epoch: 3 },
      nextSequence: 40,
      fresh: false,
      nextSource: 41,
      nextTarget: 42,
      openRun: { source: 1, target: 2, length: 40 },
      grant: { kind: 'open' },
      sparse: false,
      fence: { kind: 'none' },
      sourceLeaderEpoch: 5,
      lastTimestamp: 1_700_000_000_000,
    };

    const read = decodeHead(unmarshall(marshall(written)));

    expect(read).toMatchObject({ nextSource: 41, producer: { producerId: 12n, epoch: 3 } });
    expect(isReplaying(read)).toBe(false);
    expect(isProducerOlderThan(read, 86_400_000, 1_700_000_000_000)).toBe(true);
  });

  test('is refused when a newer version wrote it: what that one added would be lost with the next write', () => {
    fc.assert(
      fc.property(head, (written) => {
        expect(() => decodeHead({ ...encodeHead(written), addedLater: 1 })).toThrow(/addedLater/);
      }),
    );
  });

  test('is refused when somebody changed an attribute to something else', () => {
    fc.assert(
      fc.property(
        head,
        fc.constantFrom('version', 'producer', 'nextSequence', 'nextSource', 'nextTarget', 'grant', 'fence', 'fresh'),
        (written, attribute) => {
          expect(() => decodeHead({ ...encodeHead(written), [attribute]: 'edited' })).toThrow();
        },
      ),
    );
  });
});

describe('packed runs', () => {
  test('unpack to the runs that were packed', () => {
    fc.assert(
      fc.property(runs, (all) => {
        expect(unpackRuns(packRuns(all))).toEqual(all);
      }),
    );
  });

  test('take 3 bytes a run where runs and holes are short', () => {
    const short = Array.from({ length: 1000 }, (_, i) => ({
      source: sourceOffset(i * 100),
      target: targetOffset(i * 99),
      length: 99,
    }));

    expect(packRuns(short).length).toBe(3 * 1000);
  });

  test('are refused when they were cut short', () => {
    const packed = packRuns([{ source: sourceOffset(5), target: targetOffset(300), length: 7 }]);

    expect(() => unpackRuns(packed.subarray(0, -1))).toThrow(/not whole runs/);
  });
});
