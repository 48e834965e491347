import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FenceResult } from '../../../shared/append/fence.ts';
import type { FlowPartition } from '../../../shared/flow/flow.ts';
import type { TopicItem } from '../../../shared/ledger/topic-registry.ts';
import type { Head } from '../../../shared/offsets/head.ts';
import { MappingsUnknownError } from '../../../shared/reconcile/errors.ts';
import { type Producers, partitionsDue, renewIdle } from '../../../shared/reconcile/renew.ts';
import { headWith } from '../offsets/head-with.ts';
import { settle } from './settled.ts';
import { World, wanted } from './world.ts';

const { flow } = wanted();
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** Producers by `topic-partition`, and what was done to them. */
class FakeProducers implements Producers {
  readonly renewedAt = new Map<string, number | undefined>();
  readonly answers = new Map<string, FenceResult | Error>();
  readonly renewals: string[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async head(partition: FlowPartition): Promise<Head | undefined> {
    const name = nameOf(partition);
    return this.renewedAt.has(name) ? headWith({ renewedAt: this.renewedAt.get(name) }) : undefined;
  }

  async renew(partition: FlowPartition): Promise<FenceResult> {
    const name = nameOf(partition);
    const answer = this.answers.get(name);
    if (answer instanceof Error) throw answer;
    if (answer !== undefined) return answer;
    this.renewals.push(name);
    this.renewedAt.set(name, this.#now());
    return { kind: 'fenced', head: headWith({ renewedAt: this.#now() }) };
  }
}

function nameOf({ topic, partition }: FlowPartition): string {
  return `${topic}-${partition}`;
}

/** Topics with six partitions each, settled, whose producers were all renewed at `renewedAt`. */
async function flowOf(topics: number, renewedAt: (name: string) => number | undefined) {
  const world = new World();
  for (let i = 0; i < topics; i++) world.makeSource(`t${i}`, 6);
  await settle(world, wanted());
  world.now = 100 * DAY;
  const producers = new FakeProducers(() => world.now);
  for (let i = 0; i < topics; i++)
    for (let p = 0; p < 6; p++) producers.renewedAt.set(`t${i}-${p}`, renewedAt(`t${i}-${p}`));
  return { world, producers };
}

/** A run in each minute of a day. */
async function aDay(world: World, producers: Producers) {
  const reports = [];
  for (let minute = 0; minute < 1_440; minute++) {
    reports.push(await renewIdle(flow, world.ports(), producers, world.now + 55_000));
    world.now += MINUTE;
  }
  return reports;
}

test('each partition is looked at in one minute of the day, and no minute has many', () => {
  const items = Array.from({ length: 100 }, (_, i) => item(`topic-${i}`, 30));
  const perMinute = Array.from({ length: 1_440 }, (_, minute) => partitionsDue(flow, items, minute * MINUTE));

  const names = perMinute.flat().map(({ partition }) => nameOf(partition));
  expect(names.length).toBe(3_000);
  expect(new Set(names).size).toBe(3_000);
  expect(Math.max(...perMinute.map((due) => due.length))).toBeLessThanOrEqual(12);
});

test('within a day every producer that was idle for three days is renewed once, and no other', async () => {
  const { world, producers } = await flowOf(4, (name) => 100 * DAY - (name.endsWith('-0') ? 5 : 1) * DAY);

  await aDay(world, producers);

  expect(producers.renewals.toSorted()).toEqual(['t0-0', 't1-0', 't2-0', 't3-0']);
});

test('whatever was renewed when, none gets older than four days and a minute, seven being the brokers’ patience', async () => {
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 0, max: 3 * DAY })), async (ages) => {
      const { world, producers } = await flowOf(2, () => 100 * DAY - (ages.next().value ?? 0));
      for (let day = 0; day < 5; day++) {
        await aDay(world, producers);
        for (const at of producers.renewedAt.values())
          expect(world.now - (at ?? 0)).toBeLessThanOrEqual(4 * DAY + MINUTE);
      }
    }),
    { numRuns: 3 },
  );
}, 60_000);

