import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findPosition, type PositionQuestion } from '../../../shared/adopt/find-position.ts';
import { LogPartReader } from '../../../shared/adopt/log-entry.ts';
import { tellRefusal } from '../../../shared/adopt/refusal.ts';
import { run } from '../../integration/dynamodb/table.ts';
import { batch, marker, transactional } from './batches.ts';
import { entry, type FakeLog, log, logOf, sync } from './logs.ts';

function ask(source: FakeLog, target: FakeLog, more: Partial<PositionQuestion> = {}) {
  return findPosition({
    evidence: { recorded: undefined, syncs: [sync(0, 0)] },
    source,
    target,
    compaction: { source: false, target: false },
    history: 0,
    lookBack: 1_000,
    maxRecords: 1_000,
    ...more,
  });
}

/** The first source offset to copy, or why there is none. */
async function answer(source: FakeLog, target: FakeLog, more: Partial<PositionQuestion> = {}) {
  const found = await ask(source, target, more);
  if (found.kind === 'refused') return found.refusal.kind;
  return found.kind === 'found' ? found.nextSource : 'untouched';
}

const recorded = (offset: number, ...syncs: ReturnType<typeof sync>[]) => ({
  evidence: { recorded: offset, syncs: syncs.length > 0 ? syncs : [sync(0, 0)] },
});

describe('where MirrorMaker 2 stopped', () => {
  test('is after the last record copied, not after the last one recorded', async () => {
    expect(await ask(log('a b c d e'), log('a b c d'), recorded(1))).toEqual({
      kind: 'found',
      nextSource: 4,
      nextTarget: 4,
      runs: [run(0, 0, 4)],
      duplicates: 0,
      beyondRecord: 2,
    });
  });

  test('is found when nothing was recorded: killed before its first flush', async () => {
    expect(await answer(log('a b c d e'), log('a b c'))).toBe(3);
  });

  test('is found without any offset sync, from whole logs', async () => {
    expect(await answer(log('a b c d'), log('a b c'), { evidence: { recorded: undefined, syncs: [] } })).toBe(3);
  });

  test('is the furthest copy, where a restart copied again and got less far', async () => {
    const found = await ask(log('a b c d e f'), log('a b c d b c'), recorded(0));

    expect(found).toMatchObject({ nextSource: 4, nextTarget: 6, duplicates: 2, runs: [run(0, 0, 4)] });
  });

  test('goes on after records copied again, each offset mapped to its first copy', async () => {
    const found = await ask(log('a b c d e f'), log('a b c b c d e'), recorded(4));

    expect(found).toMatchObject({ nextSource: 5, duplicates: 2, runs: [run(0, 0, 3), run(3, 5, 2)] });
  });

  test('counts records that are the same in every byte, as the log must have as many', async () => {
    expect(await answer(log('a x x x b'), log('a x x'), recorded(0))).toBe(3);
    expect(await answer(log('a b a b c'), log('a b a b'), recorded(1))).toBe(4);
  });

  test('is found from the pair written last, when its offset lies past what was recorded', async () => {
    const [source, target] = [log('a b c d e f'), log('a b c d e')];

    expect(await answer(source, target, { ...recorded(1, sync(0, 0), sync(3, 3)), lookBack: 1 })).toBe(5);
    expect(target.reads).toEqual([2]);
    expect(source.reads).toEqual([1]);
  });

  test('is not looked for from a pair of the last restart, when an earlier run had got further', async () => {
    const source = log('a b c d');
    const found = await ask(source, log('a b c a b'), recorded(0, sync(1, 4)));

    expect(found).toMatchObject({ nextSource: 3, duplicates: 2 });
    expect(source.reads).toEqual([0, 0]);
  });

  test('is found from a pair that stands between two records that are the same in every byte', async () => {
    const [source, target] = [log('a x b x c d'), log('a x b x c')];

    expect(await answer(source, target, recorded(1, sync(0, 0), sync(2, 2)))).toBe(5);
    expect(source.reads).toEqual([1]);
  });

  test('is found from a pair of the last restart, when that got further than the run before', async () => {
    const [source, target] = [log('a b c d e f'), log('a b c d b c d e')];

    expect(await answer(source, target, recorded(1, sync(0, 0), sync(1, 4), sync(2, 5)))).toBe(5);
    expect(source.reads).toEqual([1]);
  });

  test('is found from a pair of the run that got furthest, though a restart went back to before what is recorded now', async () => {
    const [source, target] = [log('a b c d e f g'), log('a b c d e f b c d')];

    expect(await answer(source, target, recorded(3, sync(0, 0), sync(4, 4), sync(1, 6)))).toBe(6);
    expect(source.reads).toEqual([1]);
  });

  test('is compared from further back for the sake of translation, as far as asked', async () => {
    const question = { ...recorded(4, sync(0, 0), sync(2, 2), sync(4, 4)), history: 2 };

    expect(await ask(log('a b c d e f'), log('a b c d e'), question)).toMatchObject({ runs: [run(2, 2, 3)] });
  });

  test('is compared from the start of short logs, where MirrorMaker 2 had no time to write its first pairs', async () => {
    const question = { ...recorded(5, sync(1, 3), sync(5, 7)), history: 10 };

    expect(await ask(log('a b c d e f g'), log('a b c b c d e f'), question)).toMatchObject({
      nextSource: 6,
      duplicates: 2,
      runs: [run(0, 0, 3), run(3, 5, 3)],
    });
  });

  test('is found though the pairs are of topics that were there before', async () => {
    expect(await answer(log('a b c d'), log('a b c'), recorded(1, sync(2, 0)))).toBe(3);
  });

  test('passes over markers and holes of the source', async () => {
    expect(await ask(log('a b - c - d e'), log('a b c d'), recorded(0))).toMatchObject({
      nextSource: 6,
      runs: [run(0, 0, 2), run(3, 2, 1), run(5, 3, 1)],
    });
  });

  test('is known where retention has taken what was copied first, on either side', async () => {
    expect(await answer(log('d e f', 3), log('a b c d e'), { evidence: { recorded: 3, syncs: [] } })).toBe(5);
    expect(await answer(log('a b c d e'), log('c d', 2), { evidence: { recorded: 2, syncs: [] } })).toBe(4);
  });

  test('is the source’s end when the source has deleted all that it had', async () => {
    expect(await answer(log('', 9), log('a b'), recorded(8))).toBe(9);
  });

  test('is nowhere when nothing was ever copied: Causeway begins by itself', async () => {
    expect(await ask(log('b c', 1), log(''), { evidence: { recorded: undefined, syncs: [] } })).toEqual({
      kind: 'untouched',
      from: 1,
    });
  });
});

