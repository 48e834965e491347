import { describe, expect, test } from 'vitest';
import { ApplicationTopics } from '../../../../shared/client/failover/topics.ts';
import { defaultPolicy } from '../../../../shared/policy/default-policy.ts';
import { identityPolicy } from '../../../../shared/policy/identity-policy.ts';
import { patternPolicy } from '../../../../shared/policy/pattern-policy.ts';
import type { ReplicationPolicy } from '../../../../shared/policy/replication-policy.ts';

const FLOW = { source: 'us-east', target: 'us-west' };
const ALIASES = ['us-east', 'us-west', 'eu-north'];
const DEFAULT = defaultPolicy('.', '.');

function subscribed(
  cluster: string,
  subscription: readonly (string | RegExp)[],
  existing: readonly string[],
  policy: ReplicationPolicy = DEFAULT,
): Record<string, string> {
  return Object.fromEntries(new ApplicationTopics(FLOW, policy).subscribed(cluster, subscription, existing));
}

describe('a subscription means', () => {
  const everywhere = ['orders', 'us-east.orders', 'us-west.orders', 'eu-north.orders', 'payments'];

  test.each([
    ['us-east', { orders: 'orders', 'us-west.orders': 'orders' }],
    ['us-west', { orders: 'orders', 'us-east.orders': 'orders' }],
  ])('on %s the topic and its copy from the other cluster', (cluster, expected) => {
    expect(subscribed(cluster, ['orders'], everywhere)).toEqual(expected);
  });

  test('only what exists', () => {
    expect(subscribed('us-east', ['orders', 'refunds'], ['orders', 'payments'])).toEqual({ orders: 'orders' });
  });

  test('a name with dots of its own, here and copied', () => {
    expect(subscribed('us-west', ['team.orders'], ['team.orders', 'us-east.team.orders'])).toEqual({
      'team.orders': 'team.orders',
      'us-east.team.orders': 'team.orders',
    });
  });

  test('copies of a third cluster by the name that they are known by', () => {
    expect(subscribed('us-east', ['eu-north.orders'], ['eu-north.orders', 'us-west.eu-north.orders'])).toEqual({
      'eu-north.orders': 'eu-north.orders',
      'us-west.eu-north.orders': 'eu-north.orders',
    });
  });

  test('names as they are, where they are kept', () => {
    const policy = identityPolicy('us-east', '.', '.');
    for (const cluster of ['us-east', 'us-west'])
      expect(subscribed(cluster, ['orders'], ['orders', 'us-east.orders'], policy)).toEqual({ orders: 'orders' });
  });

  test('names by a pattern of the user’s own', () => {
    const policy = patternPolicy('replica-{source}-{topic}', ALIASES, '.');
    expect(
      subscribed('us-west', ['orders'], ['orders', 'replica-us-east-orders', 'replica-us-west-orders'], policy),
    ).toEqual({ orders: 'orders', 'replica-us-east-orders': 'orders' });
  });

  test('what a regular expression matches of the application’s names, and no internal topic', () => {
    const existing = ['orders', 'orders-eu', 'us-east.orders', 'mm2-orders.us-west.internal', '__orders'];
    expect(subscribed('us-west', [/orders/g], existing)).toEqual({
      orders: 'orders',
      'orders-eu': 'orders-eu',
      'us-east.orders': 'orders',
    });
    expect(subscribed('us-west', ['__orders'], existing)).toEqual({ __orders: '__orders' });
  });
});

describe('a subscription to a copy', () => {
  test.each(['us-east.orders', 'us-west.orders'])('is refused: %s', (topic) => {
    expect(() => new ApplicationTopics(FLOW, DEFAULT).assertNoCopy(topic)).toThrow(
      expect.objectContaining({ code: 'SUBSCRIPTION_TO_COPY', message: `${topic} is the copy of orders` }),
    );
  });

  test.each(['orders', 'team.orders', 'eu-north.orders'])('is not one: %s', (topic) => {
    expect(() => new ApplicationTopics(FLOW, DEFAULT).assertNoCopy(topic)).not.toThrow();
  });

  test('is none where names are kept', () => {
    expect(() => new ApplicationTopics(FLOW, identityPolicy('us-east', '.', '.')).assertNoCopy('orders')).not.toThrow();
  });
});
