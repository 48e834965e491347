import { expect, test } from 'vitest';
import { z } from 'zod';
import { callAws, queryAws } from '../../../local/region/call-aws.ts';
import { eventually } from './eventually.ts';
import { Scene, unique } from './mapping.ts';
import { awsPlace, region } from './region.ts';

const arn = (service: 'sqs' | 'sns', name: string) =>
  `arn:aws:${service}:${region().cluster.awsRegion}:000000000000:${name}`;

const messages = z.object({ Messages: z.array(z.object({ Body: z.string() })).default([]) });

/** A queue, as far as a test needs it. */
class MessageQueue {
  readonly arn: string;
  readonly #url: string;

  private constructor(name: string, url: string) {
    this.arn = arn('sqs', name);
    this.#url = url;
  }

  static async create(): Promise<MessageQueue> {
    const QueueName = unique('failures');
    const created = await MessageQueue.#call('CreateQueue', { QueueName });
    return new MessageQueue(QueueName, z.object({ QueueUrl: z.string() }).parse(created).QueueUrl);
  }

  /** The body of the first message, once there is one. */
  async first(): Promise<unknown> {
    const { Messages } = await eventually(
      async () => messages.parse(await MessageQueue.#call('ReceiveMessage', { QueueUrl: this.#url })),
      (seen) => seen.Messages.length > 0,
    );
    return JSON.parse(Messages[0]?.Body ?? '');
  }

  static async #call(operation: string, body: object): Promise<unknown> {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` };
    return JSON.parse(await callAws('sqs', { method: 'POST', headers, body: JSON.stringify(body) }, awsPlace()));
  }
}

/** Gives the batch of both records up after two attempts, and waits until it is passed over. */
async function giveUp(scene: Scene, Destination: string): Promise<void> {
  await scene.cluster.produce(scene.topic, 'poison', 'too');
  const mapping = await scene.map({
    BatchSize: 2,
    MaximumBatchingWindowInSeconds: 5,
    MaximumRetryAttempts: 1,
    DestinationConfig: { OnFailure: { Destination } },
  });
  for (let attempt = 0; attempt < 2; attempt++) (await scene.fn.nextCall()).fail();
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [2]);
}

const wordOf = ({ topic }: Scene) => ({
  requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
  KafkaBatchInfo: {
    batchSize: 2,
    eventSourceArn: region().cluster.arn,
    recordsInfo: { [`${topic}-0`]: { batchSize: 2, startOffset: 0, endOffset: 1 } },
  },
});

test('a batch that is given up leaves word in an SQS queue', async () => {
  const scene = await Scene.set();
  const queue = await MessageQueue.create();

  await giveUp(scene, queue.arn);

  expect(await queue.first()).toMatchObject(wordOf(scene));
});

test('a batch that is given up leaves word with an SNS topic', async () => {
  const scene = await Scene.set();
  const queue = await MessageQueue.create();
  const Name = unique('failures');
  await queryAws('sns', { Action: 'CreateTopic', Name }, awsPlace());
  const TopicArn = arn('sns', Name);
  await queryAws('sns', { Action: 'Subscribe', TopicArn, Protocol: 'sqs', Endpoint: queue.arn }, awsPlace());

  await giveUp(scene, TopicArn);

  const { Message } = z.object({ Message: z.string() }).parse(await queue.first());
  expect(JSON.parse(Message)).toMatchObject(wordOf(scene));
});

test('a batch that is given up goes to an S3 bucket with all of its records', async () => {
  const scene = await Scene.set();
  const bucket = unique('failures');
  await callAws('s3', { method: 'PUT', path: `/${bucket}` }, awsPlace());

  await giveUp(scene, `arn:aws:s3:::${bucket}`);

  const listed = await callAws('s3', { path: `/${bucket}?list-type=2` }, awsPlace());
  const [, key] = /<Key>(aws\/lambda\/.*?)<\/Key>/.exec(listed) ?? [];
  const { payload, ...word } = z
    .looseObject({ payload: z.string() })
    .parse(JSON.parse(await callAws('s3', { path: `/${bucket}/${key}` }, awsPlace())));
  expect(word).toMatchObject(wordOf(scene));
  expect(JSON.parse(payload)).toMatchObject({
    records: { [`${scene.topic}-0`]: ['poison', 'too'].map((value) => ({ value: btoa(value) })) },
  });
});

test.each(['sqs', 'sns'] as const)(
  'an %s destination that cannot be reached keeps the batch: nothing is dropped without word',
  async (service) => {
    const scene = await Scene.set();
    const Destination = arn(service, unique('nobody'));
    await scene.cluster.produce(scene.topic, 'poison');

    const mapping = await scene.map({ MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination } } });
    (await scene.fn.nextCall()).fail();
    await mapping.untilResult(/queue|topic/i);
    const again = await scene.fn.nextCall();
    again.succeed();

    expect(again.values).toEqual(['poison']);
    await scene.cluster.untilCommitted(mapping.group, scene.topic, [1]);
  },
);
