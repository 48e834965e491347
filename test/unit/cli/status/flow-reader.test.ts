import { describe, expect, test } from 'vitest';
import { AwsCallError } from '../../../../shared/cli/deployment-errors.ts';
import { statusAnswer } from '../../../../shared/cli/status/answer.ts';
import { statusPage } from '../../../../shared/cli/status/html/page.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { CausewayError } from '../../../../shared/flow/errors.ts';
import { summary } from '../runbook/scene.ts';
import { keptByMonitor, OUTSIDE, reader, refused } from './monitor-reading.ts';
import { NOW, type Scene } from './scene.ts';

const SCENE: Scene = {
  topics: { orders: { partitions: [{ end: 100, copied: 100 }] } },
  groups: { billing: { orders: 70 } },
  heartbeat: 1,
};
const BEHIND: Scene = { ...SCENE, topics: { orders: { partitions: [{ end: 301, copied: 100 }] } } };

const monitor = (scene: Scene, secondsAgo: number) => ({ lastOfMonitor: () => keptByMonitor(scene, secondsAgo) });

describe('from where no broker is reached', () => {
  test('what monitor found last is told, with its age and the reason', async () => {
    const reading = await reader({ ...OUTSIDE, ...monitor(SCENE, 40) }).read();
    const { exitCode, text, json } = statusAnswer([reading], false);

    expect(exitCode).toBe(0);
    expect(text(UNSTYLED)).toBe(`us-east->us-west  nothing behind; 1 topic, 1 group
  read        by monitor 40 s ago: the brokers cannot be reached from here: No
              broker of cluster us-east answers: 9092 refused
  offset map  asked 40 s ago
  us-east     asked 40 s ago
  us-west     asked 40 s ago
  groups      asked 40 s ago
  heartbeat   1 s old then
  checkpoint  as 1 group committed; the last was written 1 s before
  topics
    orders  nothing behind; us-east.orders
  groups
    billing  30 records, 1 s behind; at its place on us-west`);
    expect(json).toMatchObject({
      flows: [{ readBy: 'monitor', readAt: new Date(NOW - 40_000).toISOString(), ageSeconds: 40, wrong: false }],
    });
  });

  test('what monitor found wrong is wrong', async () => {
    const removed = await reader({ ...OUTSIDE, ...monitor({ ...SCENE, removed: true }, 5) }).read();

    expect(removed).toMatchObject({ readBy: 'monitor', wrong: true });
    expect(statusAnswer([removed], false).exitCode).toBe(1);
  });

  test('a reading older than three minutes is itself wrong', async () => {
    expect(await reader({ ...OUTSIDE, ...monitor(SCENE, 180) }).read()).toMatchObject({ wrong: false, problems: [] });

    const old = await reader({ ...OUTSIDE, ...monitor(SCENE, 181) }).read();
    expect(statusAnswer([old], false).exitCode).toBe(1);
    expect(old.problems).toEqual([expect.stringContaining('monitor read this 181 s ago, more than 180 s')]);
  });

  test('limits are those of who asks: monitor knows none', async () => {
    const kept = await keptByMonitor(BEHIND, 5);
    expect(kept.status).toMatchObject({ wrong: false, records: 201 });

    const reading = await reader({ ...OUTSIDE, lastOfMonitor: async () => kept }).read();
    expect(reading).toMatchObject({ wrong: true, topics: [{ problems: ['more than 100 records behind'] }] });
  });

  test('heartbeats that have stopped are wrong: that they are written is known from the file', async () => {
    const reading = await reader({ ...OUTSIDE, ...monitor({ ...SCENE, heartbeat: 90 }, 5) }).read();

    expect(reading.problems).toEqual([expect.stringContaining('the newest heartbeat of us-east is 90 s old')]);
  });

  test('what Lambda tells from here of the deployment is told', async () => {
    const deployed = async () => ({ state: 'other-file' }) as const;
    const reading = await reader({ ...OUTSIDE, ...monitor(SCENE, 5), deployed }).read();

    expect(reading).toMatchObject({ wrong: true, deployed: { state: 'other-file' } });
    expect(reading.problems[0]).toContain('The file is not what was deployed');
  });
});

describe('a reading from here stays', () => {
  test('where all brokers answer: monitor is not asked', async () => {
    const lastOfMonitor = () => Promise.reject(new Error('asked'));
    const reading = await reader({ lastOfMonitor }, {}, SCENE).read();

    expect(reading).toMatchObject({ readBy: 'here', readAt: NOW, ageSeconds: 0, because: undefined });
  });

  test.each([
    ['has kept nothing', async () => undefined, 'it has kept no reading yet'],
    [
      'cannot be asked',
      () => Promise.reject(new AwsCallError('us-east->us-west', 'dynamodb:GetItem of t', new Error('denied'))),
      'AWS_CALL_FAILED, us-east->us-west: dynamodb:GetItem of t failed: Error: denied',
    ],
    [
      'does not reach the source either',
      () => keptByMonitor({ ...SCENE, lost: ['source'] }, 5),
      'its last reading tells no more',
    ],
    ['found more, but long ago', () => keptByMonitor(SCENE, 900), 'its last reading is 900 s old'],
  ])('where one cluster does not answer, and monitor %s; why is told', async (_, lastOfMonitor, why) => {
    const reading = await reader({ source: refused('us-east'), lastOfMonitor }, {}, SCENE).read();

    expect(reading).toMatchObject({ readBy: 'here', wrong: true });
    const text = statusAnswer([reading], false).text(UNSTYLED).replace(/\s+/g, ' ');
    expect(text).toContain(`monitor ${reading.because}`);
    expect(reading.because).toContain(why);
  });

  test('gives way where one cluster does not answer and monitor has just reached both', async () => {
    const reading = await reader({ source: refused('us-east'), ...monitor(SCENE, 5) }, {}, SCENE).read();

    expect(reading).toMatchObject({ readBy: 'monitor', wrong: false });
  });
});

