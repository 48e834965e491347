import { randomUUID } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { localCredentials } from '../../../local/region/addresses.ts';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { stagesOf } from '../../../shared/runbook/stages.ts';
import { Machine } from './machine.ts';
import { PASSED, ScriptedFunction, stopped, WAITING } from './scripted-function.ts';

const { Switchover, Failover, Drill } = RunbookKind;

// JSONata is evaluated by a Java virtual machine inside of LocalStack, which has to begin first.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const resources = new AsyncDisposableStack();
let sfn: SFNClient;
let fn: ScriptedFunction;
let switchover: Machine;
let failover: Machine;
let drill: Machine;

beforeAll(async () => {
  const { awsEndpoint = '' } = inject('regions');
  const client = {
    endpoint: awsEndpoint,
    region: 'us-west-2',
    credentials: localCredentials,
  };
  sfn = new SFNClient(client);
  const lambda = new LambdaClient(client);
  resources.defer(() => {
    sfn.destroy();
    lambda.destroy();
  });
  fn = resources.use(await ScriptedFunction.create(lambda, `machine-${randomUUID().slice(0, 8)}`));
  [switchover, failover, drill] = (await Promise.all(
    [Switchover, Failover, Drill].map(async (kind) => resources.use(await Machine.create(sfn, kind, fn))),
  )) as [Machine, Machine, Machine];
});
afterAll(() => resources[Symbol.asyncDispose]());
beforeEach(() => fn.on(() => undefined));

const WAIVED = { approval: 'waived' } as const;
const namesOf = (kind: RunbookKind) => stagesOf(kind).map(({ name }) => name);
const withoutApproval = (kind: RunbookKind) => namesOf(kind).filter((name) => name !== 'approve');

describe('A runbook', () => {
  it.each([Switchover, Failover, Drill])('%s calls its stages in the table’s order, and concludes', async (kind) => {
    const machine = { switchover, failover, drill, failback: switchover }[kind];
    const { execution, status, output } = await machine.run({ ...WAIVED, reason: 'a test' });

    expect([status, output]).toEqual(['SUCCEEDED', { runbook: kind, dryRun: false }]);
    expect(fn.stagesOf(execution)).toEqual([...withoutApproval(kind), 'conclude']);
    expect(fn.callsOf(execution).at(-1)).toMatchObject({ runbook: kind, reason: 'a test', dryRun: false, stops: [] });
  });

  it('calls a stage that waits until it passes', async () => {
    fn.on(({ stage }, nth) => (stage === 'drain' && nth < 4 ? WAITING : undefined));

    const { execution, status } = await switchover.run(WAIVED);

    expect(status).toBe('SUCCEEDED');
    expect(fn.stagesOf(execution).filter((stage) => stage === 'drain')).toHaveLength(4);
  });

  it('ends a stage that answers at once that it waits, long before the history of the execution is full', async () => {
    fn.on(({ stage }) => (stage === 'lock' ? WAITING : undefined));

    const { execution, error, cause } = await drill.run({});

    expect([error, cause]).toEqual(['lock.STAGE_TIMED_OUT', expect.stringContaining('not within 60 s: not yet')]);
    expect(fn.stagesOf(execution)).toEqual([...Array(60).fill('lock'), 'undo', 'conclude']);
  });
});