describe('transactions', () => {
  test('of the source that were aborted are copied, or left out, as MirrorMaker 2 read them', async () => {
    const source = () => log('a !b !c - d e');

    expect(await answer(source(), log('a b c d'), recorded(0))).toBe(5);
    expect(await answer(source(), log('a d'), recorded(0))).toBe(5);
  });

  test('of the source give no answer where both readings have one of their own', async () => {
    expect(await answer(log('a !b - b c'), log('a b'), recorded(0))).toBe('two-answers');
  });

  test('of the source that are open were not read by who reads what is committed', async () => {
    expect(await answer(log('a ?b c'), log('a'), recorded(0))).toBe(1);
    expect(await answer(log('a ?b c'), log('a b'), recorded(0))).toBe(2);
  });

  test('of MirrorMaker 2 itself count when they are committed, and are waited for when open', async () => {
    expect(await answer(log('a b c d'), log('a b - !c !d'), recorded(1))).toBe(2);
    expect(await answer(log('a b c d'), log('a b - ?c'), recorded(1))).toBe('transaction-open');
  });
});

describe('compaction', () => {
  const both = { source: true, target: true };

  test('of the target leaves out what a later copy has the key of', async () => {
    const source = () => log('s k:1 l:1 k:2 l:2 m:1');

    expect(await answer(source(), log('s - l:1 k:2'), { ...recorded(0), compaction: both })).toBe(4);
    expect(await answer(source(), log('s l:1 k:2'), recorded(0))).toBe('missing');
    expect(await answer(source(), log('s - - k:2'), { ...recorded(0), compaction: both })).toBe('missing');
  });

  test('of the source takes what a newer record has the key of', async () => {
    const compaction = { source: true, target: false };

    expect(await answer(log('s - l:1 k:2 m:1'), log('s k:1 l:1'), { ...recorded(0), compaction })).toBe(3);
    expect(await answer(log('s - l:1 n:2 m:1'), log('s k:1 l:1'), { ...recorded(0), compaction })).toBe(
      'not-in-source',
    );
  });

  test('of the target’s very end leaves it open where that was', async () => {
    expect(await answer(log('a b'), log('a', 0, { endSeen: false }), recorded(0))).toBe('end-compacted');
  });
});

