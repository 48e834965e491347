import { expect, test } from 'vitest';
import { invokeLater } from '../../../../shared/adapters/lambda/invoke-later.ts';
import { recordedLambda } from './recorded-lambda.ts';

const ARN = 'arn:aws:lambda:us-east-1:111122223333:function:reconcile';

test('a function is called with the event, and not waited for', async () => {
  await using lambda = await recordedLambda(() => ({ status: 202 }));

  await invokeLater(lambda.client, ARN, { action: 'reconcile' });

  expect(lambda.requests).toEqual([
    {
      method: 'POST',
      path: `/2015-03-31/functions/${encodeURIComponent(ARN)}/invocations`,
      body: { action: 'reconcile' },
      invocationType: 'Event',
    },
  ]);
});

test('a call that Lambda does not take on is an error', async () => {
  const body = { message: 'not authorized to perform: lambda:InvokeFunction' };
  await using lambda = await recordedLambda(() => ({ status: 403, error: 'AccessDeniedException', body }));

  await expect(invokeLater(lambda.client, ARN, {})).rejects.toThrow('not authorized to perform: lambda:InvokeFunction');
});