test('brokers that do not take the login are told of as that, not as out of reach', async () => {
  class Denied extends CausewayError {
    readonly code = 'KAFKA_AUTHENTICATION_REFUSED';
    readonly retriable = false;
    constructor() {
      super('us-east refused the credentials', { safe: '', next: '' });
    }
  }
  const reading = await reader({ source: () => Promise.reject(new Denied()), ...monitor(SCENE, 5) }, {}, SCENE).read();

  expect(reading.because).toBe('the brokers could not be asked from here: us-east refused the credentials');
});

describe('the newest run of a runbook', () => {
  const run = summary({
    kind: 'failover',
    startedBy: 'alarm',
    reason: 'no heartbeat arrives\u001b[2J from the source',
  });

  test('is told with who or what started it, and why, as text, to programs and on the page', async () => {
    const reading = await reader({ lastRun: async () => run }, {}, SCENE).read();
    const { text, json } = statusAnswer([reading], false);

    expect(text(UNSTYLED).replace(/\s+/g, ' ')).toContain(
      'last run failover us-east to us-west, generation 3, begun 2030-01-02T03:04:05.000Z: finished; ' +
        'started by an alarm: no heartbeat arrives',
    );
    expect(text(UNSTYLED)).not.toContain('\u001b');
    expect(json).toMatchObject({ flows: [{ lastRun: { kind: 'failover', startedBy: 'alarm', reason: run.reason } }] });
    const page = statusPage({ readings: [reading], gaps: [], at: NOW, version: '0' });
    expect(page).toMatch(/last run of a runbook.*started by an alarm: no heartbeat arrives/);
  });

  test('is told of a reading by monitor, too', async () => {
    const reading = await reader({ ...OUTSIDE, ...monitor(SCENE, 5), lastRun: async () => run }).read();

    expect(reading).toMatchObject({ readBy: 'monitor', lastRun: { startedBy: 'alarm' } });
  });

  test('is not told where there is none', async () => {
    const reading = await reader({}, {}, SCENE).read();

    expect(reading).not.toHaveProperty('lastRun');
    expect(statusAnswer([reading], false).text(UNSTYLED)).not.toContain('last run');
  });

  test('is not asked for where it is not shown', async () => {
    const lastRun = () => Promise.reject(new Error('asked'));

    expect(await reader({ lastRun }, { lastRun: false }, SCENE).read()).not.toHaveProperty('lastRun');
  });

  test('that cannot be had is no fault of the flow', async () => {
    const denied = new AwsCallError('us-east->us-west', 'dynamodb:Query of r', new Error('denied'));
    const reading = await reader({ lastRun: () => Promise.reject(denied) }, {}, SCENE).read();

    expect(reading).toMatchObject({ wrong: false });
    expect(statusAnswer([reading], false).text(UNSTYLED)).toContain('last run    not known: ');
  });
});

describe('--stored', () => {
  const never = () => Promise.reject(new Error('asked'));
  const DYNAMODB_ALONE = { source: never, target: never, topicItems: never, deployed: never, lastRun: never };

  test('asks for what monitor keeps, and nothing else', async () => {
    const reading = await reader({ ...DYNAMODB_ALONE, ...monitor(SCENE, 12.3) }, { stored: true }).read();

    expect(reading).toMatchObject({ readBy: 'monitor', ageSeconds: 12.3, because: undefined, wrong: false });
    const text = statusAnswer([reading], false).text(UNSTYLED);
    expect(text).toContain('  read        by monitor 12 s ago\n');
    expect(text).toContain('  deployed    not known: Lambda was not asked\n');
  });

  test('says that nothing was kept yet, and what to do', async () => {
    const reading = reader({ ...DYNAMODB_ALONE, lastOfMonitor: async () => undefined }, { stored: true }).read();

    await expect(reading).rejects.toMatchObject({
      code: 'STATUS_NOT_KEPT',
      message: 'us-east->us-west: the function monitor has kept no reading yet',
      next: expect.stringContaining('Without --stored the brokers are asked'),
    });
  });
});

test('who reads on asks brokers that were not reached again after a minute, and monitor meanwhile', async () => {
  let [now, asked] = [NOW, 0];
  const source = () => {
    asked += 1;
    return refused('us-east')();
  };
  const again = reader({ ...OUTSIDE, source, now: () => now, ...monitor(SCENE, 5) });

  const first = await again.read();
  const askedAtFirst = asked;
  now += 59_000;
  const second = await again.read();
  expect(second).toMatchObject({ readBy: 'monitor', ageSeconds: 64, because: first.because });
  expect(asked).toBe(askedAtFirst);
  now += 1_000;
  await again.read();
  expect(asked).toBeGreaterThan(askedAtFirst);
});
