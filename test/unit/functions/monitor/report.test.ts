import { expect, test } from 'vitest';
import { StatusLog } from '../../../../functions/monitor/report.ts';
import { type Scene, statusOf } from '../../cli/status/scene.ts';
import { recorder } from '../replicate/recorder.ts';

const BEHIND: Scene = {
  topics: {
    orders: {
      partitions: [
        { end: 50, copied: 20 },
        { end: 9, copied: 9 },
      ],
    },
    payments: { partitions: [{ end: 5, copied: 5 }] },
  },
  groups: { billing: { orders: 12 }, audit: { payments: 5 } },
  age: () => 7,
};

async function read(log: StatusLog, scene: Scene): Promise<void> {
  log.read(await statusOf(scene, { watches: false }));
}

test('lag is told of the flow, of the topics that are measured, and of the group furthest behind', async () => {
  const { lines, logger, meter } = recorder();

  await read(new StatusLog(logger, meter, (topic) => topic === 'orders'), BEHIND);

  expect(meter.apart).toEqual([[{ Topic: 'orders' }, { RecordsWaiting: 30, SecondsBehind: 7 }]]);
  expect(meter.current).toMatchObject({ RecordsWaiting: [30], SecondsBehind: [7], GroupRecordsWaiting: [38] });
  expect(meter.current).toMatchObject({ ReadingsFailed: [0], FlowProblems: [0], PartitionsAtRisk: [0] });
  expect(lines.at(-1)).toEqual([
    'info',
    'us-east->us-west: 30 records behind',
    { topics: [{ topic: 'orders', partition: 0, records: 30, seconds: 7 }] },
  ]);
});

test('the groups are in the log at each reading, those furthest behind first', async () => {
  const { lines, logger, meter } = recorder();
  const scene: Scene = {
    ...BEHIND,
    groups: { billing: { orders: 25 }, audit: { payments: 5 } },
    onTarget: { billing: { orders: 20 }, audit: { payments: 6 } },
  };

  await read(new StatusLog(logger, meter, () => false), scene);
  await read(new StatusLog(logger, meter, () => false), { ...scene, groups: {} });

  const told = lines.filter(([, message]) => message === 'groups').map(([, , fields]) => fields);
  expect(told).toMatchObject([
    {
      groups: [
        { group: 'audit', records: 0, problem: expect.stringMatching(/^ahead of its place on us-west by 1 record/) },
        { group: 'billing', records: 25, seconds: 7, notReplicated: 5, problem: undefined },
      ],
    },
  ]);
});

test('nothing is said of a lag that is not known, but that it is not', async () => {
  const { logger, meter } = recorder();

  await read(new StatusLog(logger, meter, () => true), { ...BEHIND, lost: ['source'] });

  expect(meter.current).not.toHaveProperty('RecordsWaiting');
  expect(meter.apart).toEqual([
    [{ Topic: 'orders' }, {}],
    [{ Topic: 'payments' }, {}],
  ]);
  expect(meter.sums.ReadingsFailed).toBe(1);
});

test('where some ages cannot be read those of the others are told, and that something is wrong', async () => {
  const { logger, meter } = recorder();
  const partitions = [
    { end: 50, copied: 20 },
    { end: 9, copied: 2, unread: 'KAFKA_DEADLINE_EXCEEDED' },
  ];

  await read(new StatusLog(logger, meter, () => true), { ...BEHIND, topics: { orders: { partitions } } });

  expect(meter.current).toMatchObject({ RecordsWaiting: [37], SecondsBehind: [7], FlowProblems: [1] });
});

test('what is wrong is a line when it begins and one when it ends, and counts at each reading', async () => {
  const { lines, logger, meter } = recorder();
  const log = new StatusLog(logger, meter, () => false);
  const risky: Scene = { ...BEHIND, atRisk: { source: [{ partition: 'orders-0', risk: 'under-replicated' }] } };

  for (const scene of [BEHIND, risky, risky, BEHIND]) await read(log, scene);

  expect(meter.current.FlowProblems).toEqual([0, 1, 1, 0]);
  expect(
    lines
      .map(([level, message]) => [level, message])
      .filter(([, message]) => message !== 'groups' && !message?.includes('behind')),
  ).toEqual([
    ['warn', 'on us-east, orders-0 has too few replicas in step'],
    ['info', 'no longer: on us-east, orders-0 has too few replicas in step'],
  ]);
});
