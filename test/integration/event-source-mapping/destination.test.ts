import { expect, test } from 'vitest';
import { z } from 'zod';
import { eventually } from './eventually.ts';
import { Scene, unique } from './mapping.ts';
import { region } from './region.ts';

/** SQS's JSON protocol. The local endpoint does not check signatures. */
async function sqs(operation: string, body: object): Promise<unknown> {
  const { awsEndpoint, cluster } = region();
  const scope = `test/20260101/${cluster.awsRegion}/sqs/aws4_request`;
  const response = await fetch(awsEndpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(body),
  });
  return response.json();
}

const queue = z.object({ QueueUrl: z.string() });
const messages = z.object({ Messages: z.array(z.object({ Body: z.string() })).default([]) });

test('a batch that is given up leaves word with the on-failure destination', async () => {
  const scene = await Scene.set();
  const QueueName = unique('failures');
  const { QueueUrl } = queue.parse(await sqs('CreateQueue', { QueueName }));
  const Destination = `arn:aws:sqs:${region().cluster.awsRegion}:000000000000:${QueueName}`;
  await scene.cluster.produce(scene.topic, 'poison', 'too');

  const mapping = await scene.map({
    BatchSize: 2,
    MaximumBatchingWindowInSeconds: 5,
    MaximumRetryAttempts: 1,
    DestinationConfig: { OnFailure: { Destination } },
  });
  for (let attempt = 0; attempt < 2; attempt++) (await scene.fn.nextCall()).fail();
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [2]);
  const { Messages } = await eventually(
    async () => messages.parse(await sqs('ReceiveMessage', { QueueUrl })),
    (seen) => seen.Messages.length > 0,
  );

  expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
    KafkaBatchInfo: {
      batchSize: 2,
      eventSourceArn: region().cluster.arn,
      recordsInfo: { [`${scene.topic}-0`]: { batchSize: 2, startOffset: 0, endOffset: 1 } },
    },
  });
});

test('a destination that cannot be reached keeps the batch: nothing is dropped without word', async () => {
  const scene = await Scene.set();
  const Destination = `arn:aws:sqs:${region().cluster.awsRegion}:000000000000:${unique('nobody')}`;
  await scene.cluster.produce(scene.topic, 'poison');

  const mapping = await scene.map({ MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination } } });
  (await scene.fn.nextCall()).fail();
  await mapping.untilResult(/queue/i);
  const again = await scene.fn.nextCall();
  again.succeed();

  expect(again.values).toEqual(['poison']);
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [1]);
});
