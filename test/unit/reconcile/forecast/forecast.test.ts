import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClusterUnreachableError } from '../../../../shared/adapters/kafka/errors.ts';
import type { Action } from '../../../../shared/reconcile/action.ts';
import { PlanCallError } from '../../../../shared/reconcile/forecast/errors.ts';
import { forecast } from '../../../../shared/reconcile/forecast/forecast.ts';
import { look } from '../../../../shared/reconcile/reconcile.ts';
import { World, wanted } from '../world.ts';

/** What of an action does not depend on ids that are yet to be given. */
function outline(action: Action): unknown {
  if (action.kind === 'write-item') return [action.kind, action.reason, action.item.generation, action.item.state];
  if (action.kind === 'create-mapping') return [action.kind, action.item.topic, action.item.generation];
  return action;
}

/** A look tries again within itself what Lambda is too busy for; the plan has it once. */
function outlines(actions: readonly Action[]): readonly unknown[] {
  return [...new Map(actions.map(outline).map((each) => [JSON.stringify(each), each])).values()];
}

describe('a forecast', () => {
  test('tells which question was not answered, and leaves errors of a cluster as they are', async () => {
    const world = new World();
    const ports = world.ports();
    const refusing = { ...ports, mappings: { ...ports.mappings, list: () => Promise.reject(new Error('Throttled')) } };
    const down = new ClusterUnreachableError('us-east', ['east:9092 refused']);
    const unreachable = { ...ports, source: { ...ports.source, list: () => Promise.reject(down) } };

    await expect(forecast(wanted(), refusing)).rejects.toThrow(PlanCallError);
    await expect(forecast(wanted(), refusing)).rejects.toThrow(
      'lambda:ListEventSourceMappings failed: Error: Throttled',
    );
    await expect(forecast(wanted(), unreachable)).rejects.toBe(down);
  });

  test('is what the next look does, whatever happened before', async () => {
    const happening = fc.oneof(
      fc.record({
        kind: fc.constant('make' as const),
        topic: fc.constantFrom('a', 'b', 'private'),
        partitions: fc.integer({ min: 1, max: 4 }),
      }),
      fc.record({ kind: fc.constant('delete' as const), topic: fc.constantFrom('a', 'b') }),
      fc.record({ kind: fc.constant('delete-remote' as const), topic: fc.constantFrom('us-east.a', 'us-east.b') }),
      fc.record({ kind: fc.constant('look' as const) }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(1_000, 70_000) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 12 }), async (happenings) => {
        const world = new World();
        for (const each of happenings) {
          if (each.kind === 'make') world.makeSource(each.topic, each.partitions);
          if (each.kind === 'delete') world.source.delete(each.topic);
          if (each.kind === 'delete-remote') world.target.delete(each.topic);
          if (each.kind === 'look') await look(wanted(), world.ports());
          if (each.kind === 'pass') world.pass(each.ms);
        }
        const { topics } = await forecast(wanted(), world.ports());
        const report = await look(wanted(), world.ports());
        const done = Map.groupBy(report.steps, ({ plan }) => plan.topic);
        const looked = [...done].map(
          ([topic, steps]) => [topic, outlines(steps.flatMap(({ plan }) => plan.actions))] as const,
        );
        const planned = topics.map(({ topic, actions }) => [topic, outlines(actions)] as const);
        expect(new Map(planned.filter(([, actions]) => actions.length > 0))).toEqual(new Map(looked));
      }),
    );
  });
});
