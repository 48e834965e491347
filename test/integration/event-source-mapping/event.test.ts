import { expect, test } from 'vitest';
import { Scene } from './mapping.ts';
import { region } from './region.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('the MSK form sends exactly the event that Lambda documents', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(
    scene.topic,
    { partition: 0, key: 'k', value: 'v', timestamp: '1545084650987' },
    { partition: 0, key: null, value: 'no key', timestamp: '1545084650988' },
    { partition: 0, key: 'tombstone', value: null, timestamp: '1545084650989' },
    { partition: 0, key: '', value: '', timestamp: '1545084650990' },
  );

  await scene.map();
  const call = await scene.fn.nextCall();
  call.succeed();

  const common = { topic: scene.topic, partition: 0, timestampType: 'CREATE_TIME', headers: [] };
  expect(call.event).toEqual({
    eventSource: 'aws:kafka',
    eventSourceArn: region().cluster.arn,
    bootstrapServers: region().cluster.bootstrapServers,
    records: {
      [`${scene.topic}-0`]: [
        { ...common, offset: 0, timestamp: 1545084650987, key: base64('k'), value: base64('v') },
        { ...common, offset: 1, timestamp: 1545084650988, key: null, value: base64('no key') },
        { ...common, offset: 2, timestamp: 1545084650989, key: base64('tombstone'), value: null },
        { ...common, offset: 3, timestamp: 1545084650990, key: '', value: '' },
      ],
    },
  });
});

test('the self-managed form names no cluster ARN', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'v');

  await scene.mapSelfManaged();
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.event).toEqual({
    eventSource: 'SelfManagedKafka',
    bootstrapServers: scene.cluster.bootstrapServers,
    records: { [`${scene.topic}-0`]: [expect.objectContaining({ offset: 0, value: base64('v') })] },
  });
});

test('headers keep their order and repeats, their bytes are signed, and one without a value is null', async () => {
  const scene = await Scene.set();
  const headers = new Map<Buffer, Buffer | null>([
    [Buffer.from('b'), Buffer.from('é')],
    [Buffer.from('a'), Buffer.from([0, 127, 128, 255])],
    [Buffer.from('b'), Buffer.alloc(0)],
    [Buffer.from('c'), null],
  ]);
  await scene.cluster.produceWithHeaders(scene.topic, Buffer.from([0, 255]), headers);

  await scene.map();
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.records[0]?.headers).toEqual([{ b: [-61, -87] }, { a: [0, 127, -128, -1] }, { b: [] }, { c: null }]);
  expect(call.records[0]?.value).toBe(Buffer.from([0, 255]).toString('base64'));
});

test('a topic with log append time says so', async () => {
  const scene = await Scene.set({ partitions: 0 });
  await scene.cluster.createTopic(scene.topic, 1, { 'message.timestamp.type': 'LogAppendTime' });
  const before = Date.now();
  await scene.cluster.produce(scene.topic, { partition: 0, value: 'v', timestamp: '1545084650987' });

  await scene.map();
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.records[0]?.timestampType).toBe('LOG_APPEND_TIME');
  expect(call.records[0]?.timestamp).toBeGreaterThanOrEqual(before);
});

test('records of an aborted transaction never arrive, those of a committed one do', async () => {
  const scene = await Scene.set();
  await scene.cluster.produceInTransaction(scene.topic, 'aborted', 'abort');
  await scene.cluster.produceInTransaction(scene.topic, 'committed', 'commit');
  await scene.cluster.produce(scene.topic, 'plain');

  const mapping = await scene.map();
  const seen: (string | null)[] = [];
  while (seen.length < 2) {
    const call = await scene.fn.nextCall();
    seen.push(...call.values);
    call.succeed();
  }

  expect(seen).toEqual(['committed', 'plain']);
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [5]);
});

test('a mapping of another AWS region reads that region’s cluster and calls that region’s function', async () => {
  const west = region(1);
  const scene = await Scene.set({ place: west });
  await scene.cluster.produce(scene.topic, 'v');

  await scene.map();
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.event.eventSourceArn).toBe(west.cluster.arn);
  expect(call.event.bootstrapServers).toBe(west.cluster.bootstrapServers);
  expect(call.invocation.environment.AWS_REGION).toBe('us-west-2');
  expect(call.invocation.invokedFunctionArn).toContain(':us-west-2:');
});
