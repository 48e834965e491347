import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import { COUNTED, type Difference, NOTHING_FOUND, type Tally } from '../../../shared/verify/difference.ts';
import type { VerifyPorts } from '../../../shared/verify/ports.ts';
import { MemoryPlaces } from './memory-places.ts';
import { copied, portsOf, record, recordsUpTo, run, type Scene, stamped, verified } from './scene.ts';
import { COUNT, changed, flipped, LATER, orders, type Ran, ran, source, upTo, whole } from './verified-runs.ts';

describe('runs that go on from one another', () => {
  test('compare what was replicated since, each record once', async () => {
    const places = new MemoryPlaces();

    const first = await ran(upTo(1_000), places);
    const second = await ran(upTo(COUNT), places);
    const third = await ran(upTo(COUNT), places);

    expect([first.records, second.records, third.records]).toEqual([1_000, COUNT - 1_000, 0]);
    for (const each of [first, second, third])
      expect(each).toMatchObject({ unverified: [], elsewhere: [], differences: [], lagMs: 0 });
  });

  test('read nothing where nothing came', async () => {
    const places = new MemoryPlaces();
    await ran(whole, places);

    const refused = () => Promise.reject(new Error('nobody is to be asked'));
    const again = await ran(whole, places, { ports: { logBounds: refused, ledger: refused } });

    expect(again).toMatchObject({ records: 0, unverified: [], lagMs: 0 });
  });

  test('do not take copies on their way for missing, nor for too many', async () => {
    const places = new MemoryPlaces();

    const fewer = await ran({ ...upTo(1_000), target: copied(source).slice(0, 1_000) }, places);
    const more = await ran({ ...upTo(1_500), target: copied(source).slice(0, 2_000) }, places);

    expect([...fewer.differences, ...more.differences]).toEqual([]);
    expect([fewer.records, more.records]).toEqual([1_000, 500]);
  });

  test('tell a difference once, and go on past it', async () => {
    const places = new MemoryPlaces();
    const scene = changed(700);

    const first = await ran(upTo(2_000, scene), places);
    const others = [await ran(upTo(2_000, scene), places), await ran(upTo(COUNT, scene), places)];

    expect(first.differences).toEqual([
      { kind: 'changed', source: 700, target: 700, change: { part: 'key', byte: undefined } },
    ]);
    expect(others.flatMap(({ differences }) => differences)).toEqual([]);
    expect(others.map(({ records }) => records)).toEqual([0, COUNT - 2_000]);
  });

  test('leave what is not the same near the end to the next one, once, though nothing comes', async () => {
    const places = new MemoryPlaces();
    const scene = upTo(1_000, changed(990));

    const [first, second, third] = [await ran(scene, places), await ran(scene, places), await ran(scene, places)];

    expect(first).toMatchObject({ records: 990, differences: [], unverified: [] });
    expect(second).toMatchObject({ records: 9, differences: [{ kind: 'changed', source: 990 }] });
    expect(third).toMatchObject({ records: 0, differences: [] });
  });

  test('find a record that turns up thousands of places later, as one comparison does', async () => {
    const late = source.map((each) => ({ ...each }));
    late.splice(2_500, 0, ...late.splice(200, 1));
    const scene = { ...whole, target: copied(late) };
    const places = new MemoryPlaces();

    const runs = [];
    for (const head of [1_000, 2_000, COUNT, COUNT]) runs.push(await ran(upTo(head, scene), places));

    const one = await verified(scene);
    expect(sumOf(runs)).toMatchObject(judged(one.records));
    expect(sumOf(runs)).toMatchObject({ missing: 0, extra: 0, reordered: 1 });
    expect(runs.flatMap(({ differences }) => differences)).toContainEqual({
      ...{ kind: 'reordered', sources: [200], targets: [2_500] },
    });
  });

  test('leave a place that is bounded, whatever the logs hold', async () => {
    const places = new MemoryPlaces();

    for (let i = 0; i < 4; i++) await ran({ ...whole, target: [] }, places);

    expect(places.size).toBeGreaterThan(10_000);
    expect(places.size).toBeLessThan(100_000);
  });
});

const KINDS = ['changed', 'missing', 'extra', 'reordered'] as const;
type Kind = (typeof KINDS)[number];

/** Copies with faults at these source offsets, and where the target ended when so many of the source were copied. */
function planted(records: readonly KafkaRecord[], faults: ReadonlyMap<number, Kind>) {
  const copies: KafkaRecord[] = [];
  const ends: number[] = [0];
  for (const each of records) {
    const { offset } = each;
    const fault = faults.get(offset);
    if (fault === 'changed') copies.push({ ...each, ...flipped });
    else if (fault === 'extra') copies.push(record(50_000 + offset), each);
    else if (fault === 'reordered') copies.push(record(offset + 1));
    else if (fault !== 'missing') copies.push(faults.get(offset - 1) === 'reordered' ? record(offset - 1) : each);
    ends.push(copies.length);
  }
  return { target: copied(copies), ends };
}

