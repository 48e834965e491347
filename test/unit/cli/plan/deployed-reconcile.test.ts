import { describe, expect, test } from 'vitest';
import { packVariable } from '../../../../shared/adapters/lambda/packed-variable.ts';
import { readDeployed } from '../../../../shared/cli/plan/deployed-reconcile.ts';
import { type Answer, recordedLambda } from '../../adapters/lambda/recorded-lambda.ts';

const FUNCTION = { flow: 'us-east->us-west', name: 'causeway-us-east-to-us-west-reconcile', region: 'us-east-1' };

const VARIABLES = {
  FLOW: packVariable('{"a":"flow"}'),
  OFFSET_MAP_TABLE: 'causeway-us-east-to-us-west-offset-map',
  OFFSET_MAP_REGION: 'us-west-2',
  REPLICATE_FUNCTION: 'arn:aws:lambda:us-east-1:111122223333:function:causeway-us-east-to-us-west-replicate',
  MAPPING: JSON.stringify({
    origin: { kind: 'msk', clusterArn: 'arn:aws:kafka:us-east-1:111122223333:cluster/east/0f0f' },
    settings: { enabled: true, batchSize: 100, batchingWindowSeconds: 0, access: [] },
    start: 'TRIM_HORIZON',
  }),
  DRAIN_MS: '65000',
  LOOK_EVERY_MS: '10000',
};

async function readFrom(answer: Answer) {
  await using lambda = await recordedLambda(() => answer);
  const read = await readDeployed(lambda.client, FUNCTION);
  return { read, requests: lambda.requests };
}

describe('the deployed reconcile', () => {
  test('is asked by its name, and says what it goes by', async () => {
    const { read, requests } = await readFrom({ body: { Environment: { Variables: VARIABLES } } });

    expect(requests.map(({ method, path }) => [method, path])).toEqual([
      ['GET', '/2015-03-31/functions/causeway-us-east-to-us-west-reconcile/configuration'],
    ]);
    expect(read).toMatchObject({ FLOW: '{"a":"flow"}', OFFSET_MAP_REGION: 'us-west-2', DRAIN_MS: 65_000 });
  });

  test.each([
    ['is not there', { status: 404, error: 'ResourceNotFoundException' }, 'FLOW_NOT_DEPLOYED'],
    ['is of another version', { body: { Environment: { Variables: { FLOW: 'x' } } } }, 'FLOW_OF_OTHER_VERSION'],
    [
      'has settings that are no JSON',
      { body: { Environment: { Variables: { ...VARIABLES, MAPPING: '{' } } } },
      'FLOW_OF_OTHER_VERSION',
    ],
    ['may not be asked about', { status: 403, error: 'AccessDeniedException' }, 'AWS_CALL_FAILED'],
  ])('that %s is told so', async (_, answer, code) => {
    await expect(readFrom(answer)).rejects.toMatchObject({
      code,
      safe: expect.stringContaining('Nothing was changed'),
    });
  });
});
