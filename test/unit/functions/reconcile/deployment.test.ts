import { createServer } from 'node:http';
import { Logger } from '@aws-lambda-powertools/logger';
import { expect, test } from 'vitest';
import { answerDeployment, type DeploymentWork } from '../../../../functions/reconcile/deployment.ts';
import { MappingsRemainError } from '../../../../shared/reconcile/errors.ts';

const FLOW = { source: 'us-east', target: 'us-west' };

const works: DeploymentWork = {
  begin: async (deployment) => `begun ${deployment}`,
  remove: async (deployment) => `removed ${deployment}`,
};

async function answerTo(RequestType: 'Create' | 'Update' | 'Delete', work: DeploymentWork): Promise<unknown> {
  let text = '';
  const server = createServer(async (request, response) => {
    for await (const chunk of request) text += chunk;
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const ResponseURL = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  const request = { RequestType, ResponseURL, StackId: 'stack', RequestId: 'r1', LogicalResourceId: 'Mappings' };
  await answerDeployment(request, 'us-east->us-west', work, new Logger({ logLevel: 'SILENT' }));
  await new Promise((closed) => server.close(closed));
  return JSON.parse(text);
}

test.each([
  ['Create', 'begun r1'],
  ['Update', 'begun r1'],
  ['Delete', 'removed r1'],
] as const)('%s is answered with what was done', async (type, Summary) => {
  expect(await answerTo(type, works)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'us-east->us-west',
    Data: { Summary },
  });
});

test('what goes wrong at a creation or an update does not roll the deployment back, and is told', async () => {
  const begin = () => Promise.reject(new Error('the table does not answer'));
  for (const type of ['Create', 'Update'] as const)
    expect(await answerTo(type, { ...works, begin })).toMatchObject({
      Status: 'SUCCESS',
      Data: { Summary: 'failed: the table does not answer' },
    });
});

test('a removal that leaves mappings fails with what to do, and with the way to go on without it', async () => {
  const error = new MappingsRemainError(FLOW, [{ uuid: 'm1', refusal: new Error('denied') }]);

  const answer = await answerTo('Delete', { ...works, remove: () => Promise.reject(error) });

  expect(answer).toMatchObject({
    Status: 'FAILED',
    Reason: `MAPPINGS_REMAIN: ${error.message}. ${error.safe} ${error.next} To delete the stack and leave them: aws cloudformation delete-stack --stack-name stack --retain-resources Mappings`,
  });
});
