import { expect, test } from 'vitest';
import { controlPlaneClient } from '../../../../shared/adapters/lambda/client.ts';
import { LambdaEventSourceMappings } from '../../../../shared/adapters/lambda/event-source-mappings.ts';
import type { MappingSpec } from '../../../../shared/reconcile/ports.ts';
import { type Answer, type Recorded, recordedLambda } from './recorded-lambda.ts';

const FLOW = { source: 'us-east', target: 'us-west' };
const CLUSTER = 'arn:aws:kafka:us-east-1:111122223333:cluster/east/0e0e';
const SPEC: MappingSpec = {
  topic: 'orders',
  generation: 2,
  group: 'causeway.us-east.us-west.orders.g2',
  origin: { kind: 'msk', clusterArn: CLUSTER },
  settings: {
    enabled: true,
    batchSize: 500,
    batchingWindowSeconds: 0,
    pollers: { minimum: 1, maximum: 4 },
    access: [{ type: 'SASL_SCRAM_512_AUTH', uri: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:AmazonMSK_e' }],
  },
};

async function mappings(answer: (request: Recorded) => Answer) {
  const lambda = await recordedLambda(answer);
  return { lambda, port: new LambdaEventSourceMappings(lambda.client, 'replicate', FLOW) };
}

/** The SDK draws how long it waits after each refusal, and slows down as a whole. */
const BACK_OFF_MS = 30_000;

test('a mapping of an MSK cluster is asked for with nothing in it that could drop a record', async () => {
  const { lambda, port } = await mappings(() => ({ status: 202 }));
  await using _ = lambda;

  expect(await port.create(SPEC)).toBe('created');

  expect(lambda.requests).toEqual([
    {
      method: 'POST',
      path: '/2015-03-31/event-source-mappings',
      body: {
        FunctionName: 'replicate',
        EventSourceArn: CLUSTER,
        AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'causeway.us-east.us-west.orders.g2' },
        Topics: ['orders'],
        StartingPosition: 'TRIM_HORIZON',
        Enabled: true,
        BatchSize: 500,
        MaximumBatchingWindowInSeconds: 0,
        ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 4 },
        SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH', URI: SPEC.settings.access[0]?.uri }],
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: -1,
        Tags: { 'causeway:flow': 'us-east:us-west', 'causeway:topic': 'orders', 'causeway:generation': '2' },
      },
    },
  ]);
});

test('a group of pollers is asked for by its name, left by an empty one, and read back', async () => {
  const listed = (PollerGroupName: string) => ({
    UUID: PollerGroupName,
    EventSourceArn: CLUSTER,
    Topics: ['orders'],
    State: 'Enabled',
    ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 4, PollerGroupName },
  });
  const { lambda, port } = await mappings(() => ({ body: { EventSourceMappings: [listed('flows'), listed('')] } }));
  await using _ = lambda;
  const inGroup = (group: string) => ({ ...SPEC.settings, pollers: { minimum: 1, maximum: 4, group } });

  await port.create({ ...SPEC, settings: inGroup('flows') });
  await port.update('one', inGroup(''));
  const [one, two] = await port.list();

  const sent = { MinimumPollers: 1, MaximumPollers: 4 };
  expect(lambda.requests.slice(0, 2).map(({ body }) => body)).toMatchObject([
    { ProvisionedPollerConfig: { ...sent, PollerGroupName: 'flows' } },
    { ProvisionedPollerConfig: { ...sent, PollerGroupName: '' } },
  ]);
  expect(one?.settings.pollers).toEqual({ minimum: 1, maximum: 4, group: 'flows' });
  expect(two?.settings.pollers).toEqual({ minimum: 1, maximum: 4 });
});

test('a self-managed cluster is named by its brokers, and on-demand pollers by nothing', async () => {
  const { lambda, port } = await mappings(() => ({ status: 202 }));
  await using _ = lambda;

  await port.create({
    ...SPEC,
    origin: { kind: 'self-managed', bootstrapServers: ['a:9092', 'b:9092'] },
    settings: { ...SPEC.settings, pollers: undefined, access: [] },
  });

  const { body } = lambda.requests[0] ?? {};
  expect(body).toMatchObject({
    SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['a:9092', 'b:9092'] } },
    SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: SPEC.group },
  });
  for (const absent of ['EventSourceArn', 'ProvisionedPollerConfig', 'SourceAccessConfigurations'])
    expect(body).not.toHaveProperty(absent);
});

test.each(['ResourceConflictException', 'ResourceInUseException'])('%s is somebody else at work', async (error) => {
  const { lambda, port } = await mappings(() => ({ status: 409, error }));
  await using _ = lambda;

  expect([await port.create(SPEC), await port.update('u', SPEC.settings), await port.remove('u')]).toEqual([
    'busy',
    'busy',
    'busy',
  ]);
});

test('a mapping that is gone is removed, and cannot be updated', async () => {
  const { lambda, port } = await mappings(() => ({ status: 404, error: 'ResourceNotFoundException' }));
  await using _ = lambda;

  expect(await port.remove('u')).toBe('removed');
  expect(await port.update('u', SPEC.settings)).toBe('busy');
});

test('a consumer group that another run has just given to its mapping is somebody else at work', async () => {
  const body = { message: "Consumer group id 'g' is already used by the event source mapping with UUID m1." };
  const { lambda, port } = await mappings(() => ({ status: 400, error: 'InvalidParameterValueException', body }));
  await using _ = lambda;

  expect(await port.create(SPEC)).toBe('busy');
});

