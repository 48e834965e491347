import { describe, expect, test } from 'vitest';
import { answerPlan } from '../../../../functions/reconcile/answer-plan.ts';
import { type PlanResponse, planResponse } from '../../../../functions/reconcile/plan-response.ts';
import { ExitCode } from '../../../../shared/cli/exit-code.ts';
import { explainTopic } from '../../../../shared/cli/explain/explain-topic.ts';
import { isAsExplained, type Live, liveFacts, withLive } from '../../../../shared/cli/explain/live-topic.ts';
import { look } from '../../../../shared/reconcile/reconcile.ts';
import { World, wanted } from '../../reconcile/world.ts';
import { causeway, properties } from '../command-line.ts';
import { asked, flowIn } from './question.ts';

const flow = flowIn(properties());

async function settle(world: World): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    await look(wanted(), world.ports());
    world.pass(60_000);
  }
}

/** What the deployed function answers, as it crosses the wire. */
async function live(world: World, topic: string): Promise<Live> {
  const question = { wanted: wanted(), ports: world.ports(), configuration: '{}' };
  const told: PlanResponse = planResponse.parse(JSON.parse(JSON.stringify(await answerPlan(question, topic))));
  if (!('seen' in told)) throw new Error(`nothing was seen: ${JSON.stringify(told)}`);
  return told;
}

const rows = (topic: string, found: Live) =>
  Object.fromEntries(liveFacts(flow, topic, found).map(({ label, text }) => [label, text]));

describe('what there is of a topic', () => {
  test('that is being copied is it, its mapping and its copy', async () => {
    const world = new World();
    world.makeSource('orders', 3);
    for (let i = 0; i < 3; i += 1) {
      await look(wanted(), world.ports());
      world.pass(60_000);
    }
    const found = await live(world, 'orders');

    expect(rows('orders', found)).toEqual({
      'us-east': 'has orders, 3 partitions',
      mapping: expect.stringMatching(/^\S+, enabled$/),
      'us-west': 'has us-east.orders, 3 partitions',
      'to do': 'nothing',
    });
    expect(isAsExplained({ replicated: true }, found)).toBe(true);
    expect(isAsExplained({ replicated: false }, found)).toBe(false);
  });

  test('that was just made is it, and what is to be done', async () => {
    const world = new World();
    world.makeSource('orders', 1);
    const found = await live(world, 'orders');

    expect(rows('orders', found)).toMatchObject({
      'us-east': 'has orders, 1 partition',
      mapping: 'none: nothing is read from it',
      'us-west': 'has no topic us-east.orders',
      'to do': 'create the remote topic us-east.orders with 1 partition',
      and: expect.stringContaining('wait until Lambda has made'),
    });
    expect(isAsExplained({ replicated: true }, found)).toBe(false);
    expect(world.changes).toBe(0);
  });

  test('that does not exist is nothing, which is as it should be where it is not replicated', async () => {
    const found = await live(new World(), 'private.notes');

    expect(rows('private.notes', found)).toMatchObject({ 'us-east': 'has no topic private.notes' });
    expect(isAsExplained({ replicated: false }, found)).toBe(true);
  });
});

describe('what explain says first', () => {
  const file = properties('topics = orders');
  const headline = (topic: string, found: Live) =>
    withLive(
      asked(file, (each, written) => explainTopic(each, topic, written)),
      flow,
      topic,
      found,
    ).says;

  test('is what is so: a topic that is gone at the source is not replicated, whatever the file says', async () => {
    const world = new World();
    world.makeSource('orders', 1);
    await settle(world);
    world.source.delete('orders');
    const found = await live(world, 'orders');

    expect(headline('orders', found)).toBe(
      'orders is replicated as us-east.orders by the file, but the source has no such topic',
    );
    expect(isAsExplained({ replicated: true }, found)).toBe(false);
    expect(rows('orders', found)).toMatchObject({
      note: 'gone on us-east; its copy us-east.orders is kept (docs/deploy.md)',
    });
  });

  test('is that of the file where it is so', async () => {
    const world = new World();
    world.makeSource('orders', 1);
    await settle(world);

    expect(headline('orders', await live(world, 'orders'))).toBe('orders is replicated as us-east.orders');
  });

  test('is why it is not so yet, with what is to do', async () => {
    const world = new World();
    world.makeSource('orders', 1);
    const found = await live(world, 'orders');

    expect(headline('orders', found)).toBe(
      'orders is replicated as us-east.orders by the file, but it is not yet: see what is to do',
    );
    expect(headline('orders', { ...found, fileIsDeployed: false })).toContain('the file is not what was deployed');
    expect(rows('orders', { ...found, fileIsDeployed: false })).toMatchObject({
      note: expect.stringContaining('The file is not what was deployed'),
    });
  });

  test('is that nobody knows where the flow cannot be asked, and code, what and next each have their line', () => {
    const error = {
      code: 'KAFKA_UNREACHABLE',
      exitCode: 4,
      what: 'no broker',
      safe: 's',
      next: 'look',
      retriable: true,
    };
    const found: Live = { error: { ...error, exitCode: ExitCode.Unreachable } };

    expect(headline('orders', found)).toContain('but whether it is so is not known');
    expect(rows('orders', found)).toEqual({ live: 'KAFKA_UNREACHABLE', what: 'no broker', next: 'look' });
  });

  test('and what is only waited for does not begin with then', async () => {
    const world = new World();
    world.makeSource('orders', 1);
    await look(wanted(), world.ports());
    const found = await live(world, 'orders');

    expect(rows('orders', found)['to do']).toBe('wait until Lambda has made or changed the mapping');
  });
});

describe('causeway explain --live', () => {
  test('explains also where the flow cannot be asked, says why, and ends with 1', async () => {
    const { out, exitCode } = await causeway(['explain', 'orders', '--live'], properties());

    expect(exitCode).toBe(1);
    expect(out).toContain('orders is replicated as us-east.orders');
    expect(out).toMatch(/live\s+REGION_UNKNOWN/);
  });

  test.each([['--group'], ['--acl', '--allow-principal', 'User:a', '--topic']])('is not for %s', async (...args) => {
    const { err, exitCode } = await causeway(['explain', '--live', ...args, 'billing'], properties());

    expect(exitCode).toBe(2);
    expect(err).toContain('--live is about one topic');
  });
});
