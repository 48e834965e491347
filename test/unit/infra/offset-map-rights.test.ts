import { expect, test } from 'vitest';
import { example, template } from './example.ts';
import { actionsOf } from './statements.ts';

test('replicate and reconcile may read and write the offset map, and check that a flow is not held where they begin a HEAD', () => {
  const ofTable = actionsOf(template(example(), 'us-east-1')).filter((action) => action.startsWith('dynamodb:'));

  const each = ['GetItem', 'Query', 'PutItem', 'DeleteItem', 'ConditionCheckItem'].map((name) => `dynamodb:${name}`);
  expect(ofTable).toEqual([...each, ...each]);
});
