import { describe, expect, test } from 'vitest';
import { AwsCallError } from '../../../../shared/cli/deployment-errors.ts';
import { ExitCode } from '../../../../shared/cli/exit-code.ts';
import { approve, start, status } from '../../../../shared/cli/runbook/verbs.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { ClientState } from '../../../../shared/runbook/registry/entry.ts';
import { BEGAN, EXECUTION, locked, record, Scene, summary, WAITING } from './scene.ts';

describe('start', () => {
  test('shows each stage when it begins to wait and when it has ended, once each, and ends with the execution', async () => {
    const [lock, drain] = [record('lock'), record('drain', { ...WAITING, says: '40 records to go' })];
    const scene = new Scene(
      { running: true },
      { running: true, entry: locked(), stages: [lock] },
      { running: true, entry: locked(), stages: [lock, drain] },
      { running: true, entry: locked(), stages: [lock, drain] },
      { running: false, entry: locked(), stages: [lock, record('drain', { says: 'lag 0' })] },
    );

    const answer = await start(scene.asked, { reason: 'maintenance' }, false);

    expect(scene.started).toEqual([{ reason: 'maintenance' }]);
    expect(scene.lines).toEqual([
      `us-east->us-west: switchover started: ${EXECUTION}`,
      '  lock              PASS         1.5 s  lock is well',
      '  drain             ...          5.0 s  40 records to go',
      '  drain             PASS         1.5 s  lag 0',
    ]);
    expect(answer.exitCode).toBe(ExitCode.Yes);
    expect(answer.text(UNSTYLED)).toBe('us-east->us-west: switchover went through');
  });

  test('says why a run did not go through', async () => {
    const error = { code: 'UNROUTED_PRODUCER', safe: 'Writers go on.', next: 'Stop it.' };
    const stopped = record('fence-writers', { outcome: 'stopped', verdict: undefined, says: 'orders-3 grew', error });
    const scene = new Scene({ running: false, entry: locked(), stages: [stopped] });
    scene.failure = { error: 'UNROUTED_PRODUCER', cause: 'fence-writers: orders-3 grew' };

    const answer = await start(scene.asked, {}, false);

    expect(scene.lines[1]).toMatch(
      /^ {2}fence-writers {5}STOPPED +1\.5 s {2}orders-3 grew\n +Writers go on\.\n +Stop it\.$/,
    );
    expect(answer.exitCode).toBe(ExitCode.No);
    expect(answer.text(UNSTYLED)).toBe(
      'us-east->us-west: switchover did not go through: UNROUTED_PRODUCER\nfence-writers: orders-3 grew',
    );
  });

  test('goes on showing what goes on while AWS does not answer, for a minute', async () => {
    const away = new AwsCallError('us-east->us-west', 'states:DescribeExecution', new Error('no answer'));
    const lock = record('lock');
    const seen = { running: true, entry: locked(), stages: [lock] };
    const scene = new Scene(seen, { fails: away }, { fails: away }, { ...seen, running: false });
    expect((await start(scene.asked, {}, false)).exitCode).toBe(ExitCode.Yes);

    const first = new Scene({ fails: away });
    await expect(start(first.asked, {}, false)).rejects.toBe(away);

    const forLong = new Scene(seen, { fails: away });
    forLong.passes = 1_000;
    await expect(start(forLong.asked, {}, false)).rejects.toBe(away);
    expect(forLong.clock.now() - BEGAN).toBeGreaterThan(60_000);
  });

  test('tells no program what would have approved a run that nobody approved', async () => {
    const refused = record('approve', { outcome: 'stopped', evidence: { taskToken: 'token-1' } });
    const scene = new Scene({ running: false, entry: locked(), stages: [refused] });

    expect(JSON.stringify((await start(scene.asked, {}, false)).json)).not.toContain('token-1');
  });

  test('a run that never got the lock shows no stages of another', async () => {
    const scene = new Scene({ running: false, stages: [record('lock', { execution: 'another' })] });
    scene.runs = [summary({ execution: 'another' })];
    scene.failure = { error: 'RUNBOOK_RUNNING', cause: 'a drill is running' };

    const answer = await start(scene.asked, {}, false);

    expect(scene.lines).toHaveLength(1);
    expect(answer.json).toMatchObject({ generation: 0, stages: [], error: 'RUNBOOK_RUNNING' });
  });

  test('detached it ends at once', async () => {
    const scene = new Scene({ running: true });

    const answer = await start(scene.asked, {}, true);

    expect(scene.lines).toEqual([]);
    expect(answer.json).toEqual({ flow: 'us-east->us-west', runbook: 'switchover', execution: EXECUTION });
  });

  test('a dry run is followed in a journal of its own', async () => {
    const scene = new Scene({ running: false, stages: [record('lock', { generation: 0 })] });

    const answer = await start(scene.asked, { dryRun: true }, false);

    expect(scene.lines[0]).toBe(`us-east->us-west: dry run of switchover started: ${EXECUTION}`);
    expect(answer.json).toMatchObject({ generation: 0, succeeded: true, stages: [{ stage: 'lock' }] });
  });
});

