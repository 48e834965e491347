import { describe, expect, test } from 'vitest';
import { ClusterUnreachableError, KafkaDeadlineError } from '../../../../shared/adapters/kafka/errors.ts';
import { asCalledHere } from '../../../../shared/cli/called-here.ts';
import { statusAnswer } from '../../../../shared/cli/commands/status.ts';
import { reportError } from '../../../../shared/cli/error-report.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { readFlow } from '../../../../shared/status/read-flow.ts';
import { checkpointed, NOW, orders, portsOf, statusOf } from './scene.ts';

describe('what does not answer', () => {
  test.each([
    ['source', ['us-east', 'groups'], 'KAFKA_UNREACHABLE'],
    ['target', ['us-west', 'groups'], 'KAFKA_UNREACHABLE'],
    ['table', ['offset map'], 'AWS_CALL_FAILED'],
  ] as const)('(%s) is shown as that, and the rest goes on', async (part, open, code) => {
    const status = await statusOf({
      topics: { orders: orders([80, 70]) },
      groups: { billing: { orders: 1 } },
      lost: [part],
    });

    expect(status.wrong).toBe(true);
    const failed = status.asked.filter(({ error }) => error !== undefined);
    expect(failed.map(({ name, error }) => [name, error?.code])).toEqual(open.map((name) => [name, code]));
    const text = statusAnswer([status], false).text(UNSTYLED);
    expect(text).toContain(`not known in full: ${open.join(', ')}`);
    expect(text.match(/no broker answers|no such table/g)).toHaveLength(1);
  });

  test('leaves lags of its topics open instead of at zero', async () => {
    const { topics } = await statusOf({ topics: { orders: orders([80, 70]) }, lost: ['source'] });

    expect(topics).toEqual([expect.objectContaining({ records: undefined, seconds: undefined })]);
  });

  test('is all there is where the flow is being destroyed', async () => {
    expect(await statusOf({ removed: true })).toMatchObject({
      wrong: true,
      problems: ['its stack is being destroyed: nothing is replicated any more'],
    });
  });
});

test('a source that does not answer leaves its groups as their last checkpoints have them, with their age', async () => {
  const status = await statusOf({
    topics: { orders: orders([80, 80]) },
    lost: ['source'],
    groups: { billing: { orders: 1 } },
    checkpointed: [checkpointed('billing', 'orders', 70, NOW - 90_000)],
    onTarget: { billing: { orders: 70 } },
  });

  expect(status.groups).toEqual([
    expect.objectContaining({ group: 'billing', translated: 1, records: undefined, checkpointAgeSeconds: 90 }),
  ]);
  expect(status.wrong).toBe(true);
  expect(statusAnswer([status], false).text(UNSTYLED)).toContain(
    'billing  not known; at its place on us-west, by its checkpoints of 90 s ago',
  );
});

test('a target that does not answer either is not asked for checkpoints: nobody waits twice for it', async () => {
  let asked = 0;
  const lastCheckpoints = async () => {
    asked += 1;
    return [];
  };

  await readFlow({ ...portsOf({ lost: ['source', 'target'] }), lastCheckpoints });
  expect(asked).toBe(0);
  await readFlow({ ...portsOf({ lost: ['source'] }), lastCheckpoints });
  expect(asked).toBe(1);
});

test('without the offset map the counts of topics and groups are not known, rather than none', async () => {
  const text = statusAnswer([await statusOf({ lost: ['table'] })], false).text(UNSTYLED);

  expect(text).toMatch(/topics not known, groups not\s+known/);
});

test('brokers that cannot be reached from here leave the commands that need none', async () => {
  const source = () => Promise.reject(new ClusterUnreachableError('us-east', ['east:9092 refused']));
  const { sourceSide } = await readFlow({ ...portsOf({}), source });

  expect(sourceSide).toMatchObject({ error: { next: expect.stringContaining('explain --live answer all the same') } });
  expect(sourceSide).toMatchObject({ error: { next: expect.stringContaining('let this machine reach it') } });
});

test('what is safe and what to do are not those of a function', () => {
  const report = reportError(new KafkaDeadlineError('us-east', 'Metadata'), false);

  expect(report).toMatchObject({
    safe: 'Replication does not hang on this command: it goes on as it did.',
    next: 'Nothing, if it is rare. Otherwise look at the request times of the cluster.',
  });
});

test('advice names the machine that calls, not a function', () => {
  expect(asCalledHere('Check that routes let this function reach it')).toBe(
    'Check that routes let this machine reach it',
  );
});
