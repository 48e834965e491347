import { expect, test } from 'vitest';
import { liftPartition } from '../../../shared/append/hold.ts';
import { play, playUntil } from '../../simulator/play.ts';
import { scenario } from '../../simulator/scenario.ts';
import { headWith } from '../offsets/head-with.ts';

const inUse = scenario({
  name: 'a partition in use, and a runbook',
  records: 3,
  bornAt: 3,
  chunk: 1,
  deliveries: 4,
  faults: { hold: 3, lift: 2, connection: 1, crash: 1 },
});

/** What a run does to hold a partition whose HEAD has `version` before it. */
function held(name: string, version: number, epoch: number): string[] {
  return [
    `${name} writes HEAD ${version + 1}`,
    `${name} asks the target`,
    `${name} InitProducerId`,
    `${name} asks for a marker of epoch ${epoch}`,
    'a marker is written',
    `${name} scans from 1`,
    `${name} asks the target where epoch 0 ended`,
    `${name} writes HEAD ${version + 2}`,
  ];
}

const HELD = [
  'E1 is asked to hold the flow for generation 1',
  'E1 places hold 1',
  'E1 reads HEAD',
  'E1 reads the hold',
  ...held('E1', 1, 2),
];

test('a hold settles what landed, has what is late refused, and asks nothing of the source', async () => {
  const { violation, table, target, trace, takeOvers } = await playUntil(inUse, [
    'E0 is invoked with 0 to 1',
    'E0 reads HEAD',
    'E0 asks the source',
    'E0: a request arrives',
    'E0 loses its connection',
    ...HELD.slice(0, -3),
    'a late request arrives',
    ...HELD.slice(-3),
  ]);

  expect(violation).toBeUndefined();
  expect(takeOvers).toBe(1);
  expect(trace).toContain('E1 takes over: hold');
  expect(trace).toContain('  broker: records 1 at sequence 4 of 1/1 INVALID_PRODUCER_EPOCH');
  expect(trace).toContain('E1 answers held');
  expect(table.head).toMatchObject({
    heldBy: { generation: 1 },
    fence: { kind: 'none' },
    nextSource: 1,
    nextTarget: 3,
  });
  expect(target.logEnd).toBe(3);
});

test('a delivery with the HEAD of before in its memory is refused by the broker, and fails from its first unwritten offset', async () => {
  const { violation, committed, trace, target } = await playUntil(inUse, [
    'E0 is invoked with 0 to 0',
    'E0 reads HEAD',
    'E0 asks the source',
    'E0: a request arrives',
    'E0 writes HEAD 2',
    'E1 is asked to hold the flow for generation 1',
    'E1 places hold 1',
    'E1 reads HEAD',
    'E1 reads the hold',
    'E1 writes HEAD 3',
    'E1 asks the target',
    'E1 InitProducerId',
    'E1 asks for a marker of epoch 2',
    'a marker is written',
    'E1 scans from 2',
    'E1 asks the target where epoch 0 ended',
    'E1 writes HEAD 4',
    'E0 is invoked with 1 to 2',
    'E0 asks the source',
    'E0: a request arrives',
    'E0: a request arrives',
    'E0 reads HEAD',
  ]);

  expect(violation).toBeUndefined();
  expect(trace?.filter((line) => line.endsWith('INVALID_PRODUCER_EPOCH'))).toHaveLength(2);
  expect(trace?.at(-1)).toBe('E0 answers FLOW_HELD at 1');
  expect(committed).toBe(1);
  expect(target.records).toEqual([-1, 0, -2]);
});

test('a delivery leaves a take-over for a hold to the runbook, and what was left undone is finished after the lift', async () => {
  const { violation, committed, trace } = await play(inUse, [
    ...HELD.slice(0, 5),
    'E1 dies',
    'E0 is invoked with 0 to 2',
    'E0 reads HEAD',
    'E1 is asked to lift the hold for generation 1',
    'E1 lifts hold 1',
    'E1 reads HEAD',
    'E1 writes HEAD 3',
  ]);

  expect(violation).toBeUndefined();
  expect(trace).toContain('E0 answers FLOW_HELD at 0');
  expect(trace).toContain('E0 takes over: found-pending');
  expect(committed).toBe(3);
});

test('a hold that stands costs its own generation a read, a higher one a write, and neither a take-over', async () => {
  const { violation, table, trace, takeOvers } = await playUntil(inUse, [
    ...HELD,
    'E1 is asked to hold the flow for generation 1',
    'E1 places hold 1',
    'E1 reads HEAD',
    'E1 is asked to hold the flow for generation 2',
    'E1 places hold 2',
    'E1 reads HEAD',
    'E1 reads the hold',
    'E1 writes HEAD 4',
  ]);

  expect(violation).toBeUndefined();
  expect(trace?.filter((line) => line === 'E1 answers held')).toHaveLength(3);
  expect(takeOvers).toBe(1);
  expect(table.head).toMatchObject({ heldBy: { generation: 2 }, fence: { kind: 'none' } });
});

test('a lower generation neither holds nor lifts what a higher one holds', async () => {
  const { violation, table, trace } = await playUntil(inUse, [
    ...HELD,
    'E1 is asked to hold the flow for generation 2',
    'E1 places hold 2',
    'E1 reads HEAD',
    'E1 reads the hold',
    'E1 writes HEAD 4',
    'E1 is asked to hold the flow for generation 1',
    'E1 places hold 1',
    'E1 is asked to lift the hold for generation 1',
    'E1 lifts hold 1',
  ]);

  expect(violation).toBeUndefined();
  expect(table.hold?.generation).toBe(2);
  expect(table.head?.heldBy).toEqual({ generation: 2 });
  expect(trace?.filter((line) => line.includes('generation 2 holds it'))).toHaveLength(2);
});