describe('runs that are stopped anywhere', () => {
  const STEP = 30;
  const steps = 60;
  const some = recordsUpTo(steps * STEP);
  const faults = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: steps - 2 }), fc.constantFrom(...KINDS)), {
    selector: ([place]) => place,
    maxLength: 12,
  });
  /** HEAD's way, in steps, and the time of each run and of its slices, by questions for the time. */
  const way = fc.array(
    fc.record({
      head: fc.integer({ min: 0, max: steps }),
      time: fc.integer({ min: 1, max: 40 }),
      slice: fc.integer({ min: 1, max: 8 }),
    }),
    { maxLength: 12 },
  );

  test('come to what one comparison comes to, and tell each difference once', async () => {
    await fc.assert(
      fc.asyncProperty(faults, way, async (found, stops) => {
        const placed = new Map(found.map(([place, kind]) => [10 + place * STEP, kind]));
        const { target, ends } = planted(some, placed);
        const sceneAt = (head: number): Scene => {
          const end = ends[head] ?? 0;
          const runs = head === 0 ? [] : [run(0, 0, Math.min(head, end))];
          return {
            ...{ source: some, target, runs, nextSource: head, nextTarget: end },
            head: () => ({ version: head + 1 }),
          };
        };
        const places = new MemoryPlaces();
        const runs: Ran[] = [];
        let time = LATER;
        for (const { head, time: allowed, slice } of stops.toSorted((a, b) => a.head - b.head))
          runs.push(
            await ran(sceneAt(head * STEP), places, {
              ...{ until: time + allowed, sliceMs: slice },
              ports: { now: () => ++time },
            }),
          );
        // To the end, and what the last one left.
        for (let i = 0; i < 2; i++) runs.push(await ran(sceneAt(some.length), places));

        const one = await verified(sceneAt(some.length));
        const told = runs.flatMap(({ differences }) => differences);
        expect(sumOf(runs)).toMatchObject(judged(one.records));
        expect(told.filter(isOnItsOwn)).toEqual(one.partitions[0]?.differences.filter(isOnItsOwn));
        expect(await ran(sceneAt(some.length), places)).toMatchObject({ records: 0, differences: [] });
      }),
      { numRuns: 40 },
    );
  });
});

/** Where the map is off is told as ranges, which end where a slice does. */
function isOnItsOwn({ kind }: Difference): boolean {
  return kind !== 'misplaced';
}

/** What records are counted as, of all runs; those that are the same are told by the runs themselves. */
function sumOf(runs: readonly Ran[]): Tally {
  const sum = { ...NOTHING_FOUND, same: runs.reduce((all, { records }) => all + records, 0) };
  for (const { findings } of runs.flatMap(({ slices }) => slices))
    for (const name of COUNTED) if (name !== 'same') sum[name] += findings.tally[name];
  return sum;
}

function judged({ same, changed, missing, extra, reordered, misplaced }: Tally) {
  return { same, changed, missing, extra, reordered, misplaced };
}

describe('a flow that keeps names', () => {
  test('is compared without what it leaves out, and what the target’s own producers write', async () => {
    const fromWest = { headers: [{ 'origin-dc': [...Buffer.from('us-west')] }] };
    const both = source.map((each) => (each.offset % 4 === 0 ? { ...each, ...fromWest } : each));
    const ours = both.filter(({ offset }) => offset % 4 !== 0);
    // A record of the target's own stands behind the copies of the first half.
    const half = COUNT / 2;
    const before = ours.filter(({ offset }) => offset < half).length;
    const copies = [...stamped(ours.slice(0, before)), record(70_000), ...stamped(ours.slice(before))];
    const runs = Array.from({ length: COUNT / 4 }, (_, i) => run(i * 4 + 1, i * 3 + (i * 4 < half ? 0 : 1), 3));
    const places = new MemoryPlaces();
    const sceneAt = (head: number): Scene => ({
      ...{ source: both, target: copied(copies), identity: true, runs: runs.slice(0, head / 4), nextSource: head },
      head: () => ({ version: head }),
    });

    const found = [];
    for (const head of [600, half, half + 4, COUNT, COUNT]) found.push(await ran(sceneAt(head), places));

    expect(found.flatMap(({ differences }) => differences)).toEqual([]);
    expect(sumOf(found).same).toBe(ours.length);
    expect(found.at(-1)).toMatchObject({ records: 0, unverified: [], lagMs: 0 });
  });
});

describe('two runs at once', () => {
  test('the one that is slower leaves the place as the other has it', async () => {
    const places = new MemoryPlaces();
    await ran(upTo(1_000), places);
    let faster: Ran | undefined;
    places.beforeWrite = async () => {
      faster = await ran(upTo(COUNT), places);
    };

    const slower = await ran(upTo(2_000), places);

    expect(faster?.records).toBe(COUNT - 1_000);
    expect(slower).toMatchObject({ records: 0, elsewhere: [orders], unverified: [] });
    expect((await ran(upTo(COUNT), places)).records).toBe(0);
  });

  test('both tell a difference, as the one that is told by nobody would be worse', async () => {
    const places = new MemoryPlaces();
    const scene = changed(100);
    let faster: Ran | undefined;
    places.beforeWrite = async () => {
      faster = await ran(scene, places);
    };

    const slower = await ran(scene, places);

    expect(faster?.differences).toHaveLength(1);
    expect(slower.differences).toHaveLength(1);
  });
});

test('a copy that the target’s retention takes while it is compared is no difference', async () => {
  const { target } = whole;
  const ports = portsOf({ ...whole, logStart: { target: 800 } });
  const logBounds: VerifyPorts['logBounds'] = (side, place) => portsOf({ ...whole, target }).logBounds(side, place);

  const one = await verified(whole, { ports: { read: ports.read, logBounds } });
  const found = await ran(whole, new MemoryPlaces(), { ports: { read: ports.read, logBounds } });

  expect(one).toMatchObject({ verdict: 'complete', records: { same: COUNT - 800, goneAtTarget: 800, missing: 0 } });
  expect(found).toMatchObject({ records: COUNT - 800, differences: [] });
});
