import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HeadStore, HeadWrite } from '../../../shared/append/ports.ts';
import type { FlowPartition } from '../../../shared/flow/flow.ts';
import { advance, sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { Head, Run } from '../../../shared/offsets/head.ts';
import { withLanded } from '../../../shared/offsets/landed.ts';
import { ToldHeads } from '../../../shared/replicate/told-heads.ts';
import { head, run } from '../../integration/dynamodb/table.ts';

const ORDERS: FlowPartition = {
  flow: { source: 'us-east', target: 'us-west' },
  topic: 'orders',
  remoteTopic: 'us-east.orders',
  partition: 3,
  generation: 1,
};

/** One HEAD for all partitions, written only under the version that is expected. */
class OneHead implements HeadStore {
  stored: Head | undefined;

  constructor(stored?: Head) {
    this.stored = stored;
  }

  async read(): Promise<Head | undefined> {
    return this.stored;
  }

  async write(_: FlowPartition, expected: number, write: HeadWrite): Promise<'written' | 'conflict'> {
    if ((this.stored?.version ?? 0) !== expected) return 'conflict';
    this.stored = write.head;
    return 'written';
  }

  async runsFrom(): Promise<Run[]> {
    return [run(1, 2, 3)];
  }
}

function told(heads: HeadStore) {
  const landed: Run[] = [];
  const store = new ToldHeads(heads, (_, runs) => landed.push(...runs));
  /** Has `runs` landed after the HEAD that `from` is. */
  const land = async (from: Head, runs: readonly Run[]) => {
    const { head: next, closed } = withLanded(from, runs, -1);
    const to = { ...next, version: from.version + 1 };
    return { to, outcome: await store.write(ORDERS, from.version, { head: to, closed, ledger: [] }) };
  };
  return { store, landed, land };
}

describe('what an offset map tells of a write', () => {
  test('is nothing but what the write adds, whether the open run goes on or another begins', async () => {
    const before = head(1, { openRun: run(4, 4, 6) });
    const { store, landed, land } = told(new OneHead(before));
    await store.read(ORDERS);

    const { to } = await land(before, [run(10, 10, 5)]);
    await land(to, [run(15, 15, 2), run(20, 17, 3)]);

    expect(landed).toEqual([run(10, 10, 5), run(15, 15, 2), run(20, 17, 3)]);
  });

  test('is nothing where the write was refused, and later only what the next one adds', async () => {
    const [before, newer] = [head(1), head(2, { nextSource: sourceOffset(30), nextTarget: targetOffset(30) })];
    const heads = new OneHead(before);
    const { store, landed, land } = told(heads);
    await store.read(ORDERS);
    heads.stored = newer;

    expect((await land(before, [run(10, 10, 5)])).outcome).toBe('conflict');
    await store.read(ORDERS);
    await land(newer, [run(30, 30, 1)]);

    expect(landed).toEqual([run(30, 30, 1)]);
  });

  test('is nothing where a log was cut, or the answer to the write before was lost', async () => {
    const before = head(1, { openRun: run(0, 0, 10) });
    const { store, landed, land } = told(new OneHead(before));
    await store.read(ORDERS);
    const cutTo = { ...before, version: 2, nextSource: sourceOffset(4), openRun: undefined };
    await store.write(ORDERS, 1, { head: cutTo, closed: [run(0, 0, 4)], cutFrom: sourceOffset(4), ledger: [] });

    const other = told(new OneHead(before));
    await other.land(before, [run(10, 10, 5)]);

    expect([landed, other.landed]).toEqual([[], []]);
    await land(cutTo, [run(4, 10, 2)]);
    expect(landed).toEqual([run(4, 10, 2)]);
  });

  test('is all that has landed, each record once, whatever the runs are', async () => {
    const step = fc.record({ hole: fc.nat(2), foreign: fc.nat(2), length: fc.integer({ min: 1, max: 5 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 8 }), async (writes) => {
        let at = head(1);
        const { store, landed, land } = told(new OneHead(at));
        await store.read(ORDERS);
        const all: string[] = [];
        for (const steps of writes) {
          let [source, target] = [at.nextSource, at.nextTarget];
          const runs = steps.map(({ hole, foreign, length }) => {
            const next = { source: advance(source, hole), target: advance(target, foreign), length };
            [source, target] = [advance(next.source, length), advance(next.target, length)];
            return next;
          });
          all.push(...records(runs));
          at = (await land(at, runs)).to;
        }
        expect(records(landed)).toEqual(all);
      }),
    );
  });
});

test('what is asked of an offset map comes from the one behind it', async () => {
  const { store } = told(new OneHead());

  expect(await store.read(ORDERS)).toBeUndefined();
  expect(await store.runsFrom(ORDERS, targetOffset(0))).toEqual([run(1, 2, 3)]);
  expect(await store.write(ORDERS, 0, { head: head(1), closed: [], ledger: [] })).toBe('written');
});

function records(runs: readonly Run[]): string[] {
  return runs.flatMap(({ source, target, length }) => Array.from({ length }, (_, i) => `${source + i}->${target + i}`));
}