describe('A runbook that stops', () => {
  it('before applications were moved is undone, and fails with the stage, its code and what was left', async () => {
    fn.on(({ stage }, nth) => {
      if (stage === 'drain') return stopped('LAG_REMAINS', '2 partitions are behind');
      if (stage !== 'undo') return undefined;
      const left = ['an ACL on orders'];
      return nth === 1 ? WAITING : { answer: { kind: 'passed', says: 'Writers go on at the source.', left } };
    });

    const { execution, ...ended } = await switchover.run(WAIVED);

    expect(ended).toEqual({
      status: 'FAILED',
      error: 'drain.LAG_REMAINS',
      cause: 'drain: 2 partitions are behind (LAG_REMAINS)\nWriters go on at the source.\nLeft: an ACL on orders',
      output: undefined,
    });
    const stops = [{ stage: 'drain', code: 'LAG_REMAINS', says: '2 partitions are behind' }];
    expect(fn.stagesOf(execution).slice(-4)).toEqual(['drain', 'undo', 'undo', 'conclude']);
    expect(fn.callsOf(execution).at(-2)).toMatchObject({ stage: 'undo', stops });
    expect(fn.callsOf(execution).at(-1)).toMatchObject({
      stops,
      undone: { says: 'Writers go on at the source.', left: ['an ACL on orders'] },
    });
  });

  it('after that stays where it is', async () => {
    fn.on(({ stage }) => (stage === 'canary' ? stopped('CANARY_LOST', 'nothing came back') : undefined));

    const { execution, error, cause } = await switchover.run(WAIVED);

    expect([error, cause]).toEqual(['canary.CANARY_LOST', expect.stringContaining('Start the runbook again')]);
    expect(fn.stagesOf(execution).slice(-2)).toEqual(['canary', 'conclude']);
  });

  it('in an emergency is undone while it has only looked, and not once writers are fenced', async () => {
    fn.on(({ stage }) => (stage === 'prove-source' ? stopped('SOURCE_ANSWERS', 'it is there') : undefined));
    const early = await failover.run(WAIVED);
    fn.on(({ stage }) => (stage === 'stop-flow' ? stopped('TAKE_OVER_REFUSED', 'no') : undefined));
    const late = await failover.run(WAIVED);

    expect(fn.stagesOf(early.execution).slice(-2)).toEqual(['undo', 'conclude']);
    expect(fn.stagesOf(late.execution).slice(-2)).toEqual(['stop-flow', 'conclude']);
    expect([early.error, late.error]).toEqual(['prove-source.SOURCE_ANSWERS', 'stop-flow.TAKE_OVER_REFUSED']);
  });

  it.each([Failover, Switchover])('because a person aborted it is undone all the same: %s', async (kind) => {
    const machine = kind === Failover ? failover : switchover;
    const stage = kind === Failover ? 'stop-flow' : 'promote';
    fn.on((call) => (call.stage === stage ? stopped('RUN_ABORTED', 'it is to be undone') : undefined));

    const { execution, error } = await machine.run(WAIVED);

    expect(error).toBe(`${stage}.RUN_ABORTED`);
    expect(fn.stagesOf(execution).slice(-3)).toEqual([stage, 'undo', 'conclude']);
  });

  it('in an emergency that an alarm told of is made again while only heartbeats stay away', async () => {
    const gone = 3;
    fn.on(({ stage }, nth) =>
      stage === 'prove-source' && nth < gone ? stopped('BROKERS_ANSWER', 'it answers') : undefined,
    );

    const { execution, status } = await failover.run({ ...WAIVED, startedBy: 'alarm' });

    const attempt = ['lock', 'prove-source', 'undo', 'conclude'];
    expect(status).toBe('SUCCEEDED');
    expect(fn.stagesOf(execution)).toEqual([...attempt, ...attempt, ...withoutApproval(Failover), 'conclude']);
    const concluded = fn.callsOf(execution).filter(({ stage }) => stage === 'conclude');
    expect(concluded.map(({ stops = [] }) => stops.map(({ code }) => code))).toEqual([
      ['BROKERS_ANSWER'],
      ['BROKERS_ANSWER'],
      [],
    ]);
  });

  it('tells that undoing it failed', async () => {
    fn.on(({ stage }) => {
      if (stage === 'check-flow') return stopped('NOT_COPIED', 'orders-3');
      return stage === 'undo' ? stopped('TABLE_GONE', 'no registry') : undefined;
    });

    const { cause } = await switchover.run(WAIVED);

    expect(cause).toBe('check-flow: orders-3 (NOT_COPIED)\nundo did not end\nLeft: TABLE_GONE: no registry');
  });
});