describe('nothing is taken over', () => {
  test.each([
    ['a record that the source does not have', log('a b c'), log('a x'), recorded(0), 'not-in-source'],
    [
      'a record at the target’s end that the source does not have',
      log('a b'),
      log('a b x'),
      recorded(1),
      'not-in-source',
    ],
    ['a record left out', log('a b c d'), log('a c'), recorded(0), 'missing'],
    ['a target that lost what was recorded', log('a b c d'), log('a b'), recorded(2), 'target-behind-record'],
    ['a target made anew', log('a b c d'), log(''), recorded(2), 'target-behind-record'],
    ['a source made anew', log('a'), log('a b c'), recorded(2), 'source-behind-record'],
    [
      'a source that never had a record',
      log(''),
      log('a'),
      { evidence: { recorded: undefined, syncs: [] } },
      'nothing-in-common',
    ],
    [
      'a source that has deleted all that was copied',
      log('d e', 3),
      log('a b c'),
      { evidence: { recorded: 2, syncs: [] } },
      'source-trimmed',
    ],
    [
      'a beginning that nothing explains',
      log('a b c'),
      log('b c'),
      { evidence: { recorded: undefined, syncs: [] } },
      'begins-late',
    ],
    ['more records than may be held', log('a b c'), log('a b'), { ...recorded(0), maxRecords: 2 }, 'too-much'],
  ] as const)('with %s', async (_, source, target, more, kind) => {
    const found = await ask(source, target, more);

    expect(found).toMatchObject({ kind: 'refused', refusal: { kind } });
    if (found.kind !== 'refused') return;
    const told = tellRefusal(found.refusal);
    expect(told.code).toBe(kind.replaceAll('-', '_').toUpperCase());
    expect(told.safe).toContain('Nothing of this partition was taken over');
    expect(told.next).toMatch(/^[A-Z].*\.$/);
  });

  test.each([
    ['another value', entry(1, 'k:9', 'kept', 7), 'source offset 2 has its timestamp and key, and another value'],
    ['another key', entry(1, 'n:2', 'kept', 7), 'source offset 2 has its timestamp, and another key'],
    ['another time', entry(1, 'k:2', 'kept', 8), 'source offset 2 is the same but for its timestamp'],
    ['nothing of one', entry(1, 'n:9', 'kept', 8), 'none there has its timestamp, or its content'],
  ])('and with a record that has %s of the source it says so', async (_, changed, says) => {
    const source = logOf([entry(0, 'a'), entry(1, 'k:1', 'kept', 6), entry(2, 'k:2', 'kept', 7)], {
      logStart: 0,
      logEnd: 3,
    });
    const target = logOf([entry(0, 'a'), changed], { logStart: 0, logEnd: 2 });
    const found = await ask(source, target, recorded(0));

    if (found.kind !== 'refused') throw new Error('taken over');
    expect(tellRefusal(found.refusal).what).toContain(
      `target offset 1 holds a record that the source does not have: ${says}`,
    );
  });

  test('with the same content at another time: that is another record', async () => {
    const source = log('a b c');
    const later = {
      ...log('a b'),
      read: async () => ({
        entries: (await source.read(0)).entries.map((e) => ({ ...e, timestamp: 2 })).slice(0, 2),
        endSeen: true,
      }),
    };

    expect(await answer(source, later, recorded(0))).toBe('not-in-source');
    const byBroker = {
      ...later,
      read: async () => ({
        entries: (await later.read()).entries.map((e) => ({ ...e, timestamp: undefined })),
        endSeen: true,
      }),
    };
    expect(await answer(source, byBroker, recorded(0))).toBe(2);
  });
});

