import { describe, expect, test } from 'vitest';
import { KafkaDeadlineError } from '../../../shared/adapters/kafka/errors.ts';
import { sourceOffset } from '../../../shared/flow/offset.ts';
import type { VerifyPorts } from '../../../shared/verify/ports.ts';
import { Unverified } from '../../../shared/verify/verify-slice.ts';
import { MemoryPlaces } from './memory-places.ts';
import { BEGUN, copied, item, portsOf, record } from './scene.ts';
import { COUNT, changed, LATER, orders, ran, source, upTo, whole } from './verified-runs.ts';

describe('a partition that cannot be verified', () => {
  const two: Partial<VerifyPorts> = { topics: async () => [{ ...item, partitions: 2 }] };
  const silent = new KafkaDeadlineError('us-east', 'ListOffsets of orders-1');

  test('leaves the others theirs, and is told with what the cluster said', async () => {
    const ports = portsOf(whole);
    const logBounds: VerifyPorts['logBounds'] = async (side, place) => {
      if (place.partition === 1) throw silent;
      return ports.logBounds(side, place);
    };

    const found = await ran(whole, new MemoryPlaces(), { ports: { ...two, logBounds } });

    expect(found.records).toBe(COUNT);
    expect(found.unverified).toEqual([{ partition: { ...orders, partition: 1 }, because: silent }]);
  });

  test('keeps what was compared before its log could not be read any more', async () => {
    const ports = portsOf(whole);
    let breaks = true;
    const read: VerifyPorts['read'] = async function* (side, place, from) {
      for await (const answer of ports.read(side, place, from)) {
        if (breaks && answer.batches.some(({ header }) => header.baseOffset >= 2_000)) throw silent;
        yield answer;
      }
    };
    const places = new MemoryPlaces();

    const first = await ran(whole, places, { ports: { read } });
    breaks = false;
    const second = await ran(whole, places, { ports: { read } });

    expect(first.unverified).toEqual([{ partition: orders, because: silent }]);
    expect(first.records).toBeGreaterThan(500);
    expect(first.records + second.records).toBe(COUNT);
    expect(second.unverified).toEqual([]);
  });

  test('was cut back: what was found meanwhile counts for nothing, and it is compared again from the beginning', async () => {
    const places = new MemoryPlaces();
    await ran(upTo(1_000), places);
    const ledger = [{ kind: 'target-divergence', ...{ from: sourceOffset(5), to: sourceOffset(5), at: BEGUN } }];
    const cut = { ...upTo(2_000), ledger: ledger as never };
    let asked = 0;
    const meanwhile = { ...upTo(2_000, changed(1_500)), head: () => ({ version: 2, targetTopicId: `${asked++}` }) };

    const [first, second, third] = [
      await ran(meanwhile, places),
      await ran(cut, places),
      await ran({ ...cut, head: () => ({ version: 9 }) }, places),
    ];

    expect(first).toMatchObject({ records: 0, differences: [], unverified: [{ because: Unverified.CutBack }] });
    expect(second).toMatchObject({ records: 2_000, unverified: [{ because: Unverified.CutBack }] });
    expect(third).toMatchObject({ records: 0, unverified: [] });
  });

  test.each(['source', 'target'] as const)('was overtaken by retention of the %s: the rest of it is', async (side) => {
    const places = new MemoryPlaces();
    await ran(upTo(1_000), places);

    const found = await ran({ ...upTo(COUNT), logStart: { [side]: 1_700 } }, places);

    expect(found).toMatchObject({
      ...{ records: COUNT - 1_700, differences: [] },
      unverified: [{ because: Unverified.OvertakenByRetention }],
    });
    expect((await ran({ ...upTo(COUNT), logStart: { [side]: 1_700 } }, places)).unverified).toEqual([]);
  });

  test('of which retention takes what was verified is verified', async () => {
    const places = new MemoryPlaces();
    await ran(upTo(1_000), places);

    const found = await ran({ ...upTo(COUNT), logStart: { source: 900, target: 950 } }, places);

    expect(found).toMatchObject({ records: COUNT - 1_000, unverified: [], differences: [] });
  });

  test('has too little in common: it goes on in the next run, and each run ends', async () => {
    const others = copied(source.map((each) => record(each.offset + 500_000)));
    const places = new MemoryPlaces();

    const first = await ran({ ...whole, target: others }, places, { mostApart: 100 });
    const second = await ran({ ...whole, target: others }, places, { mostApart: 100 });

    for (const each of [first, second]) expect(each.unverified).toMatchObject([{ because: Unverified.GivenUp }]);
    const [one, other] = [first, second].map(({ differences: [found] }) => found);
    expect(one).not.toEqual(other);
  });

  test('has a place that another version wrote: it is compared from the beginning', async () => {
    const places = new MemoryPlaces();
    places.spoil(orders);

    const [first, second] = [await ran(whole, places), await ran(whole, places)];

    expect(first).toMatchObject({ records: COUNT, unverified: [{ because: Unverified.PlaceUnreadable }] });
    expect(second).toMatchObject({ records: 0, unverified: [] });
  });

  test('was not begun in time: it is said, and comes first in the next run', async () => {
    const places = new MemoryPlaces();

    const none = await ran(whole, places, { until: LATER });
    const some = await ran(whole, places, { ports: two });

    expect(none).toMatchObject({ records: 0, unverified: [{ because: Unverified.NotReached }], lagMs: 0 });
    expect(some).toMatchObject({ records: 2 * COUNT, unverified: [] });
  });

  test('that is not replicated at all has nothing to verify', async () => {
    const found = await ran(whole, new MemoryPlaces(), { ports: { head: async () => undefined } });

    expect(found).toMatchObject({ records: 0, unverified: [], lagMs: 0 });
  });
});

