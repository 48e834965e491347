import {
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  type ListEventSourceMappingsCommandInput,
  ListTagsCommand,
  TagResourceCommand,
} from '@aws-sdk/client-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { Scene, unique } from './mapping.ts';
import { region } from './region.ts';
import { RemoteFunction } from './remote-function.ts';

const disabled = { Enabled: false };

async function list(scene: Scene, input: ListEventSourceMappingsCommandInput): Promise<(string | undefined)[]> {
  const { EventSourceMappings = [] } = await scene.lambda.send(new ListEventSourceMappingsCommand(input));
  return EventSourceMappings.map(({ UUID }) => UUID);
}

test('a mapping shows its settings and the defaults of the rest', async () => {
  const scene = await Scene.set();
  const mapping = await scene.mapWithDefaultWindow();

  const shown = await mapping.get();

  expect(shown).toMatchObject({
    UUID: mapping.uuid,
    EventSourceArn: region().cluster.arn,
    FunctionArn: `arn:aws:lambda:${region().cluster.awsRegion}:000000000000:function:${scene.fn.name}`,
    Topics: [scene.topic],
    BatchSize: 100,
    StartingPosition: 'TRIM_HORIZON',
    State: 'Enabled',
    LastProcessingResult: 'No records processed',
    AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: mapping.uuid },
    LastModified: expect.any(Date),
  });
});

test('what is given is kept, pollers and access included', async () => {
  const scene = await Scene.set();
  const given = {
    BatchSize: 10_000,
    MaximumBatchingWindowInSeconds: 1,
    FunctionResponseTypes: ['ReportBatchItemFailures' as const],
    ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 3 },
    SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH' as const, URI: 'arn:aws:secretsmanager:secret' }],
    SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: unique('group') },
  };

  const mapping = await scene.mapSelfManaged({ ...given, ...disabled });

  expect(await mapping.get()).toMatchObject({
    ...given,
    State: 'Disabled',
    SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: [scene.cluster.bootstrapServers] } },
  });
});

test('mappings are listed by function, by cluster, and page by page', async () => {
  const scene = await Scene.set({ partitions: 0 });
  const namesake = await RemoteFunction.create(scene.lambda, `${scene.fn.name}-2`);
  onTestFinished(() => namesake[Symbol.asyncDispose]());
  const topics = ['a', 'b', 'c'].map(unique);
  const uuids: string[] = [];
  for (const topic of topics) uuids.push((await scene.map({ Topics: [topic], ...disabled })).uuid);
  const other = await scene.mapSelfManaged({ ...disabled });
  await other.update({ FunctionName: namesake.name });

  const [a, b, c] = uuids;
  const FunctionName = scene.fn.name;
  expect(await list(scene, { FunctionName })).toEqual(uuids);
  expect(await list(scene, { FunctionName: namesake.name })).toEqual([other.uuid]);
  expect(await list(scene, { FunctionName, EventSourceArn: region().cluster.arn })).toEqual(uuids);
  expect(await list(scene, { FunctionName, EventSourceArn: `${region().cluster.arn}x` })).toEqual([]);
  const first = await scene.lambda.send(new ListEventSourceMappingsCommand({ FunctionName, MaxItems: 2 }));
  expect(first.EventSourceMappings?.map(({ UUID }) => UUID)).toEqual([a, b]);
  expect(await list(scene, { FunctionName, MaxItems: 2, Marker: first.NextMarker })).toEqual([c]);
});

test('tags given at creation are listed, and can be changed', async () => {
  const scene = await Scene.set();
  const created: EventSourceMappingConfiguration = await scene
    .map({ Tags: { 'causeway:flow': 'us-east->us-west' }, ...disabled })
    .then((mapping) => mapping.get());
  const Resource = created.EventSourceMappingArn;

  await scene.lambda.send(new TagResourceCommand({ Resource, Tags: { owner: 'team' } }));
  const { Tags } = await scene.lambda.send(new ListTagsCommand({ Resource }));

  expect(Tags).toEqual({ 'causeway:flow': 'us-east->us-west', owner: 'team' });
});

test('an update of batch size, window and function holds for what comes next', async () => {
  const scene = await Scene.set();
  const other = await RemoteFunction.create(scene.lambda, unique('other'));
  onTestFinished(() => other[Symbol.asyncDispose]());
  const mapping = await scene.map({ BatchSize: 1 });
  await scene.cluster.produce(scene.topic, 'a');
  (await scene.fn.nextCall()).succeed();
  const before = await mapping.get();

  const update = { BatchSize: 2, MaximumBatchingWindowInSeconds: 300, FunctionName: other.name };
  const answered = await mapping.update(update);
  const after = await mapping.untilState('Enabled');
  await scene.cluster.produce(scene.topic, 'b');
  await scene.cluster.produce(scene.topic, 'c');
  const call = await other.nextCall();
  call.succeed();

  expect(answered.State).toBe('Updating');
  expect(after).toMatchObject({ BatchSize: 2, MaximumBatchingWindowInSeconds: 300, UUID: mapping.uuid });
  expect(after.FunctionArn).toMatch(new RegExp(`:function:${other.name}$`));
  expect(after.LastModified?.getTime()).toBeGreaterThan(before.LastModified?.getTime() ?? Number.NaN);
  expect(call.values).toEqual(['b', 'c']);
  expect(call.invocation.functionName).toBe(other.name);
});

test('a mapping cannot be updated while it is changing', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'a');
  const mapping = await scene.map();
  const inFlight = await scene.fn.nextCall();
  await mapping.update({ Enabled: false });

  await expect(mapping.update({ BatchSize: 5 })).rejects.toMatchObject({ name: 'ResourceInUseException' });
  inFlight.succeed();
  await mapping.untilState('Disabled');
});

test('of updates at the same time those that come while it is changing are refused, and it gets where it was sent', async () => {
  const scene = await Scene.set();
  const mapping = await scene.map(disabled);
  await mapping.untilState('Disabled');

  for (const Enabled of [true, false, true]) {
    const updates = await Promise.allSettled(Array.from({ length: 8 }, () => mapping.update({ Enabled })));
    const refusals = updates.flatMap((each) => (each.status === 'rejected' ? [each.reason.name] : []));

    expect(refusals.length).toBeLessThan(updates.length);
    expect(new Set(refusals).difference(new Set(['ResourceInUseException']))).toEqual(new Set());
    await mapping.untilState(Enabled ? 'Enabled' : 'Disabled');
  }
});

test('a mapping that is being deleted says so until its batch in flight has ended', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'a');
  const mapping = await scene.map();
  const inFlight = await scene.fn.nextCall();

  const deletion = mapping.delete();
  await mapping.untilState('Deleting');
  inFlight.succeed();
  await deletion;

  const gone = scene.lambda.send(new GetEventSourceMappingCommand({ UUID: mapping.uuid }));
  await expect(gone).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect(await scene.cluster.committed(mapping.group, scene.topic)).toEqual([1]);
});