test('however often MirrorMaker 2 was killed, going on from the answer gives every record, and none once more', {
  timeout: 120_000,
}, async () => {
  const life = fc.record({ copies: fc.nat(12), flushesAfter: fc.nat(12) });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 30 }).map((count) => Array.from({ length: count }, (_, i) => `r${i}`)),
      ),
      fc.array(life, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(29)),
      fc.nat(30),
      async (source, lives, synced, history) => {
        let flushed = -1;
        let furthest = 0;
        const target: string[] = [];
        const syncs = [];
        for (const { copies, flushesAfter } of lives) {
          for (let i = 0; i < copies && flushed + 1 + i < source.length; i++) {
            const offset = flushed + 1 + i;
            if (i === 0 || synced.includes(offset)) syncs.push(sync(offset, target.length));
            target.push(source[offset] ?? '');
            furthest = Math.max(furthest, offset + 1);
          }
          flushed = Math.min(flushed + Math.min(copies, flushesAfter), source.length - 1);
        }
        const evidence = { recorded: flushed < 0 ? undefined : flushed, syncs };
        const found = await ask(log(source.join(' ')), log(target.join(' ')), { evidence, history });
        if (target.length === 0) {
          expect(found.kind).toBe('untouched');
          return;
        }
        if (found.kind !== 'found') throw new Error(`refused: ${JSON.stringify(found)}`);
        expect(found.nextSource).toBeGreaterThanOrEqual(furthest);
        // Nothing is lost: what was copied, and what will be, has the source in it, in order.
        const all = [...target, ...source.slice(found.nextSource)];
        expect(isWithin(source, all)).toBe(true);
        // Where each record is another one, the answer is exact.
        if (new Set(source).size === source.length) expect(found.nextSource).toBe(furthest);
        // What it could have left out is in the target once more, byte for byte.
        expect(isWithin(source.slice(0, found.nextSource), target)).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('copied in one go, it is found from any pair, however often the same record comes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 30 }),
      fc.array(fc.nat(29), { minLength: 1 }),
      fc.nat(29),
      fc.nat(30),
      async (records, synced, flushed, history) => {
        const [source, target] = [log(records.join(' ')), log(records.join(' '))];
        const syncs = synced.filter((offset) => offset < records.length).map((offset) => sync(offset, offset));
        fc.pre(syncs.length > 0);
        const evidence = { recorded: Math.min(flushed, records.length - 1), syncs };

        expect(await answer(source, target, { evidence, history })).toBe(records.length);
        expect(source.reads).toHaveLength(1);
      },
    ),
  );
});

/** Whether all of `part` stands in `whole`, in order. */
function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const each of whole) if (each === part[at]) at += 1;
  return at === part.length;
}

test('a log’s markers decide what became of the records before them', () => {
  const batches = [
    transactional(0, 1n),
    transactional(1, 2n),
    transactional(2, 3n),
    batch(3, {}),
    marker(4, 1n, 'commit'),
    marker(5, 2n, 'abort'),
    batch(6, {}),
  ];
  const reader = new LogPartReader({ from: 0, to: 6 }, 'target');
  for (const each of batches) reader.add(each);
  const { entries, endSeen } = reader.part;

  expect(entries.map(({ offset, fate }) => [offset, fate])).toEqual([
    [0, 'kept'],
    [1, 'aborted'],
    [2, 'open'],
    [3, 'kept'],
  ]);
  expect(endSeen).toBe(true);
});

test('a log’s end is not seen where compaction has taken the record before it', () => {
  const endSeen = (to: number, ...batches: readonly ReturnType<typeof batch>[]) => {
    const reader = new LogPartReader({ from: 0, to }, 'target');
    for (const each of batches) reader.add(each);
    return reader.part.endSeen;
  };

  expect(endSeen(4, batch(0, { lastOffset: 3 }))).toBe(false);
  expect(endSeen(4, batch(0, { lastOffset: 3 }), batch(4, {}))).toBe(false);
  expect(endSeen(1, batch(0, {}))).toBe(true);
});
