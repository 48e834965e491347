import { expect, it } from 'vitest';
import { describeWaiting } from '../../../../local/demo/waiting.ts';

it('says of topics without a copy what they wait for', () => {
  const produced = new Map([
    ['orders', 750],
    ['balances', 500],
    ['clicks', 250],
  ]);
  const copied = new Map([
    ['orders', 0],
    ['balances', 100],
  ]);

  expect(describeWaiting(produced, copied)).toBe(
    '750 of orders wait for their first delivery (mapping and functions start); 250 of clicks wait for reconcile to find the topic',
  );
});

it('says nothing of a topic that nothing was written to, or whose copies come', () => {
  expect(describeWaiting(new Map([['orders', 0]]), new Map())).toBeUndefined();
  expect(describeWaiting(new Map([['orders', 9]]), new Map([['orders', 1]]))).toBeUndefined();
});