describe('status', () => {
  test('of a flow that never had a run', async () => {
    const answer = await status(new Scene().asked, undefined);

    expect(answer.exitCode).toBe(ExitCode.Yes);
    expect(answer.text(UNSTYLED)).toBe(
      'us-east->us-west: applications are on us-east, served; generation 0\nno runbook was ever run',
    );
  });

  test('of a run whose execution ended before it did: the lock is still there, and what to do is said', async () => {
    const entry = { ...locked(), clients: ClientState.ProducersFenced };
    const scene = new Scene({ running: false, entry, stages: [record('lock')] });
    scene.runs = [summary({ outcome: 'running', endedAt: undefined })];

    const answer = await status(scene.asked, undefined);

    expect(answer.exitCode).toBe(ExitCode.No);
    expect(answer.text(UNSTYLED)).toBe(
      [
        'us-east->us-west: applications are on us-east, their producers held; generation 3',
        'switchover us-east to us-west, generation 3, begun 2030-01-02T03:04:05.000Z: its execution ended before it did; it still holds the lock: start it again, or abort it',
        '  started by a person',
        '  lock              PASS         1.5 s  lock is well',
      ].join('\n'),
    );
  });

  test('of a stage that says more than fits, however long its words are, no line is wider than 80 columns', async () => {
    const topics = Array.from({ length: 12 }, (_, i) => `orders.of.region-${i}`).join('/');
    const error = { code: 'STAGE_FAILED', safe: `${topics} stay`, next: 'Start it again.' };
    const scene = new Scene({
      stages: [record('fence-consumers', { outcome: 'stopped', says: `left: ${topics}`, error })],
    });
    scene.runs = [summary({ outcome: 'stopped', reason: topics })];

    const lines = (await status(scene.asked, undefined)).text(UNSTYLED).split('\n');

    const stage = lines.slice(lines.findIndex((line) => line.startsWith('  fence-consumers')));
    expect(stage.length).toBeGreaterThan(8);
    expect(stage.filter((line) => line.length > 80)).toEqual([]);
    const told = stage.map((line) => line.slice(40)).join('');
    expect(told).toBe(`left:${topics}${topics}stayStart it again.`);
  });

  test.each([
    ['person', 'maintenance', 'started by a person: maintenance'],
    ['alarm', 'no heartbeat arrives from the source', 'started by an alarm: no heartbeat arrives from the source'],
    ['schedule', '', 'started by the schedule'],
    ['plan', 'a step of a plan', 'started by a plan: a step of a plan'],
  ] as const)('of a run says that it was started by %s, and why (%s)', async (startedBy, reason, says) => {
    const scene = new Scene({ entry: locked() });
    scene.runs = [summary({ startedBy, reason })];

    const { text, json } = await status(scene.asked, undefined);

    expect(text(UNSTYLED).split('\n')[2]).toBe(`  ${says}`);
    expect(json).toMatchObject({ run: { startedBy, reason } });
  });

  test.each([
    ['finished', true, ExitCode.Yes],
    ['stopped', false, ExitCode.No],
  ] as const)(
    'of one that Step Functions has forgotten is told from the journal: %s',
    async (outcome, succeeded, exitCode) => {
      const scene = new Scene({ running: 'forgotten', stages: [record('report')] });
      scene.runs = [summary({ outcome })];

      const answer = await status(scene.asked, undefined);

      expect(answer.exitCode).toBe(exitCode);
      expect(answer.json).toMatchObject({ run: { outcome }, state: { running: false, succeeded } });
      expect(answer.text(UNSTYLED)).toContain(`2030-01-02T03:04:05.000Z: ${outcome}\n`);
    },
  );

  test('of one that waits for approval does not tell what approves it', async () => {
    const asks = record('approve', { ...WAITING, evidence: { taskToken: 'token-1', more: 1 } });
    const scene = new Scene({ running: true, entry: locked(), stages: [record('lock'), asks] });
    scene.runs = [summary({ outcome: 'running', endedAt: undefined })];

    const { json } = await status(scene.asked, undefined);

    expect(json).toMatchObject({ stages: [{ stage: 'lock' }, { stage: 'approve', evidence: { more: 1 } }] });
    expect(JSON.stringify(json)).not.toContain('token-1');
  });

  test('of one that an alarm started, which looks again later, says how the last attempt ended', async () => {
    const scene = new Scene({ running: true });
    scene.runs = [summary({ outcome: 'undone', stoppedAt: 'prove-source', startedBy: 'alarm' })];

    const answer = await status(scene.asked, undefined);

    expect(answer.exitCode).toBe(ExitCode.Yes);
    expect(answer.text(UNSTYLED)).toContain('2030-01-02T03:04:05.000Z: undone at prove-source; its execution goes on');
  });

  test('of one that goes on, nothing is wrong', async () => {
    const scene = new Scene({ running: true, entry: locked() });
    scene.runs = [summary({ outcome: 'running', endedAt: undefined })];

    expect((await status(scene.asked, undefined)).exitCode).toBe(ExitCode.Yes);
  });

  test('of a generation that there never was', async () => {
    const scene = new Scene({ entry: { generation: 3 } });
    scene.runs = [summary()];

    await expect(status(scene.asked, 2)).rejects.toMatchObject({ code: 'NO_RUN' });
    expect((await status(scene.asked, 3)).json).toMatchObject({ run: { generation: 3 } });
  });

  describe('while applications are where a failover moved them', () => {
    const moved = { entry: { active: 'us-west' }, stages: [record('report')] };

    test('tells what it left behind, what is missing first', async () => {
      const scene = new Scene(moved);
      scene.runs = [summary()];
      const orders = {
        topic: 'orders',
        partition: 0,
        arrived: { from: 100, to: 130 },
        arrivedAt: { from: 90, to: 120 },
      };
      scene.left = {
        ...{ generation: 3, arrived: 30, missing: 11, unknown: 0 },
        partitions: [
          orders,
          { topic: 'orders', partition: 1, missing: { from: 7, to: 8 } },
          { topic: 'clicks', partition: 2, missing: { from: 0, to: 10 } },
        ],
      };
      const answer = await status(scene.asked, undefined);
      expect(answer.text(UNSTYLED).split('\n').slice(-4)).toEqual([
        'us-east->us-west: of what the failover left behind, 30 records have arrived since, 11 are not in us-west yet',
        '  clicks-2: offsets 0 to 9 missing',
        '  orders-1: offset 7 missing',
        '  orders-0: offsets 100 to 129 arrived, at offsets 90 to 119 of the copy',
      ]);
      expect(answer.json).toMatchObject({ leftBehind: { missing: 11 } });
    });

    test('says that it is not known where the function does not tell', async () => {
      const scene = new Scene(moved);
      scene.runs = [summary()];
      scene.left = new Error('no such function');
      const { text } = await status(scene.asked, undefined);
      expect(text(UNSTYLED).split('\n').at(-1)).toBe(
        'what a failover may have left behind is not known: no such function',
      );
    });

    test('and asks for nothing while they are at home', async () => {
      const scene = new Scene({ stages: [record('report')] });
      scene.runs = [summary()];
      scene.left = new Error('asked');
      const { text } = await status(scene.asked, undefined);
      expect(text(UNSTYLED)).not.toContain('left behind');
    });
  });
});

