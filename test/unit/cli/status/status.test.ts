import { describe, expect, test } from 'vitest';
import { statusAnswer } from '../../../../shared/cli/commands/status.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { causeway, properties } from '../command-line.ts';
import { orders, statusOf } from './scene.ts';

describe('the deployment', () => {
  test.each([
    ['of another file', { state: 'other-file' }, 'The file is not what was deployed'],
    [
      'that lacks a function',
      { state: 'missing', what: 'function causeway-us-east-to-us-west-checkpoint in us-west-2' },
      'there is no function causeway-us-east-to-us-west-checkpoint in us-west-2',
    ],
  ] as const)('%s is wrong, though nothing is behind', async (_, deployed, problem) => {
    const status = await statusOf({ topics: { orders: orders([9, 9]) }, deployed });
    const { exitCode, text } = statusAnswer([status], false);

    expect(exitCode).toBe(1);
    expect(status.problems).toEqual([expect.stringContaining(problem)]);
    expect(text(UNSTYLED).split('\n')[0]).toBe('us-east->us-west  wrong: the flow; 1 topic, no groups');
  });

  test('that may not be asked about is not known, and not wrong', async () => {
    const status = await statusOf({ deployed: { state: 'unknown', because: 'AccessDeniedException' } });

    expect(status.wrong).toBe(false);
    expect(statusAnswer([status], false).text(UNSTYLED)).toContain('AccessDeniedException');
  });
});

test('what stood in a partition before it was to be copied is nothing to be behind of', async () => {
  const partitions = [
    { end: 70, copied: undefined, begin: 70 },
    { end: 75, copied: undefined, begin: 70 },
  ];

  const status = await statusOf({ topics: { orders: { partitions } } });

  expect(status.topics).toMatchObject([{ records: 5, worst: 1 }]);
});

test('the text names what hurts, with ages', async () => {
  const status = await statusOf({
    topics: { orders: orders([250, 100]), clicks: orders([9, 9]) },
    groups: { billing: { orders: 60 } },
    age: () => 12.3,
    heartbeat: 2,
  });

  expect(
    statusAnswer([status], false).text(UNSTYLED),
  ).toBe(`us-east->us-west  wrong: topic orders; 150 records, 12.3 s behind; 2 topics, 1
                  group
  offset map  asked 0 s ago
  us-east     asked 0 s ago
  us-west     asked 0 s ago
  groups      asked 0 s ago
  heartbeat   2 s old
  checkpoint  as 1 group committed; the last was written 1 s ago
  topics
    orders  150 records, 12.3 s behind, most in partition 0; us-east.orders
            more than 100 records behind
    clicks  nothing behind; us-east.clicks
  groups
    billing  190 records, 12.3 s behind; at its place on us-west`);
});

test('only those that hurt most are shown, unless all are wanted', async () => {
  const topics = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`orders-${i}`, orders([9, 9])]));
  const status = await statusOf({ topics });

  expect(statusAnswer([status], false).text(UNSTYLED)).toContain('and 5 more');
  expect(statusAnswer([status], true).text(UNSTYLED)).toContain('orders-24');
});

test('flows with something wrong come first', async () => {
  const [fine, wrong] = [await statusOf({}), await statusOf({ removed: true })];

  expect(statusAnswer([fine, { ...wrong, flow: 'b->a' }], false)).toMatchObject({
    exitCode: 1,
    json: { flows: [{ flow: 'b->a' }, { flow: 'us-east->us-west' }] },
  });
});

test.each([
  [['status', 'orders'], 'status takes no orders'],
  [['status', '--max-seconds', 'soon'], '--max-seconds soon is no whole number'],
  [['status', '--watch', '--every', '0'], '--every 0 is no whole number from 1'],
  [['status', '--every', '5'], '--every goes with --watch'],
  [['status', '--watch', '--json'], '--json tells one reading, and --watch many'],
  [['status', '--watch', '--html', 'x.html'], '--html tells one reading, and --watch many'],
])('%j is refused', async (args, message) => {
  const { exitCode, err } = await causeway(args, properties('topics = orders'));

  expect(exitCode).toBe(2);
  expect(err).toContain(message);
});
