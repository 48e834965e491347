import { expect, test } from 'vitest';
import { defaultPolicy } from '../../../shared/policy/default-policy.ts';
import { identityPolicy } from '../../../shared/policy/identity-policy.ts';
import { mirroredTopics } from '../../../shared/policy/mirrored-topics.ts';

const TOPICS = ['heartbeats', 'central.heartbeats', 'orders', 'shop.orders', 'central.orders'];

test('a topic is a copy where the heartbeats of the cluster in its name are there too', () => {
  expect([...mirroredTopics(defaultPolicy('.', '.'), TOPICS)]).toEqual(['central.heartbeats', 'central.orders']);
});

test('names that are kept tell of no copies but heartbeats', () => {
  expect([...mirroredTopics(identityPolicy('east', '.', '.'), TOPICS)]).toEqual(['central.heartbeats']);
});
