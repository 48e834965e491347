import { describe, expect, test } from 'vitest';
import { answerPlan } from '../../../../functions/reconcile/answer-plan.ts';
import { planResponse } from '../../../../functions/reconcile/plan-response.ts';
import { ClusterUnreachableError } from '../../../../shared/adapters/kafka/errors.ts';
import { planAnswer } from '../../../../shared/cli/commands/plan.ts';
import { ToldByFunctionError } from '../../../../shared/cli/deployment-errors.ts';
import { reportError } from '../../../../shared/cli/error-report.ts';
import type { FlowPlan } from '../../../../shared/cli/plan/plan-flow.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import type { StartPosition } from '../../../../shared/reconcile/mapping.ts';
import type { ReconcilePorts } from '../../../../shared/reconcile/ports.ts';
import { look } from '../../../../shared/reconcile/reconcile.ts';
import { World, wanted } from '../../reconcile/world.ts';

const OFF = { enabled: false, intervalMs: 1 };

const asked = async (ports: ReconcilePorts, start: StartPosition = 'TRIM_HORIZON') => {
  const question = { wanted: wanted({ start }), ports, configuration: '{}' };
  // As it crosses the wire.
  const told = planResponse.parse(JSON.parse(JSON.stringify(await answerPlan(question, undefined))));
  if (!('plan' in told)) throw new Error(`no plan: ${JSON.stringify(told)}`);
  return told.plan;
};

const answer = async (world: World) => {
  const plan = await asked(world.ports());
  return { ...planAnswer([{ flow: 'us-east->us-west', fileIsDeployed: true, ...plan }]), plan };
};

