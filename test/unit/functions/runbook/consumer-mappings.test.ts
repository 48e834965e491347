import { describe, expect, it } from 'vitest';
import { consumerMappings } from '../../../../functions/runbook/consumer-mappings.ts';
import { type Answer, type Recorded, recordedLambda } from '../../adapters/lambda/recorded-lambda.ts';
import { flow } from '../../config/two-clusters.ts';

const ARN = 'arn:aws:kafka:us-east-1:111122223333:cluster/east/1';
const CLUSTER = flow('us-east.causeway.cluster.arn = arn:aws:kafka:us-east-1:111122223333:cluster/east/1').source;

const mapping = (topic: string, more: object) => ({
  ...{ UUID: `uuid-${topic}`, Topics: [topic], State: 'Enabled', StartingPosition: 'LATEST' },
  AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: `group-${topic}` },
  ...more,
});

describe('Event source mappings of the users’ functions', () => {
  it('are those that read from the cluster, by its ARN or its brokers', async () => {
    const EventSourceMappings = [
      mapping('orders', { EventSourceArn: ARN }),
      mapping('others', { EventSourceArn: 'arn:aws:kafka:us-east-1:111122223333:cluster/other/1' }),
      mapping('payments', {
        SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['e0:9092', 'e1:9092'] } },
        SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'payers' },
        State: 'Disabled',
      }),
      mapping('foreign', { SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['w1:9092'] } } }),
      { UUID: 'uuid-queue', EventSourceArn: 'arn:aws:sqs:us-east-1:111122223333:queue', State: 'Enabled' },
    ];
    await using lambda = await recordedLambda(() => ({ body: { EventSourceMappings } }));
    const functions = [{ consumer: 'billing', functionName: 'billing:live' }];
    expect(await consumerMappings(lambda.client, functions, CLUSTER).list()).toEqual([
      {
        ...{ consumer: 'billing', uuid: 'uuid-orders', topic: 'orders', group: 'group-orders' },
        ...{ state: 'enabled', startsAt: 'LATEST' },
      },
      {
        ...{ consumer: 'billing', uuid: 'uuid-payments', topic: 'payments', group: 'payers' },
        ...{ state: 'disabled', startsAt: 'LATEST' },
      },
    ]);
    expect(decodeURIComponent(lambda.requests[0]?.path ?? '')).toContain('FunctionName=billing:live');
  });

  it('are none of a function that is not deployed here, and a refusal is told', async () => {
    const answer = ({ path }: Recorded): Answer => {
      if (path.includes('gone')) return { status: 404, error: 'ResourceNotFoundException' };
      if (path.includes('secret')) return { status: 403, error: 'AccessDeniedException' };
      return { body: { EventSourceMappings: [mapping('orders', { EventSourceArn: ARN })] } };
    };
    await using lambda = await recordedLambda(answer);
    const named = (...names: string[]) => {
      const functions = names.map((name) => ({ consumer: name, functionName: name }));
      return consumerMappings(lambda.client, functions, CLUSTER).list();
    };
    expect(await named('gone', 'billing')).toMatchObject([{ consumer: 'billing', topic: 'orders' }]);
    await expect(named('billing', 'secret')).rejects.toMatchObject({ code: 'LAMBDA_NOT_ALLOWED' });
  });
});