describe('A function that', () => {
  it.each([
    ['throws', { throws: 'ProvisionedThroughputExceededException' } as const],
    ['crashes', { crashes: true } as const],
  ])('%s is called again', async (_, fault) => {
    fn.on(({ stage }, nth) => (stage === 'move-groups' && nth <= 2 ? fault : undefined));

    const { execution, status } = await switchover.run(WAIVED);

    expect(status).toBe('SUCCEEDED');
    expect(fn.stagesOf(execution).filter((stage) => stage === 'move-groups')).toHaveLength(3);
  });

  it('fails every time stops the runbook with its error, and is called no more than four times', async () => {
    fn.on(({ stage }) => (stage === 'bound-loss' ? { throws: 'TypeError' } : undefined));

    const { execution, error, cause } = await switchover.run(WAIVED);

    expect([error, cause]).toEqual(['bound-loss.TypeError', expect.stringContaining('asked to')]);
    expect(fn.stagesOf(execution).slice(-6)).toEqual([...Array(4).fill('bound-loss'), 'undo', 'conclude']);
  });

  it.each([[null], ['done'], [{}], [{ kind: 'fine' }]])('answers %j is not taken at its word', async (answer) => {
    fn.on(({ stage }) => (stage === 'lock' ? { answer } : undefined));

    expect((await drill.run({})).error).toBe('lock.ANSWER_NOT_UNDERSTOOD');
  });
});

describe('A dry run', () => {
  it('that nothing would stop succeeds, and asks nobody', async () => {
    const { execution, status, output } = await switchover.run({ dryRun: true, approval: 'required' });

    expect([status, output]).toEqual(['SUCCEEDED', { runbook: Switchover, dryRun: true }]);
    expect(fn.stagesOf(execution)).toEqual([...withoutApproval(Switchover), 'conclude']);
    expect(fn.callsOf(execution).every(({ dryRun }) => dryRun)).toBe(true);
  });

  it('goes on after what would stop it, undoes nothing and names all of it in the end', async () => {
    fn.on(({ stage }) => {
      if (stage === 'check-flow') return stopped('NOT_COPIED', 'orders-3');
      return stage === 'move-groups' ? { throws: 'TypeError' } : undefined;
    });

    const { execution, error, cause } = await switchover.run({ dryRun: true });

    expect(new Set(fn.stagesOf(execution))).toEqual(new Set([...withoutApproval(Switchover), 'conclude']));
    expect(error).toBe('WOULD_STOP');
    expect(cause).toMatch(/^check-flow: orders-3 \(NOT_COPIED\)\nmove-groups: .*asked to.*\(TypeError\)\nA dry run: /s);
    const { stops = [] } = fn.callsOf(execution).at(-1) ?? {};
    expect(stops.map(({ stage, code }) => `${stage} ${code}`)).toEqual([
      'check-flow NOT_COPIED',
      'move-groups TypeError',
    ]);
  });
});

describe('An execution', () => {
  it.each([
    [{ dryrun: true }],
    [{ dryRun: 'true' }],
    [{ approval: 'yes' }],
    [{ reason: 7 }],
    [{ Comment: 'Insert your JSON here' }],
    [[]],
  ])('with the input %j begins nothing', async (input) => {
    const { execution, error } = await failover.run(input);

    expect(error).toBe('INPUT_NOT_UNDERSTOOD');
    expect(fn.stagesOf(execution)).toEqual([]);
  });

  it('that was stopped calls nothing any more, and another goes through all stages again', async () => {
    const reached = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    fn.on(async ({ stage }) => {
      if (stage !== 'stop-flow') return PASSED;
      reached.resolve();
      await release.promise;
      return PASSED;
    });
    const first = await switchover.start(WAIVED);
    await reached.promise;
    await switchover.stop(first);
    release.resolve();
    const { status } = await switchover.end(first);

    const second = await switchover.run(WAIVED);

    expect([status, second.status]).toEqual(['ABORTED', 'SUCCEEDED']);
    expect(fn.stagesOf(first).at(-1)).toBe('stop-flow');
    expect(fn.stagesOf(second.execution)).toEqual([...withoutApproval(Switchover), 'conclude']);
  });
});
