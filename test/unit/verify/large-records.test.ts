import { describe, expect, test } from 'vitest';
import { collectGarbage } from '../../../bench/collect-garbage.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import { Cursor } from '../../../shared/verify/cursor.ts';
import type { Difference } from '../../../shared/verify/difference.ts';
import { NotExpectedRecords } from '../../../shared/verify/left-out.ts';
import { sizeOf } from '../../../shared/verify/log-record.ts';
import type { VerifyPorts } from '../../../shared/verify/ports.ts';
import { sightOf } from '../../../shared/verify/sight.ts';
import { expectedRecords } from '../../../shared/verify/streams.ts';
import { MemoryPlaces } from './memory-places.ts';
import { copied, FLOW, portsOf, record, run, type Scene, verified } from './scene.ts';
import { ran } from './verified-runs.ts';

const MB = 1 << 20;

/** Each in a batch of its own, told apart by its key. */
function large(count: number, sizeBytes: number): KafkaRecord[] {
  const value = Buffer.alloc(sizeBytes, 'x').toString('base64');
  return Array.from({ length: count }, (_, i) => record(i, { key: keyOf(i), value }));
}

function keyOf(offset: number): string {
  return Buffer.from(`key ${offset}`).toString('base64');
}

function sceneOf(source: readonly KafkaRecord[], target: readonly KafkaRecord[] = source): Scene {
  return { source, target: copied(target), runs: [run(0, 0, source.length)], inABatch: 1 };
}

describe('of large records', () => {
  test.each([
    ['1 MB', 80, MB, 34 * MB],
    ['5 MB, of which there have to be some to be compared at all', 24, 5 * MB, 11 * 5 * MB],
  ])('no more is held of a side than its bytes allow: %s', async (_, count, sizeBytes, mostBytes) => {
    const scene = sceneOf(large(count, sizeBytes));
    let position = 0;
    const held = { source: 0, target: 0 };
    const read: VerifyPorts['read'] = async function* (side, place, from) {
      for await (const answer of portsOf(scene).read(side, place, from)) {
        const end = (answer.batches.at(-1)?.header.lastOffset ?? 0) + 1;
        held[side] = Math.max(held[side], (end - position) * sizeBytes);
        yield answer;
      }
    };
    const onTurn: Parameters<typeof verified>[1] = {
      ports: { read },
      onTurn: (underway) => {
        position = [...underway.values()][0]?.position() ?? 0;
      },
    };

    const { verdict, records } = await verified(scene, onTurn);

    expect({ verdict, same: records.same }).toEqual({ verdict: 'complete', same: count });
    for (const side of [held.source, held.target]) {
      expect(side).toBeGreaterThan(mostBytes / 2);
      expect(side).toBeLessThanOrEqual(mostBytes);
    }
  });

  describe('each fault is found, and told as among small ones', () => {
    const source = large(120, MB);
    const target = source.map((each) => ({ ...each }));
    Object.assign(target[20] ?? {}, { key: keyOf(999) });
    target.splice(40, 2, ...target.slice(40, 42).reverse());
    target.splice(60, 1);
    target.splice(80, 0, record(70_000, { key: keyOf(70_000) }));
    const scene = sceneOf(source, target);
    const faults = [
      { kind: 'changed', source: 20, change: { part: 'key', byte: 4 } },
      { kind: 'reordered', sources: [40, 41], targets: [41, 40] },
      { kind: 'missing', source: 60, inMap: true },
      { kind: 'extra', target: 80, source: 80 },
    ];
    const isFault = ({ kind }: Difference) => kind !== 'misplaced';

    test('by one comparison', async () => {
      const { partitions } = await verified(scene);

      expect(partitions[0]?.differences.filter(isFault)).toMatchObject(faults);
    });

    test('by the first run that sees what comes behind them', async () => {
      const { differences } = await ran(scene, new MemoryPlaces());

      expect(differences.filter(isFault)).toMatchObject(faults);
    });

    test('by runs that end anywhere', async () => {
      const places = new MemoryPlaces();
      const runs = [];
      for (const head of [30, 41, 62, 120, 120]) {
        // The copy of 60 is missing, and there is one too many before that of 81.
        const nextTarget = head > 60 && head <= 80 ? head - 1 : head;
        const at = { ...scene, runs: [run(0, 0, head)], nextSource: head, nextTarget, head: () => ({ version: head }) };
        runs.push(await ran(at, places));
      }

      expect(runs.flatMap(({ differences }) => differences).filter(isFault)).toMatchObject(faults);
    });
  });
});

test('a few records of many that the flow leaves out do not hold the others', async () => {
  const fromWest = { headers: [{ 'origin-dc': [...Buffer.from(FLOW.target)] }] };
  const source = Array.from({ length: 1_000 }, (_, i) => record(i, i % 100 === 50 ? {} : fromWest));
  const place = { topic: 'orders', partition: 0 };
  const read = portsOf({ source, target: [], runs: [] }).read('source', place, 0);
  const records = expectedRecords(read, {
    range: { from: 0, to: source.length },
    rules: { stamp: FLOW.source, leavesOut: FLOW.target },
    ...{ ledger: [], notExpected: new NotExpectedRecords(), onLogStart: () => {} },
  });

  const kept = (await Array.fromAsync(records)).flat();

  expect(kept.map(({ offset }) => offset)).toEqual(Array.from({ length: 10 }, (_, i) => i * 100 + 50));
  for (const each of kept) {
    expect(each.body).toHaveLength(sizeOf(each));
    expect(each.body.includes(`value ${each.offset}`)).toBe(true);
  }
});

test.each([
  ['small ones', 900, 100, 500],
  ['those of 1 MB', 900, MB, 24],
  ['the largest', 900, 10 * MB, 10],
  ['what there is', 5, 10 * MB, 5],
])('what is looked at to find where both agree again: %s', (_, length, sizeBytes, count) => {
  const view = { length, bytes: length * sizeBytes, isEnded: false };

  expect(sightOf(view, () => sizeBytes)).toBe(count);
});

test('what was taken is let go, and what is in sight is counted', async () => {
  const chunk = async function* () {
    yield Array.from({ length: 3 }, (_, i) => ({ bytes: 10 + i }));
  };
  const cursor = new Cursor(chunk(), ({ bytes }) => bytes);
  await cursor.fill(() => false);
  const refs = [0, 1].map((i) => new WeakRef(cursor.at(i) ?? { bytes: 0 }));

  cursor.take();
  expect({ length: cursor.length, bytes: cursor.bytes }).toEqual({ length: 2, bytes: 23 });
  // A reference stays until the job that made it has ended.
  await new Promise(setImmediate);
  collectGarbage();

  expect(refs.map((each) => each.deref()?.bytes)).toEqual([undefined, 11]);
});
