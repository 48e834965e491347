import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetEventSourceMappingCommand, ListTagsCommand } from '@aws-sdk/client-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { Stack } from './cloudformation.ts';
import { Scene, unique } from './mapping.ts';
import { Queue } from './queue.ts';
import { region } from './region.ts';

function stack(): Stack {
  const created = new Stack(unique('stack'));
  onTestFinished(() => created[Symbol.asyncDispose]());
  return created;
}

test('a stack makes, changes and removes mappings of both forms', async () => {
  const scene = await Scene.set();
  const both = (BatchSize: number, owner: string) => {
    const common = {
      FunctionName: scene.fn.name,
      Topics: [scene.topic],
      StartingPosition: 'TRIM_HORIZON',
      BatchSize,
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 2, PollerGroupName: 'flows' },
      Tags: [{ Key: 'owner', Value: owner }],
    };
    const Type = 'AWS::Lambda::EventSourceMapping';
    return {
      Msk: {
        Type,
        Properties: {
          ...common,
          EventSourceArn: region().cluster.arn,
          AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: `${scene.topic}-msk` },
        },
      },
      SelfManaged: {
        Type,
        Properties: {
          ...common,
          SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: [scene.cluster.bootstrapServers] } },
          SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: `${scene.topic}-self` },
          SourceAccessConfigurations: [{ Type: 'VPC_SUBNET', URI: 'subnet:subnet-12345678' }],
        },
      },
    };
  };
  const outputs = { Msk: { Value: { Ref: 'Msk' } }, SelfManaged: { Value: { Ref: 'SelfManaged' } } };
  const deployed = stack();
  const show = async (output: string) => {
    const mapping = await scene.lambda.send(new GetEventSourceMappingCommand({ UUID: await deployed.output(output) }));
    const { Tags } = await scene.lambda.send(new ListTagsCommand({ Resource: mapping.EventSourceMappingArn }));
    return { ...mapping, Tags };
  };

  await deployed.create(both(7, 'first'), outputs);
  await scene.cluster.produce(scene.topic, 'a');
  const calls = [await scene.fn.nextCall(), await scene.fn.nextCall()];
  for (const call of calls) call.succeed();
  // Until then an update has the record delivered again, and a call that nobody answers keeps its mapping from being deleted.
  for (const form of ['msk', 'self']) await scene.cluster.untilCommitted(`${scene.topic}-${form}`, scene.topic, [1]);

  expect(calls.map(({ event }) => event.eventSource).sort()).toEqual(['SelfManagedKafka', 'aws:kafka']);
  const expected = { BatchSize: 7, ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 2 } };
  expect(await show('Msk')).toMatchObject({ ...expected, Tags: { owner: 'first' } });
  expect(await show('SelfManaged')).toMatchObject({ ...expected, Tags: { owner: 'first' } });

  await deployed.update(both(8, 'second'), outputs);
  const uuid = await deployed.output('Msk');
  expect(await show('Msk')).toMatchObject({ BatchSize: 8, Tags: { owner: 'second' } });

  await deployed.delete();
  await expect(scene.lambda.send(new GetEventSourceMappingCommand({ UUID: uuid }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  expect(await scene.cluster.committed(`${scene.topic}-msk`, scene.topic)).toEqual([1]);
});

test('a custom resource calls its function on create, update and delete, and gives its attributes', async () => {
  const requests = new Queue<Record<string, unknown>>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      requests.push(JSON.parse(body));
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const resources = (Value: number) => ({
    Provider: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::000000000000:role/test',
        Environment: { Variables: { TEST_URL: `http://127.0.0.1:${port}` } },
        Code: { ZipFile: providerCode },
      },
    },
    Custom: {
      Type: 'Custom::Thing',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Provider', 'Arn'] }, Value },
    },
  });
  const outputs = { Doubled: { Value: { 'Fn::GetAtt': ['Custom', 'Doubled'] } }, Id: { Value: { Ref: 'Custom' } } };
  const deployed = stack();

  await deployed.create(resources(21), outputs);
  expect(await requests.next(1_000, 'request')).toMatchObject({
    RequestType: 'Create',
    LogicalResourceId: 'Custom',
    ResourceType: 'Custom::Thing',
    ResourceProperties: { Value: '21' },
  });
  expect([await deployed.output('Doubled'), await deployed.output('Id')]).toEqual(['42', 'thing']);

  await deployed.update(resources(4), outputs);
  expect(await requests.next(1_000, 'request')).toMatchObject({
    RequestType: 'Update',
    PhysicalResourceId: 'thing',
    ResourceProperties: { Value: '4' },
    OldResourceProperties: { Value: '21' },
  });
  expect(await deployed.output('Doubled')).toBe('8');

  await deployed.delete();
  expect(await requests.next(1_000, 'request')).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: 'thing' });
});

const providerCode = `
exports.handler = async (event) => {
  await fetch(process.env.TEST_URL, { method: 'POST', body: JSON.stringify(event) });
  const { StackId, RequestId, LogicalResourceId } = event;
  const Data = { Doubled: String(2 * event.ResourceProperties.Value) };
  const answer = { Status: 'SUCCESS', PhysicalResourceId: 'thing', StackId, RequestId, LogicalResourceId, Data };
  await fetch(event.ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body: JSON.stringify(answer) });
};`;
