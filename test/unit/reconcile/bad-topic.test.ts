import { LambdaServiceException } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import {
  ClusterUnreachableError,
  KafkaAuthorizationError,
  KafkaRequestError,
} from '../../../shared/adapters/kafka/errors.ts';
import { rights } from '../../../shared/adapters/kafka/rights.ts';
import { explainTopicRefusal } from '../../../shared/adapters/kafka/topic-errors.ts';
import { explainRefusal } from '../../../shared/adapters/lambda/errors.ts';
import { look } from '../../../shared/reconcile/reconcile.ts';
import { expectSettled, settle } from './settled.ts';
import { World, wanted } from './world.ts';

/** What `ClusterAdmin.createTopic` throws when the broker answers `reason`. */
function broker(reason: string, message: string): Error {
  const error = new KafkaRequestError('us-west', 'CreateTopics of us-east.b', message, { reason, retriable: false });
  return asError(explainTopicRefusal(error));
}

/** What `LambdaEventSourceMappings` throws when Lambda answers `name`. */
function lambda(name: string, message: string): Error {
  const error = new LambdaServiceException({ name, message, $fault: 'client', $metadata: {} });
  return asError(explainRefusal('to make a mapping', error));
}

function asError(error: unknown): Error {
  if (error instanceof Error) return error;
  throw new TypeError(`not an error: ${error}`);
}

const TOPIC_REFUSALS: readonly [string, Error, string, RegExp][] = [
  [
    'the right to create it',
    new KafkaAuthorizationError('us-west', rights.createTopic('us-east.b')),
    'KAFKA_NOT_AUTHORIZED',
    /Grant Create on topic us-east\.b; with IAM authentication the action is kafka-cluster:CreateTopic/,
  ],
  [
    'enough brokers for its replicas',
    broker('INVALID_REPLICATION_FACTOR', 'Unable to replicate the partition 3 time(s)'),
    'KAFKA_INVALID_REPLICATION_FACTOR',
    /replication\.factor/,
  ],
  ['room for its partitions', broker('INVALID_PARTITIONS', 'too many'), 'KAFKA_INVALID_PARTITIONS', /partitions/],
  ['a name that the broker takes', broker('INVALID_TOPIC_EXCEPTION', 'too long'), 'KAFKA_INVALID_TOPIC', /separator/],
  ['the consent of the cluster’s policy', broker('POLICY_VIOLATION', 'no'), 'KAFKA_POLICY_VIOLATION', /policy/],
  ['a cluster that answers', new ClusterUnreachableError('us-west', ['b:9092: refused']), 'KAFKA_UNREACHABLE', /up/],
];

const MAPPING_REFUSALS: readonly [string, Error, string, RegExp][] = [
  ['its turn at Lambda', lambda('TooManyRequestsException', 'Rate exceeded'), 'LAMBDA_THROTTLED', /Nothing/],
  ['room for a mapping', lambda('ServiceQuotaExceededException', 'Too many'), 'MAPPING_QUOTA_REACHED', /quota/],
  [
    'the right to make it',
    lambda('AccessDeniedException', 'not authorized'),
    'LAMBDA_NOT_ALLOWED',
    /role of the function/,
  ],
  [
    'settings that Lambda takes',
    lambda('InvalidParameterValueException', 'stream'),
    'MAPPING_INVALID',
    /role of replicate/,
  ],
  ['its function', lambda('ResourceNotFoundException', 'Function not found'), 'REPLICATE_MISSING', /Deploy/],
  ['anything known', new Error('socket hang up'), 'RECONCILE_STEP_FAILED', /next look/],
];

