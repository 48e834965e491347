import { createServer } from 'node:http';
import { Logger } from '@aws-lambda-powertools/logger';
import { expect, test } from 'vitest';
import { answerDeployment } from '../../../../functions/reconcile/deployment.ts';

async function answerTo(RequestType: 'Create' | 'Update' | 'Delete', work: () => Promise<string>): Promise<unknown> {
  let text = '';
  const server = createServer(async (request, response) => {
    for await (const chunk of request) text += chunk;
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const ResponseURL = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  const request = { RequestType, ResponseURL, StackId: 's', RequestId: 'r', LogicalResourceId: 'Mappings' };
  await answerDeployment(request, 'us-east->us-west', work, new Logger({ logLevel: 'SILENT' }));
  await new Promise((closed) => server.close(closed));
  return JSON.parse(text);
}

const unreachable = async (): Promise<string> => {
  throw new Error('No broker of cluster us-west answers');
};

test('what the first look did is in the stack’s output', async () => {
  expect(await answerTo('Create', async () => 'topics covered 3')).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'us-east->us-west',
    Data: { Summary: 'topics covered 3' },
  });
});

test('a cluster that cannot be reached does not roll the deployment back, and is named', async () => {
  for (const type of ['Create', 'Update'] as const)
    expect(await answerTo(type, unreachable)).toMatchObject({
      Status: 'SUCCESS',
      Data: { Summary: 'failed: No broker of cluster us-west answers' },
    });
});

test('a removal that fails keeps the stack, so that no mapping is left without its function', async () => {
  expect(await answerTo('Delete', unreachable)).toMatchObject({
    Status: 'FAILED',
    Reason: 'No broker of cluster us-west answers',
  });
});
