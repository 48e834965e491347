import { describe, expect, test } from 'vitest';
import { CausewayError } from '../../../../shared/flow/errors.ts';
import { sourceOffset } from '../../../../shared/flow/offset.ts';
import { carryOutRepair } from '../../../../shared/ledger/repair/carry-out.ts';
import { planRepair } from '../../../../shared/ledger/repair/plan.ts';
import type { RepairWanted } from '../../../../shared/ledger/repair/repair.ts';
import { MalformedRecordError } from '../../../../shared/records/errors.ts';
import { NOW, place, takesAll, World, wanted } from './world.ts';

class Denied extends CausewayError {
  readonly code = 'KAFKA_NOT_AUTHORIZED';
  readonly retriable = false;
  constructor() {
    super('Cluster us-west denies Write on topic orders.set-aside', { safe: 'Nothing.', next: 'Grant it.' });
  }
}

const third = place('orders', 3);

async function apply(world: World, changes: Partial<RepairWanted> = {}) {
  const plan = await planRepair(wanted(changes), world.ports());
  return carryOutRepair(plan, world.ports(), () => {});
}

const outcomesOf = ({ records }: Awaited<ReturnType<typeof planRepair>>) =>
  records.map(({ offset, outcome }) => `${offset} ${outcome.kind}`);

describe('the plan', () => {
  test('has each record that was set aside, its size and where it would go, and writes nothing', async () => {
    const world = new World();
    world.setAside(third, 9);
    world.setAside(place('orders', 1), 4);

    const { records } = await planRepair(wanted(), world.ports());

    expect(
      records.map(({ partition, offset, outcome }) => ({ partition: partition.partition, offset, outcome })),
    ).toEqual([
      { partition: 1, offset: 4, outcome: { kind: 'to-write', to: 1, sizeBytes: 1_100, timestamp: NOW } },
      { partition: 3, offset: 9, outcome: { kind: 'to-write', to: 0, sizeBytes: 1_100, timestamp: NOW } },
    ]);
    expect(world.written).toEqual([]);
    expect(world.notes.size).toBe(0);
  });

  test('says which would not be taken, which are damaged, and which were written before', async () => {
    const world = new World();
    for (const offset of [1, 2, 3, 4]) world.setAside(third, offset);
    world.setAside(third, 2, { value: Buffer.alloc(5_000).toString('base64') });
    world.gaps.pop();
    world.loseParts(third, 3);
    await world.ports().setAside.noteRepair(third, 4, { topic: 'elsewhere', partition: 0, offset: 17, at: NOW });
    world.destination = { ...takesAll, maxMessageBytes: 2_000 };

    const plan = await planRepair(wanted(), world.ports());

    expect(outcomesOf(plan)).toEqual(['1 to-write', '2 too-large', '3 damaged', '4 repaired']);
    expect(outcomesOf(await planRepair(wanted({ again: true }), world.ports()))[3]).toBe('4 to-write');
  });

  test('takes a record that cannot be encoded for damaged', async () => {
    const world = new World();
    world.setAside(third, 1);
    const sizeOf = () => {
      throw new MalformedRecordError({ topic: 'orders', partition: 3, offset: 1 }, 'the key is not base64', 'base64');
    };

    expect(outcomesOf(await planRepair(wanted(), { ...world.ports(), sizeOf }))).toEqual(['1 damaged']);
  });

  test('has ranges that nothing was set aside of apart', async () => {
    const world = new World();
    world.add(third, { kind: 'retention-gap', from: sourceOffset(40), to: sourceOffset(90), at: NOW });
    world.setAside(third, 1);

    const { records, others } = await planRepair(wanted(), world.ports());

    expect(records).toHaveLength(1);
    expect(others.map(({ entry }) => [entry.kind, entry.from, entry.to])).toEqual([['retention-gap', 40, 90]]);
  });

  test.each(['orders', 'us-east.orders'])('is of one topic, also by the name of its copy: %s', async (topic) => {
    const world = new World();
    world.setAside(third, 1);
    world.setAside(place('payments', 0), 2);

    const plan = await planRepair(wanted({ topic }), world.ports());

    expect(plan.records.map(({ partition }) => partition.topic)).toEqual(['orders']);
    expect(plan.absent).toBe(false);
    expect((await planRepair(wanted({ topic: 'oders' }), world.ports())).absent).toBe(true);
  });

  test('says what the destination would make of records, and who copies it on', async () => {
    const world = new World();
    world.setAside(third, 1, { timestamp: NOW - 60_000 });
    world.setAside(third, 2);
    world.setAside(third, 3, { timestamp: -1 });
    world.destination = { ...takesAll, compacted: true, keepsTimestamps: false, retentionMs: 59_000 };

    const { remarks } = await planRepair(wanted({ copiedOn: ['us-west->eu copies it on to eu'] }), world.ports());

    expect(remarks).toEqual([
      'us-west->eu copies it on to eu',
      expect.stringContaining('it is compacted'),
      expect.stringContaining('LogAppendTime'),
      expect.stringContaining('retention.ms is 59000: 1 record to write'),
    ]);
  });

  test('knows no partition of a topic that is not there, which can then not be written to', async () => {
    const world = new World();
    world.setAside(third, 1);
    world.destination = undefined;

    const plan = await planRepair(wanted(), world.ports());

    expect(plan.records[0]?.outcome).toMatchObject({ kind: 'to-write', to: undefined });
    await expect(carryOutRepair(plan, world.ports(), () => {})).rejects.toMatchObject({
      code: 'REPAIR_TOPIC_MISSING',
      next: expect.stringContaining('--create --topic orders.set-aside'),
    });
  });

  test('refuses a copy, of a topic that the flow has no more as well', async () => {
    const world = new World();
    world.setAside(third, 1);

    await expect(planRepair(wanted({ to: 'us-east.orders' }), world.ports())).rejects.toMatchObject({
      code: 'REPAIR_INTO_COPY',
    });
  });
});

