import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { systemClock } from '../../../../functions/clock.ts';
import { connectConsumers, towards } from '../../../../functions/runbook/consumers.ts';
import type { AwsClient } from '../../../../functions/runbook/outside.ts';
import { recordedLambda } from '../../adapters/lambda/recorded-lambda.ts';
import { flow } from '../../config/two-clusters.ts';

const PLACES = { tableName: 'registry', sourceRegion: 'eu-west-1', targetRegion: 'eu-north-1' };
const EAST_FRAUD = 'arn:aws:lambda:eu-west-1:111122223333:function:fraud-east';
const table = new DynamoDBClient({ region: PLACES.targetRegion });

function listed(...consumers: string[]) {
  return flow(
    'us-east.causeway.cluster.arn = arn:aws:kafka:eu-west-1:111122223333:cluster/east/1',
    'us-west.causeway.cluster.arn = arn:aws:kafka:eu-north-1:111122223333:cluster/west/1',
    ...consumers.map((each) => `us-east->us-west.causeway.lambda.consumers = ${each}`),
  );
}

it('a flow that lists no Lambda consumers switches none', () => {
  const outside = { clock: systemClock, through: <T>(client: T) => client };

  expect(connectConsumers(listed(), table, PLACES, outside)).toBeUndefined();
});

it('each cluster’s consumers are asked for in its own region, by the name that they have there', async () => {
  const asked: string[] = [];
  await using lambda = await recordedLambda(({ path }) => {
    asked.push(new URL(path, 'http://lambda').searchParams.get('FunctionName') ?? '');
    const name = asked.at(-1)?.replace(/^.*:/, '');
    const region = name?.endsWith('west')
      ? 'eu-north-1:111122223333:cluster/west/1'
      : 'eu-west-1:111122223333:cluster/east/1';
    return {
      body: {
        EventSourceMappings: [
          {
            ...{ UUID: `of-${name}`, Topics: ['orders'], State: 'Enabled', StartingPosition: 'LATEST' },
            ...{
              EventSourceArn: `arn:aws:kafka:${region}`,
              AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: name },
            },
          },
        ],
      },
    };
  });
  const regions: string[] = [];
  const through = <T extends AwsClient>(client: T): T => {
    if (!(client instanceof LambdaClient)) return client;
    client.config.region().then((region) => regions.push(region));
    client.destroy();
    return lambda.client as T & LambdaClient;
  };

  const consumers = connectConsumers(listed(`${EAST_FRAUD}->fraud-west`), table, PLACES, {
    clock: systemClock,
    through,
  });
  if (consumers === undefined) throw new Error('it lists one');
  const there = towards(consumers, false);
  const back = towards(consumers, true);

  expect(await there.from.mappings.list()).toMatchObject([
    { consumer: 'fraud-east->fraud-west', uuid: 'of-fraud-east' },
  ]);
  expect(await there.to.mappings.list()).toMatchObject([{ consumer: 'fraud-east->fraud-west', uuid: 'of-fraud-west' }]);
  expect(asked).toEqual([EAST_FRAUD, 'fraud-west']);
  expect(regions).toEqual(['eu-west-1', 'eu-north-1']);
  expect(back).toEqual({ from: there.to, to: there.from });
});
