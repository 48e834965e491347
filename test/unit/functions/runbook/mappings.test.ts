import { describe, expect, it } from 'vitest';
import { flowMappings } from '../../../../functions/runbook/mappings.ts';
import { type Answer, recordedLambda } from '../../adapters/lambda/recorded-lambda.ts';

const REPLICATE = 'arn:aws:lambda:us-east-1:1:function:replicate';

const mapping = (topic: string, State: string, group = `causeway.east.west.${topic}.g1`) => ({
  UUID: `uuid-${topic}`,
  Topics: [topic],
  State,
  EventSourceArn: 'arn:aws:kafka:us-east-1:1:cluster/c/1',
  AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: group },
});

describe('the event source mappings of a flow', () => {
  it('are told with what they do, others on the same function left out', async () => {
    const EventSourceMappings = [
      mapping('orders', 'Enabled'),
      mapping('payments', 'Disabled'),
      mapping('refunds', 'Disabling'),
      mapping('stock', 'Updating'),
      mapping('other', 'Enabled', 'somebody-else'),
    ];
    await using lambda = await recordedLambda(() => ({ body: { EventSourceMappings } }));
    expect(await flowMappings(lambda.client, REPLICATE).list()).toEqual([
      { uuid: 'uuid-orders', topic: 'orders', state: 'enabled' },
      { uuid: 'uuid-payments', topic: 'payments', state: 'disabled' },
      { uuid: 'uuid-refunds', topic: 'refunds', state: 'disabling' },
      { uuid: 'uuid-stock', topic: 'stock', state: 'changing' },
    ]);
    expect(decodeURIComponent(lambda.requests[0]?.path ?? '')).toContain(REPLICATE);
  });

  it('are enabled and disabled without another setting being touched, and are busy while Lambda says so', async () => {
    let answer: Answer = { body: {} };
    await using lambda = await recordedLambda(() => answer);
    const mappings = flowMappings(lambda.client, REPLICATE);
    const orders = { uuid: 'uuid-orders', topic: 'orders', state: 'enabled' } as const;

    expect(await mappings.setEnabled(orders, false)).toBe('updated');
    expect(lambda.requests[0]?.body).toEqual({ Enabled: false });
    for (const error of ['ResourceInUseException', 'ResourceConflictException', 'ResourceNotFoundException']) {
      answer = { status: 409, error };
      expect(await mappings.setEnabled(orders, false), error).toBe('busy');
    }
    answer = { status: 403, error: 'AccessDeniedException' };
    await expect(mappings.setEnabled(orders, true)).rejects.toMatchObject({
      message: expect.stringContaining('enable'),
    });
    await expect(mappings.list()).rejects.toThrow();
  });
});