describe('repairing', () => {
  test('writes by source offset, each with where it comes from after its own headers, and notes where it is', async () => {
    const world = new World();
    const headers = [{ trace: [1, -2] }, { trace: null }, { 'origin-topic': [120] }];
    world.setAside(third, 20, { headers });
    world.setAside(third, 7);
    world.setAside(place('orders', 0), 9);
    world.setAside(place('orders', 3, 2), 2);

    const plan = await apply(world);

    expect(world.log).toEqual([
      'orders-0@9 to orders.set-aside-0',
      'orders-3@7 to orders.set-aside-0',
      'orders-3@20 to orders.set-aside-0',
      'orders-3@2 to orders.set-aside-0',
    ]);
    expect(outcomesOf(plan)).toEqual(['9 written', '7 written', '20 written', '2 written']);
    const written = world.written[2]?.record;
    const { headers: _, ...rest } = world.stored.get('orders-3 g1 @20') ?? {};
    expect(written).toMatchObject(rest);
    expect(written?.headers?.slice(0, 3)).toEqual(headers);
    const origin = written?.headers?.slice(3).flatMap((header) => Object.entries(header));
    expect(origin?.map(([name, bytes]) => [name, Buffer.from(bytes ?? []).toString()])).toEqual([
      ['origin-flow', 'us-east->us-west'],
      ['origin-topic', 'orders'],
      ['origin-generation', '1'],
      ['origin-partition', '3'],
      ['origin-offset', '20'],
    ]);
    expect(world.notesOf(third, 20)).toEqual([{ topic: 'orders.set-aside', partition: 0, offset: 2, at: NOW }]);
  });

  test('writes nothing twice, but when it is told to: then both places are noted', async () => {
    const world = new World();
    world.setAside(third, 7);
    await apply(world);

    const second = await apply(world);
    expect(outcomesOf(second)).toEqual(['7 repaired']);
    expect(world.log).toHaveLength(1);

    await apply(world, { again: true });
    expect(world.log).toHaveLength(2);
    expect(world.notesOf(third, 7).map(({ offset }) => offset)).toEqual([0, 1]);
  });

  test('leaves to another call what that has written since the plan was made', async () => {
    const world = new World();
    world.setAside(third, 7);
    const plan = await planRepair(wanted(), world.ports());
    await apply(world);

    expect(outcomesOf(await carryOutRepair(plan, world.ports(), () => {}))).toEqual(['7 repaired']);
    expect(world.log).toHaveLength(1);
  });

  test('leaves what is damaged, or not taken, and goes on with the others', async () => {
    const world = new World();
    for (const offset of [1, 2, 3, 4]) world.setAside(third, offset);
    world.loseParts(third, 1);
    world.answer = ({ offset }) => {
      if (offset === 2) return { kind: 'too-large' };
      return offset === 3 ? { kind: 'refused', because: 'INVALID_TIMESTAMP' } : undefined;
    };

    const plan = await apply(world);

    expect(outcomesOf(plan)).toEqual(['1 damaged', '2 too-large', '3 refused', '4 written']);
    expect(world.log).toEqual(['orders-3@4 to orders.set-aside-0']);
    for (const offset of [1, 2, 3]) expect(world.notesOf(third, offset)).toEqual([]);
  });

  test('leaves what was damaged since the plan was made, too', async () => {
    const world = new World();
    for (const offset of [1, 2]) world.setAside(third, offset);
    const plan = await planRepair(wanted(), world.ports());
    world.loseParts(third, 1);

    expect(outcomesOf(await carryOutRepair(plan, world.ports(), () => {}))).toEqual(['1 damaged', '2 written']);
  });

  test.each([
    ['REPAIR_STOPPED', new Denied()],
    ['REPAIR_UNANSWERED', { kind: 'unknown', because: 'REQUEST_TIMED_OUT' } as const],
  ])('stops with %s, keeps what was written before, and goes on there', async (code, answer) => {
    const world = new World();
    for (const offset of [1, 2, 3]) world.setAside(third, offset);
    world.answer = ({ offset }) => (offset === 2 ? answer : undefined);

    await expect(apply(world)).rejects.toMatchObject({ code, message: expect.stringContaining('offset 2') });
    expect(world.log).toEqual(['orders-3@1 to orders.set-aside-0']);

    world.answer = () => undefined;
    expect(outcomesOf(await apply(world))).toEqual(['1 repaired', '2 written', '3 written']);
  });

  test('says where a record is that could not be noted', async () => {
    const world = new World();
    world.setAside(third, 7);
    world.noteFails = new Denied();

    await expect(apply(world)).rejects.toMatchObject({
      code: 'REPAIR_NOT_NOTED',
      message: expect.stringContaining('written to orders.set-aside-0 at offset 0'),
      safe: expect.stringContaining('second time'),
    });
  });
});