test('a producer of which nobody knows when it was used is renewed, one that never was is left alone', async () => {
  const { world, producers } = await flowOf(1, () => undefined);
  producers.renewedAt.delete('t0-3');

  await aDay(world, producers);

  expect(producers.renewals.toSorted()).toEqual(['t0-0', 't0-1', 't0-2', 't0-4', 't0-5']);
});

test('one that cannot be renewed stops no other, is told with its partition, and is tried again the next day', async () => {
  const { world, producers } = await flowOf(1, () => 0);
  const known = new MappingsUnknownError(flow, new Error('any error with a code'));
  producers.answers.set('t0-1', new Error('socket hang up'));
  producers.answers.set('t0-2', { kind: 'stopped', error: known });

  const errors = (await aDay(world, producers)).flatMap((report) => report.errors);

  expect(producers.renewals.toSorted()).toEqual(['t0-0', 't0-3', 't0-4', 't0-5']);
  expect(errors.length).toBe(2);
  expect(errors).toContain(known);
  expect(errors.find((error) => error !== known)).toMatchObject({
    code: 'RENEWAL_FAILED',
    message: 'us-east->us-west t0-1: its producer could not be renewed: socket hang up',
  });

  producers.answers.clear();
  await aDay(world, producers);
  expect(producers.renewals.slice(4).toSorted()).toEqual(['t0-1', 't0-2']);
});

test('topics that are not being copied, and flows that are removed, are left alone', async () => {
  const { world, producers } = await flowOf(2, () => 0);
  const drained = world.items.get('t1');
  if (drained) world.items.set('t1', { ...drained, state: 'retired' });
  await aDay(world, producers);
  expect(new Set(producers.renewals.map((name) => name.slice(0, 2)))).toEqual(new Set(['t0']));

  const removed = await flowOf(1, () => 0);
  removed.world.flow = { state: 'removed', deployment: 'r' };
  await aDay(removed.world, removed.producers);
  expect(removed.producers.renewals).toEqual([]);
});

test('a run renews twenty at most, and others first on the next day', async () => {
  const { world, producers } = await flowOf(0, () => 0);
  for (let i = 0; i < 8_000; i++) world.items.set(`x${i}`, { ...item(`x${i}`, 6), version: 1 });
  const due = partitionsDue(flow, [...world.items.values()], world.now);
  for (const { partition } of due) producers.renewedAt.set(nameOf(partition), 0);
  producers.renew = async (partition) => {
    producers.renewals.push(nameOf(partition));
    return { kind: 'fenced', head: headWith({ renewedAt: 0 }) };
  };
  expect(due.length).toBeGreaterThan(25);

  const first = await renewIdle(flow, world.ports(), producers, world.now + 55_000);
  world.now += DAY;
  const second = await renewIdle(flow, world.ports(), producers, world.now + 55_000);

  expect([first.renewed.length, second.renewed.length]).toEqual([20, 20]);
  expect(new Set(producers.renewals).size).toBe(Math.min(40, due.length));
});

test('no partition is begun when the time of the run is over', async () => {
  const { world, producers } = await flowOf(4, () => 0);

  const reports = [];
  for (let minute = 0; minute < 1_440; minute++) {
    reports.push(await renewIdle(flow, world.ports(), producers, world.now));
    world.now += MINUTE;
  }

  expect(reports.reduce((due, report) => due + report.due, 0)).toBe(24);
  expect(producers.renewals).toEqual([]);
});

function item(topic: string, partitions: number): TopicItem {
  return {
    version: 1,
    topic,
    remoteTopic: `us-east.${topic}`,
    generation: 1,
    sourceTopicId: 's',
    targetTopicId: 't',
    partitions,
    state: 'active',
    consumerGroup: `causeway.us-east.us-west.${topic}.g1`,
    mappingUuid: undefined,
    drainedAfter: undefined,
  };
}
