import { expect, test } from 'vitest';
import { describe, summarize } from '../../../../functions/reconcile/report.ts';
import { look } from '../../../../shared/reconcile/reconcile.ts';
import { World, wanted } from '../world.ts';

test('a look is summed up by what it did and what it could not do', async () => {
  const world = new World();
  for (const topic of ['a', 'b', 'c', 'private']) world.makeSource(topic);
  world.refused.add('us-east.b');

  const summary = summarize(await look(wanted(), world.ports()));

  expect(summary).toEqual({
    covered: 3,
    waiting: 2,
    failed: 1,
    done: { 'create-remote-topic': 2, 'write-item': 2, 'create-mapping': 2 },
  });
  expect(describe(summary)).toBe(
    'topics covered 3, waiting 2, failed 1, create-remote-topic 2, write-item 2, create-mapping 2',
  );
});
