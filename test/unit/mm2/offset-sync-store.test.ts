import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { OffsetSync } from '../../../shared/mm2/offset-sync.ts';
import { OffsetSyncEmitter } from '../../../shared/mm2/offset-sync-emitter.ts';
import { OffsetSyncStore } from '../../../shared/mm2/offset-sync-store.ts';
import { OF, range, sync, upstreams } from './syncs.ts';

function keptOf(store: OffsetSyncStore): readonly number[] {
  return store.kept(OF).map(({ upstreamOffset }) => upstreamOffset);
}

function loadedStore(syncs: readonly OffsetSync[]): OffsetSyncStore {
  const store = new OffsetSyncStore(true);
  for (const each of syncs) store.add(each);
  store.loaded();
  return store;
}

describe('the offset syncs that are kept', () => {
  test('lie ever wider apart behind the newest', () => {
    const store = loadedStore(range(0, 1000, 10));
    expect(keptOf(store)).toEqual([1000, 990, 960, 900, 840, 720, 480, 0]);

    for (const each of range(1010, 10_000, 10)) store.add(each);
    expect(keptOf(store)).toEqual([10_000, 9990, 9960, 9900, 9840, 9600, 9120, 8640, 7680, 3840, 0]);
  });

  test('begin at the last one before the start, if MirrorMaker 2 does not know what it wrote before', () => {
    const store = new OffsetSyncStore(false);
    for (const each of range(0, 1000, 10)) store.add(each);
    expect(keptOf(store)).toEqual([1000]);

    store.loaded();
    for (const each of range(1010, 10_000, 10)) store.add(each);
    expect(keptOf(store)).toEqual([10_000, 9990, 9970, 9940, 9880, 9640, 9160, 8680, 6760, 4840, 1000]);
  });

  test('are forgotten when the source begins again', () => {
    expect(keptOf(loadedStore([sync(100), sync(200), sync(150, 300)]))).toEqual([150]);
  });

  test('count one that comes again as the newest, and keep the others', () => {
    const store = loadedStore([sync(100), sync(200), sync(200, 300)]);

    expect(keptOf(store)).toEqual([200, 200, 100]);
    expect(store.translate(OF, sourceOffset(200)).offset).toBe(300);
  });

  test('are kept for each partition apart', () => {
    const store = loadedStore([sync(100), { ...sync(7), partition: 4 }]);

    expect(keptOf(store)).toEqual([100]);
    expect(store.kept({ ...OF, partition: 4 })).toEqual([{ ...sync(7), partition: 4 }]);
    expect(store.kept({ ...OF, partition: 5 })).toEqual([]);
  });
});

describe('an offset', () => {
  const store = loadedStore([sync(100, 50), sync(200, 120)]);
  const translate = (upstream: number) => store.translate(OF, sourceOffset(upstream));

  test('is translated exactly where there is a sync', () => {
    expect(translate(200)).toEqual({ offset: 120, by: sync(200, 120) });
    expect(translate(100)).toEqual({ offset: 50, by: sync(100, 50) });
  });

  test('is translated to one record behind the sync below it', () => {
    expect(translate(101)).toEqual({ offset: 51, by: sync(100, 50) });
    expect(translate(199)).toEqual({ offset: 51, by: sync(100, 50) });
    expect(translate(100_000)).toEqual({ offset: 121, by: sync(200, 120) });
  });

  test('is not translated below all syncs', () => {
    expect(translate(99)).toEqual({ offset: undefined, reason: 'too old' });
  });

  test('is not translated without any', () => {
    const translation = store.translate({ ...OF, partition: 9 }, sourceOffset(1));

    expect(translation).toEqual({ offset: undefined, reason: 'no sync' });
  });

  test('is not translated before the topic was read to its end', () => {
    const loading = new OffsetSyncStore(true);
    loading.add(sync(100, 50));

    expect(loading.translate(OF, sourceOffset(100))).toEqual({ offset: undefined, reason: 'loading' });
  });

  test('never translates to less than a smaller one', () => {
    fc.assert(
      fc.property(upstreams, fc.array(fc.maxSafeNat()), (offsets, asked) => {
        let downstream = 0;
        const syncs = offsets.map((offset) => sync(offset, downstream++ * 3));
        const full = loadedStore([...syncs]);
        const translated = [...offsets, ...asked]
          .sort((a, b) => a - b)
          .map((offset) => full.translate(OF, sourceOffset(offset)).offset ?? 0);

        expect(translated).toEqual(translated.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('of a million records', () => {
  const readAgain = (store: OffsetSyncStore) =>
    [999_000, 900_000, 100_000].map((group) => group - (store.translate(OF, sourceOffset(group)).offset ?? 0));

  test('with a sync every 100 records 15 are kept, and a group far behind reads much again', () => {
    const store = loadedStore(range(0, 999_900, 100));

    expect(store.kept(OF)).toHaveLength(15);
    expect(readAgain(store)).toEqual([599, 80_799, 99_999]);
  });

  test('offset.lag.max 100 chooses every 101st, with much the same outcome', () => {
    const emitter = new OffsetSyncEmitter(100);
    const store = loadedStore([]);
    for (let offset = 0; offset < 1_000_000; offset += 1000) {
      const run = { source: sourceOffset(offset), target: targetOffset(offset), length: 1000 };
      for (const each of emitter.acknowledged(OF, run)) {
        store.add(each);
        emitter.answered();
      }
    }

    expect(keptOf(store).slice(0, 3)).toEqual([999_900, 999_799, 999_698]);
    expect(store.kept(OF)).toHaveLength(15);
    expect(readAgain(store)).toEqual([311, 72_607, 99_999]);
  });
});