test.each([
  ...TOPIC_REFUSALS.map((each) => ['remote topic', ...each] as const),
  ...MAPPING_REFUSALS.map((each) => ['mapping', ...each] as const),
])(
  'a %s that lacks %s stops no other topic, is told, and is made once it can be',
  async (what, _, error, code, next) => {
    const world = new World();
    for (const topic of ['a', 'b', 'c']) world.makeSource(topic);
    const refused = what === 'mapping' ? world.refusedMappings : world.refusedTopics;
    const name = what === 'mapping' ? 'b' : 'us-east.b';
    refused.set(name, error);

    const { topics } = await look(wanted(), world.ports());

    expect(world.created.map((spec) => spec.topic)).toEqual(['a', 'c']);
    const [told, ...others] = topics.flatMap(({ plan, errors }) => errors.map((each) => ({ topic: plan.topic, each })));
    expect(others).toEqual([]);
    expect(told?.topic).toBe('b');
    expect(told?.each).toMatchObject({
      code,
      message: `us-east->us-west b: create-${what.replace(' ', '-')} failed: ${error.message}`,
      safe: 'What is being copied goes on; other topics are not affected.',
      next: expect.stringMatching(next),
    });

    refused.delete(name);
    await settle(world, wanted());
    expectSettled(world, wanted());
  },
);

test('a topic that cannot be made is told at every look, and costs one request each time', async () => {
  const world = new World();
  world.makeSource('b');
  world.refusedTopics.set('us-east.b', broker('POLICY_VIOLATION', 'no'));
  const ports = world.ports();
  let requests = 0;
  const create = (...args: Parameters<typeof ports.target.create>) => {
    requests++;
    return ports.target.create(...args);
  };

  for (let looks = 1; looks <= 3; looks++) {
    const { steps, rounds } = await look(wanted(), { ...ports, target: { ...ports.target, create } });
    expect([requests, rounds, steps.length]).toEqual([looks, 1, 1]);
  }
});

test('two topics with one remote name are both refused, unless one already has it', async () => {
  const world = new World();
  const topics = { covers: () => true, remoteTopic: () => 'all' };
  world.makeSource('first');
  await settle(world, wanted({ topics }));
  world.makeSource('second');

  const report = await look(wanted({ topics }), world.ports());
  expect(report.topics.map(({ plan, errors }) => [plan.topic, errors.map(({ code }) => code)])).toEqual([
    ['first', []],
    ['second', ['REMOTE_NAME_TAKEN']],
  ]);

  const fresh = new World();
  fresh.makeSource('first');
  fresh.makeSource('second');
  const both = await look(wanted({ topics }), fresh.ports());
  expect(both.topics.flatMap(({ errors }) => errors.map(({ code }) => code))).toEqual([
    'REMOTE_NAME_TAKEN',
    'REMOTE_NAME_TAKEN',
  ]);
  expect(fresh.target.size).toBe(0);
});

test('a remote name that no broker takes is refused with its length', async () => {
  const world = new World();
  world.makeSource('x'.repeat(245));

  const report = await look(wanted(), world.ports());

  expect(report.topics[0]?.errors[0]).toMatchObject({ code: 'REMOTE_NAME_INVALID' });
  expect(report.topics[0]?.errors[0]?.message).toContain('(253 characters)');
});

test.each([
  ['of other characters', (topic: string) => `us east.${topic}`],
  ['that is a dot', () => '.'],
])('a remote name %s is refused', async (_, remoteTopic) => {
  const world = new World();
  world.makeSource('orders');

  const report = await look(wanted({ topics: { covers: () => true, remoteTopic } }), world.ports());

  expect(report.topics[0]?.errors).toMatchObject([{ code: 'REMOTE_NAME_INVALID' }]);
  expect(world.target.size).toBe(0);
});

test('a remote name that differs from a topic of the target in dots and underscores alone is refused, with that one', async () => {
  const world = new World();
  for (const topic of ['a', 'order.lines']) world.makeSource(topic);
  world.target.set('us-east.order_lines', { name: 'us-east.order_lines', id: 'old', partitions: 1, internal: false });

  const report = await look(wanted(), world.ports());

  expect(report.topics.map(({ plan, errors }) => [plan.topic, errors.map(({ code }) => code)])).toEqual([
    ['a', []],
    ['order.lines', ['REMOTE_NAME_COLLIDES']],
  ]);
  expect(report.topics[1]?.errors[0]?.message).toBe(
    'us-east->us-west order.lines: us-west takes no topic us-east.order.lines beside its topic us-east.order_lines',
  );
  expect(world.created.map(({ topic }) => topic)).toEqual(['a']);
});