describe('how far verification is behind', () => {
  test('is by the time of the last verified record, where it was not compared to the end', async () => {
    let time = LATER;
    const places = new MemoryPlaces();

    const found = await ran(whole, places, { until: LATER + 3, ports: { now: () => ++time } });

    expect(found.records).toBeLessThan(COUNT);
    expect(found.lagMs).toBe(time - (BEGUN + (found.records - 1) * 1_000));
  });

  test('is what the partition furthest behind is, and grows while that cannot be read', async () => {
    const places = new MemoryPlaces();
    await ran(whole, places);
    const head = () => Promise.reject(new KafkaDeadlineError('us-west', 'anything'));

    const found = await ran(whole, places, { ports: { head, now: () => LATER + 60_000 } });

    expect(found.lagMs).toBe(60_000);
  });

  test('is counted from when it was first seen, of one that could never be read, whatever the others are', async () => {
    const places = new MemoryPlaces();
    let denied = true;
    const { logBounds } = portsOf(whole);
    const ports: Partial<VerifyPorts> = {
      topics: async () => [{ ...item, partitions: 2 }],
      logBounds: async (side, place) => {
        if (place.partition === 1 && denied) throw new KafkaDeadlineError('us-east', 'ListOffsets of orders-1');
        return logBounds(side, place);
      },
    };
    const at = (ms: number) => ran(whole, places, { ports: { ...ports, now: () => LATER + ms } });

    const found = [await at(0), await at(60_000), await at(3_600_000)];
    denied = false;
    const read = await at(7_200_000);

    expect(found.map(({ lagMs }) => lagMs)).toEqual([0, 60_000, 3_600_000]);
    expect(read).toMatchObject({ records: COUNT, unverified: [], lagMs: 0 });
  });

  test('is so of one that there was no time for, and of one of which an older version kept no such time', async () => {
    const places = new MemoryPlaces();
    places.spoil(orders);
    const at = (ms: number) => ran(whole, places, { until: LATER + ms, ports: { now: () => LATER + ms } });

    expect(await at(5)).toMatchObject({ records: 0, lagMs: 0 });
    expect(await at(1_005)).toMatchObject({ records: 0, lagMs: 1_000 });
  });

  test('is so of one whose records have no time, until it was compared to its end', async () => {
    const untimed = source.map((each) => ({ ...each, timestamp: -1 }));
    const scene = { ...whole, source: untimed, target: copied(untimed) };
    const places = new MemoryPlaces();
    const oneTurn = (ms: number) => {
      let time = LATER + ms;
      return ran(scene, places, { until: time + 3, ports: { now: () => ++time } });
    };

    const [first, second] = [await oneTurn(0), await oneTurn(60_000)];

    expect(first.records + second.records).toBeLessThan(COUNT);
    expect(second.lagMs).toBeGreaterThanOrEqual(60_000);
    expect(second.lagMs).toBeLessThan(60_100);
    expect(await ran(scene, places)).toMatchObject({ lagMs: 0 });
  });

  test('is nothing for a flow without topics', async () => {
    const found = await ran(whole, new MemoryPlaces(), { ports: { topics: async () => [] } });

    expect(found).toMatchObject({ lagMs: 0, unverified: [] });
  });
});
