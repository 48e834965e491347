import type { SourceAccessType } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { Scene, unique } from './mapping.ts';
import { region } from './region.ts';

const msk = () => ({ EventSourceArn: region().cluster.arn, Topics: ['t'], StartingPosition: 'TRIM_HORIZON' as const });
const selfManaged = () => ({
  ...msk(),
  EventSourceArn: undefined,
  SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['127.0.0.1:1'] } },
});
const access = (...types: SourceAccessType[]) => ({
  SourceAccessConfigurations: types.map((Type) => ({ Type, URI: 'arn:aws:secretsmanager:secret' })),
});
const destination = (arn: string) => ({ DestinationConfig: { OnFailure: { Destination: arn } } });

test.each([
  ['no topic', () => ({ ...msk(), Topics: undefined }), /topics/],
  ['two topics', () => ({ ...msk(), Topics: ['a', 'b'] }), /topics/],
  ['no starting position', () => ({ ...msk(), StartingPosition: undefined }), /startingPosition/],
  ['AT_TIMESTAMP without one', () => ({ ...msk(), StartingPosition: 'AT_TIMESTAMP' as const }), /Timestamp/],
  ['a timestamp without AT_TIMESTAMP', () => ({ ...msk(), StartingPositionTimestamp: new Date(1) }), /AT_TIMESTAMP/],
  [
    'a timestamp in the future',
    () => ({
      ...msk(),
      StartingPosition: 'AT_TIMESTAMP' as const,
      StartingPositionTimestamp: new Date(Date.now() + 600_000),
    }),
    /future/,
  ],
  ['a batch of more than 10,000', () => ({ ...msk(), BatchSize: 10_001 }), /BatchSize/],
  ['a window of more than 300 s', () => ({ ...msk(), MaximumBatchingWindowInSeconds: 301 }), /Window/],
  ['a record age below 60 s', () => ({ ...msk(), MaximumRecordAgeInSeconds: 59 }), /MaximumRecordAge/],
  ['fewer retries than none', () => ({ ...msk(), MaximumRetryAttempts: -2 }), /MaximumRetryAttempts/],
  [
    'more pollers at least than at most',
    () => ({ ...msk(), ProvisionedPollerConfig: { MinimumPollers: 3, MaximumPollers: 2 } }),
    /MinimumPollers/,
  ],
  ['a cluster that nobody knows', () => ({ ...msk(), EventSourceArn: 'arn:aws:kafka:us-east-1:1:cluster/no/1' }), /no/],
  [
    'a consumer group of odd characters',
    () => ({ ...msk(), AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'a b' } }),
    /Consumer group/,
  ],
  ['a destination that cannot be served here', () => ({ ...msk(), ...destination('kafka://failures') }), /destination/],
  [
    'self-managed brokers without access',
    () => ({ ...selfManaged(), SourceAccessConfigurations: undefined }),
    /sourceAccessConfigurations/,
  ],
  [
    'a way of logging in that MSK does not have',
    () => ({ ...msk(), ...access('BASIC_AUTH') }),
    /BASIC_AUTH cannot be used for MSK/,
  ],
  [
    'a way of logging in that cannot be had here',
    () => ({ ...selfManaged(), ...access('VIRTUAL_HOST') }),
    /VIRTUAL_HOST cannot be used for self-managed/,
  ],
  [
    'two ways of logging in at once',
    () => ({ ...selfManaged(), ...access('BASIC_AUTH', 'CLIENT_CERTIFICATE_TLS_AUTH') }),
    /Only one way of logging in/,
  ],
  [
    'a secret that is not named',
    () => ({ ...selfManaged(), SourceAccessConfigurations: [{ Type: 'BASIC_AUTH' as const }] }),
    /needs a URI/,
  ],
  [
    'a filter that is no JSON',
    () => ({ ...msk(), FilterCriteria: { Filters: [{ Pattern: 'value = 1' }] } }),
    /Invalid filter pattern/,
  ],
  ['no source at all', () => ({ ...msk(), EventSourceArn: undefined }), /event source/],
])('%s is refused', async (_what, settings, message) => {
  const scene = await Scene.set({ partitions: 0 });

  const refused = scene.send(settings());

  await expect(refused).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  await expect(refused).rejects.toThrow(message);
});

test('a consumer group belongs to one mapping', async () => {
  const scene = await Scene.set();
  const config = { AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: unique('group') } };
  const first = await scene.map({ ...config, Enabled: false });

  const second = scene.send({ ...msk(), Topics: ['other'], ...config });

  await expect(second).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  await expect(second).rejects.toThrow(first.uuid);
});

test('a topic of a cluster is mapped to a function once', async () => {
  const scene = await Scene.set();
  const first = await scene.map({ Enabled: false });

  const second = scene.send({ ...msk(), Topics: [scene.topic] });

  await expect(second).rejects.toMatchObject({ name: 'ResourceConflictException' });
  await expect(second).rejects.toThrow(first.uuid);
});