test('a claim that was decided before a lift fails, so nothing stays held by whoever was slow', async () => {
  const { violation, table, trace } = await playUntil(inUse, [
    ...HELD.slice(0, 4),
    'E0 is asked to lift the hold for generation 1',
    'E0 lifts hold 1',
    'E0 reads HEAD',
    'E0 writes HEAD 2',
    'E1 writes HEAD 2',
    'E1 reads HEAD',
    'E1 reads the hold',
  ]);

  expect(violation).toBeUndefined();
  expect(trace).toContain('E0 answers lifted');
  expect(trace?.at(-1)).toBe('E1 answers HOLD_OUTRANKED');
  expect(table.head?.heldBy).toBeUndefined();
});

test('no HEAD is begun while the flow is held, and the delivery is told by which run', async () => {
  const topic = scenario({ name: 'a new partition', records: 1, faults: { hold: 1 } });

  const { violation, table, trace } = await playUntil(topic, [
    'E0 is invoked with 0 to 0',
    'E0 reads HEAD',
    'E0 asks the target',
    'E0 asks the source',
    'E0 asks for the bounds',
    'E0 compares with the source',
    'E0 InitProducerId',
    'E1 is asked to hold the flow for generation 1',
    'E1 places hold 1',
    'E1 reads HEAD',
    'E0 writes HEAD 1',
  ]);

  expect(violation).toBeUndefined();
  expect(trace).toContain('E1 answers not begun');
  expect(trace?.at(-1)).toBe('E0 answers FLOW_HELD at 0');
  expect(table.head).toBeUndefined();
});

test('a producer that is due for renewal is left alone while its partition is held', async () => {
  const { violation, takeOvers, trace } = await playUntil({ ...inUse, faults: { ...inUse.faults, fence: 1 } }, [
    ...HELD,
    'E0 is asked to fence the partition',
    'E0 reads HEAD',
  ]);

  expect(violation).toBeUndefined();
  expect(takeOvers).toBe(1);
  expect(trace?.at(-1)).toBe('E0 answers FLOW_HELD');
});

test('where no marker is possible, a hold is answered once nothing under the old producer id can arrive any more', async () => {
  const lastEpoch = { ...inUse, lastEpoch: 1, faults: { ...inUse.faults, pause: 2 } };
  const begun = [...HELD.slice(0, 7), 'E1 writes HEAD 3'];
  const again = ['E1 is asked to hold the flow for generation 1', 'E1 places hold 1', 'E1 reads HEAD'];

  const early = await playUntil(lastEpoch, [...begun, 'some time passes', ...again]);
  const late = await playUntil(lastEpoch, [
    ...begun,
    'some time passes',
    'some time passes',
    ...again,
    'E1 asks the target',
    'E1 describes the producer',
    'E1 asks the target where epoch 0 ended',
    'E1 scans from 1',
    'E1 writes HEAD 4',
  ]);

  expect(early.trace?.at(-1)).toBe('E1 answers OLD_PRODUCER_LINGERS');
  expect(early.table.head).toMatchObject({ heldBy: { generation: 1 }, fence: { kind: 'waiting' } });
  expect(late.violation).toBeUndefined();
  expect(late.trace?.at(-1)).toBe('E1 answers held');
  expect(late.table.head).toMatchObject({ heldBy: { generation: 1 }, fence: { kind: 'none' }, producer: { epoch: 0 } });
});

test('a partition of a topic that was made anew cannot be fenced, and is held once nothing sent before can arrive', async () => {
  const madeAnew = { ...inUse, faults: { ...inUse.faults, targetMadeAnew: 1, pause: 2 } };
  const again = ['E1 is asked to hold the flow for generation 1', 'E1 places hold 1', 'E1 reads HEAD'];

  const { violation, table, trace } = await playUntil(madeAnew, [
    'the target topic is made anew',
    ...HELD.slice(0, 6),
    'E1 writes HEAD 3',
    ...again,
    'some time passes',
    'some time passes',
    ...again,
    'E1 asks the target',
    'E0 is invoked with 0 to 2',
    'E0 reads HEAD',
  ]);

  expect(violation).toBeUndefined();
  expect(trace?.filter((line) => line.startsWith('E1 answers'))).toEqual([
    'E1 answers HOLD_WAITS',
    'E1 answers OLD_PRODUCER_LINGERS',
    'E1 answers held',
  ]);
  expect(trace?.at(-1)).toBe('E0 answers FLOW_HELD at 0');
  expect(table.head).toMatchObject({ heldBy: { generation: 1 }, version: 3 });
});

test('a lift that others are always quicker than ends with what to do, and lifts what it can', async () => {
  let version = 1;
  const partition = {
    flow: { source: 'us-east', target: 'us-west' },
    topic: 'orders',
    remoteTopic: 'us-east.orders',
    partition: 0,
    generation: 1,
  };
  const busy = (heldBy: { generation: number } | undefined) => ({
    read: async () => headWith({ version: version++, heldBy }),
    write: async () => 'conflict' as const,
  });

  await expect(liftPartition(busy({ generation: 1 }), partition, 1)).rejects.toMatchObject({
    code: 'OFFSET_MAP_UNAVAILABLE',
  });
  expect(await liftPartition(busy(undefined), partition, 1)).toBe('lifted');
});
