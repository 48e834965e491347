import { describe, expect, test } from 'vitest';
import { answerPlan } from '../../../../functions/reconcile/answer-plan.ts';
import { type PlanResponse, planResponse } from '../../../../functions/reconcile/plan-response.ts';
import { isAsExplained, type Live, liveFacts } from '../../../../shared/cli/explain/live-topic.ts';
import { look } from '../../../../shared/reconcile/reconcile.ts';
import { World, wanted } from '../../reconcile/world.ts';
import { causeway, properties } from '../command-line.ts';
import { flowIn } from './question.ts';

const flow = flowIn(properties());

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