describe('a plan', () => {
  test('names every step of a new topic, and changes nothing', async () => {
    const world = new World();
    world.makeSource('orders', 6);
    const { text, exitCode } = await answer(world);

    expect(exitCode).toBe(1);
    expect(text(UNSTYLED)).toMatch(
      /^us-east->us-west {2}1 topic to see to, of 1 topic covered\n {2}orders {2}create the remote topic us-east\.orders with 6 partitions\n {10}note in the offset map: first seen, generation 1\n {10}create an event source mapping/,
    );
    expect(world.changes).toBe(0);
  });

  test.each<[StartPosition, string]>([
    ['LATEST', 'the end of each partition'],
    [{ atMs: 1_700_000_000_000 }, '2023-11-14T22:13:20.000Z'],
  ])('names where a new topic begins that is not copied from its start: %o', async (start, from) => {
    const world = new World();
    world.makeSource('orders');
    const { topics } = await asked(world.ports(), start);

    expect(topics[0]?.steps.map(({ says }) => says)).toContain(
      `note in the offset map: first seen, generation 1, copied from ${from} on`,
    );
  });

  test('is empty when all is as it should be', async () => {
    const world = new World();
    world.makeSource('orders');
    for (let i = 0; i < 3; i += 1) {
      await look(wanted(), world.ports());
      world.pass(60_000);
    }
    const { text, exitCode, plan } = await answer(world);

    expect(exitCode).toBe(0);
    expect(text(UNSTYLED)).toBe('us-east->us-west  nothing to do, of 1 topic covered');
    expect(plan).toMatchObject({ covered: 1, topics: [] });
  });

  test('of a file that is not what was deployed has the deployment to do', async () => {
    const plan = await asked(new World().ports());
    const { exitCode, text } = planAnswer([{ flow: 'us-east->us-west', fileIsDeployed: false, ...plan }]);

    expect(exitCode).toBe(1);
    expect(text(UNSTYLED)).toBe(
      [
        'us-east->us-west  the file is to be deployed, of no topics covered',
        '  note  The file is not what was deployed: this is the plan of what was',
        '        deployed.',
      ].join('\n'),
    );
  });

  test('says of a topic that it is gone at the source, and what becomes of its copy', async () => {
    const world = new World();
    world.makeSource('clicks');
    for (let i = 0; i < 3; i += 1) {
      await look(wanted(), world.ports());
      world.pass(60_000);
    }
    world.source.delete('clicks');
    const { text } = await answer(world);

    expect(text(UNSTYLED).replace(/\s+/g, ' ')).toMatch(
      /clicks gone on us-east; its copy us-east\.clicks is kept \(docs\/deploy\.md\) note in the offset map: gone at the source/,
    );
    expect(text(UNSTYLED)).not.toMatch(/no longer covered|not wanted/);
  });

  test('has settings and ACLs that differ, whenever their time comes, and copies whose sources are gone', async () => {
    const world = new World();
    for (const topic of ['orders', 'payments']) world.makeSource(topic);
    world.acls.give('here', 'ALLOW READ User:app orders');
    world.acls.give('there', 'ALLOW READ User:by-hand us-east.orders');
    for (let i = 0; i < 3; i += 1) {
      await look(wanted(), world.ports());
      world.pass(60_000);
    }
    world.configs.set('orders', { 'retention.ms': '1000' });
    world.configs.set('us-east.orders', { 'cleanup.policy': 'compact' });
    world.acls.take('here', 'ALLOW READ User:app orders');
    world.acls.give('here', 'DENY ALL User:mallory orders');
    world.source.delete('payments');
    for (let i = 0; i < 6; i += 1) {
      await look(
        { ...wanted(), configs: { ...wanted().configs, sync: OFF }, acls: { deleteRevoked: true, sync: OFF } },
        world.ports(),
      );
      world.pass(60_000);
    }
    const { changes } = world;
    const { text, exitCode, plan } = await answer(world);

    expect(exitCode).toBe(1);
    expect(text(UNSTYLED)).toBe(
      [
        'us-east->us-west  1 topic to see to, of 1 topic covered',
        '  orders  on us-east.orders, when the interval of settings or ACLs has passed:',
        '          set retention.ms to 1000',
        "          leave cleanup.policy to the target's default",
        '          give DENY ALL for User:mallory',
        '          take back ALLOW READ for User:app',
        '  note  kept, though the source topics are gone: us-east.payments',
      ].join('\n'),
    );
    expect(plan).toMatchObject({ outOfStep: [{ topic: 'orders' }], orphans: ['us-east.payments'] });
    expect(world.changes).toBe(changes);
  });

  test('names what cannot be compared, and plans the rest', async () => {
    const world = new World();
    world.makeSource('orders');
    const ports = world.ports();
    const down = new ClusterUnreachableError('us-east', ['east:9092 refused']);
    const source = { ...ports.source, acls: () => Promise.reject(down) };
    const plan = await asked({ ...ports, source });

    expect(plan).toMatchObject({ topics: [{ topic: 'orders' }], faults: [{ code: 'KAFKA_UNREACHABLE' }] });
    expect(planAnswer([{ flow: 'us-east->us-west', fileIsDeployed: true, ...plan }]).text(UNSTYLED)).toContain(
      'KAFKA_UNREACHABLE  us-east->us-west: ACLs of us-east could not be read',
    );
  });

  test('that a cluster keeps from being made is its error, in the function’s words', async () => {
    const ports = new World().ports();
    const down = new ClusterUnreachableError('us-east', ['east:9092 refused']);
    const unreachable = { ...ports, source: { ...ports.source, list: () => Promise.reject(down) } };

    expect(await answerPlan({ wanted: wanted(), ports: unreachable, configuration: '' }, undefined)).toMatchObject({
      error: { code: 'KAFKA_UNREACHABLE', what: down.message },
    });
  });

  test('has the faults of topics that cannot be copied', async () => {
    const world = new World();
    world.makeSource('x'.repeat(249));
    const { plan, exitCode } = await answer(world);

    expect(exitCode).toBe(1);
    expect(plan.topics).toMatchObject([{ steps: [], fault: { code: 'REMOTE_NAME_INVALID' } }]);
  });

  test('of a flow whose stack is being destroyed is empty, and says so', async () => {
    const world = new World();
    world.makeSource('orders');
    world.flow = { state: 'removed', deployment: 'last' };
    const { text, exitCode } = await answer(world);

    expect(exitCode).toBe(0);
    expect(text(UNSTYLED)).toContain('Its stack is being destroyed');
  });
});

describe('a flow that could not be asked', () => {
  const done: FlowPlan = {
    ...{ flow: 'us-east->us-west', fileIsDeployed: true, covered: 1, removed: false },
    ...{ topics: [], outOfStep: [], faults: [], orphans: [] },
  };
  const fault = { code: 'KAFKA_UNREACHABLE', what: 'no broker', safe: 'safe', retriable: true };
  const next = 'Check that security groups let this function reach it.';
  const failure = new ToldByFunctionError('causeway-reconcile', { ...fault, next });

  test('stands beside those that could; alone it is the error', () => {
    const { exitCode, text, json } = planAnswer([done, { flow: 'us-east->eu', failure }]);

    expect(exitCode).toBe(1);
    expect(text(UNSTYLED)).toMatch(/nothing to do, of 1 topic covered\n\nus-east->eu\nerror {2}KAFKA_UNREACHABLE/);
    expect(json).toMatchObject({ flows: [done], failures: [{ flow: 'us-east->eu', error: fault }] });
    expect(() => planAnswer([{ flow: 'us-east->eu', failure }])).toThrow(failure);
  });

  test('names the function that its brokers cannot be reached from, not this machine', () => {
    expect(reportError(failure, false)).toMatchObject({
      exitCode: 4,
      next: 'Check that security groups let the function causeway-reconcile reach it.',
    });
  });
});
