import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { timeLimits } from '../../../../shared/adapters/aws/time-limits.ts';

/** Takes requests and answers none. */
const silent = createServer(() => {});
let endpoint: string;
beforeAll(async () => {
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  endpoint = `http://127.0.0.1:${port}`;
});
afterAll(() => {
  silent.closeAllConnections();
  silent.close();
});

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

test('a request that has no answer ends when its time is over, whichever service it is for', async () => {
  const options = {
    region: 'us-west-2',
    endpoint,
    credentials,
    requestHandler: timeLimits(1_000, 200),
    maxAttempts: 1,
  };

  await expect(new DynamoDBClient(options).send(new ListTablesCommand({}))).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  await expect(new LambdaClient(options).send(new ListFunctionsCommand({}))).rejects.toMatchObject({
    name: 'TimeoutError',
  });
});