test.each([
  ['TooManyRequestsException', 429, 'Rate exceeded', 'LAMBDA_THROTTLED', true],
  [
    'AccessDeniedException',
    403,
    'not authorized to perform: lambda:CreateEventSourceMapping',
    'LAMBDA_NOT_ALLOWED',
    false,
  ],
  ['ServiceQuotaExceededException', 402, 'Too many mappings', 'MAPPING_QUOTA_REACHED', false],
  ['InvalidParameterValueException', 400, 'Event poller limit exceeded', 'MAPPING_QUOTA_REACHED', false],
  ['InvalidParameterValueException', 400, 'Cannot access stream', 'MAPPING_INVALID', false],
  ['ResourceNotFoundException', 404, 'Function not found: replicate', 'REPLICATE_MISSING', false],
])('%s (%i, %s) is told as %s', async (error, status, message, code, retriable) => {
  const { lambda, port } = await mappings(() => ({ status, error, body: { message } }));
  await using _ = lambda;

  await expect(port.create(SPEC)).rejects.toMatchObject({
    code,
    retriable,
    message: `Lambda refused to make a mapping: ${error}: ${message}`,
    safe: 'Mappings that exist go on as they are; records wait in the source.',
    next: expect.stringMatching(/\.$/),
  });
});

test('a list that is refused is told like any other request', async () => {
  const { lambda, port } = await mappings(() => ({ status: 403, error: 'AccessDeniedException' }));
  await using _ = lambda;

  await expect(port.list()).rejects.toMatchObject({ code: 'LAMBDA_NOT_ALLOWED' });
});

test('a fault of Lambda itself is thrown as it is', async () => {
  const body = { message: 'internal' };
  const { lambda, port } = await mappings(() => ({ status: 500, error: 'ServiceException', body }));
  await using _ = lambda;

  await expect(port.create(SPEC)).rejects.toMatchObject({ name: 'ServiceException' });
});

test('while Lambda throttles, the same request is made again', { timeout: BACK_OFF_MS }, async () => {
  let refusals = 2;
  const { lambda } = await mappings(() =>
    refusals-- > 0 ? { status: 429, error: 'TooManyRequestsException' } : { status: 202 },
  );
  await using _ = lambda;
  const { region, endpoint, credentials } = lambda.client.config;
  const client = controlPlaneClient({ region, credentials, ...(endpoint && { endpoint }) });
  const patient = new LambdaEventSourceMappings(client, 'replicate', FLOW);

  expect(await patient.create(SPEC)).toBe('created');

  client.destroy();
  expect(lambda.requests.length).toBe(3);
  expect(new Set(lambda.requests.map(({ body }) => JSON.stringify(body))).size).toBe(1);
});

test('every page is listed, and what was asked for is what is read back', async () => {
  const created = {
    UUID: 'one',
    EventSourceArn: CLUSTER,
    Topics: ['orders'],
    State: 'Enabled',
    BatchSize: 500,
    MaximumBatchingWindowInSeconds: 0,
    ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 4 },
    SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH', URI: SPEC.settings.access[0]?.uri }],
    AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: SPEC.group },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    MaximumRetryAttempts: -1,
    MaximumRecordAgeInSeconds: -1,
  };
  const other = {
    UUID: 'two',
    Topics: ['payments'],
    State: 'Deleting',
    SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['a:9092'] } },
    SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'g' },
  };
  const queue = { UUID: 'three', EventSourceArn: 'arn:aws:sqs:us-east-1:111122223333:q', State: 'Enabled' };
  const { lambda, port } = await mappings(({ path }) =>
    path.includes('Marker=next')
      ? { body: { EventSourceMappings: [other, queue] } }
      : { body: { EventSourceMappings: [created], NextMarker: 'next' } },
  );
  await using _ = lambda;

  const [one, two, ...rest] = await port.list();

  expect(one).toEqual({
    uuid: 'one',
    topic: 'orders',
    group: SPEC.group,
    phase: 'settled',
    origin: SPEC.origin,
    settings: SPEC.settings,
    lossless: true,
  });
  expect(two).toMatchObject({
    uuid: 'two',
    phase: 'deleting',
    origin: { bootstrapServers: ['a:9092'] },
    lossless: false,
  });
  expect(rest).toEqual([]);
  expect(lambda.requests.map(({ path }) => path.includes('FunctionName=replicate'))).toEqual([true, true]);
});

test.each([
  ['finite retries', { MaximumRetryAttempts: 3 }],
  ['an age limit', { MaximumRecordAgeInSeconds: 60 }],
  ['a dead end', { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:111122223333:dlq' } } }],
  ['a filter', { FilterCriteria: { Filters: [{ Pattern: '{}' }] } }],
  ['whole-batch answers', { FunctionResponseTypes: [] }],
  ['bisecting', { BisectBatchOnFunctionError: true }],
])('a mapping with %s is known to lose or reorder records', async (_, changes) => {
  const safe = {
    UUID: 'one',
    EventSourceArn: CLUSTER,
    Topics: ['orders'],
    State: 'Enabled',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  };
  const { lambda, port } = await mappings(() => ({ body: { EventSourceMappings: [safe, { ...safe, ...changes }] } }));
  await using __ = lambda;

  expect((await port.list()).map(({ lossless }) => lossless)).toEqual([true, false]);
});