describe('approve', () => {
  const waiting = record('approve', { ...WAITING, evidence: { taskToken: 'token-1' } });

  test('answers the token that the run waits with', async () => {
    const scene = new Scene({ entry: locked(), stages: [waiting] });

    await approve(scene.asked, true);
    await approve(scene.asked, false);

    expect(scene.decisions).toEqual([
      { taskToken: 'token-1', decision: 'approved' },
      { taskToken: 'token-1', decision: 'refused' },
    ]);
  });

  test.each([
    ['no run holds the lock', {}],
    ['the run has not come there', { entry: locked() }],
    ['somebody was quicker', { entry: locked(), stages: [record('approve', { evidence: { taskToken: 'token-1' } })] }],
  ])('refuses when %s', async (_, look) => {
    const scene = new Scene(look);

    await expect(approve(scene.asked, true)).rejects.toMatchObject({ code: 'NOTHING_TO_APPROVE' });
    expect(scene.decisions).toEqual([]);
  });

  test('refuses when somebody was quicker, and the journal does not have it yet', async () => {
    const scene = new Scene({ entry: locked(), stages: [waiting], decided: 'too late' });

    await expect(approve(scene.asked, true)).rejects.toMatchObject({ code: 'NOTHING_TO_APPROVE' });
  });
});
