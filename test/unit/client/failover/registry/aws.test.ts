import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { dynamoDbRegistry } from '../../../../../shared/client/failover/registry/dynamodb.ts';
import { ssmRegistry } from '../../../../../shared/client/failover/registry/ssm.ts';

const flow = { source: 'us-east', target: 'us-west' };
const signal = new AbortController().signal;
const ENTRY = { active: 'us-west', clients: 'serving', generation: 4, changedAt: 1_700_000_000_000 };

/** An AWS endpoint that gives one answer, and keeps what it was asked. */
async function endpoint(status: number, answer: unknown) {
  const asked: { readonly target: string | undefined; readonly body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    asked.push({ target: String(request.headers['x-amz-target']), body: JSON.parse(body) });
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { asked, client: { endpoint: `http://127.0.0.1:${port}`, credentials, maxAttempts: 1 } };
}

test('the table is asked for the entry of the flow, strongly consistently', async () => {
  const Item = marshall({ pk: 'us-east->us-west', sk: 'STATE', version: 9, ...ENTRY });
  const { asked, client } = await endpoint(200, { Item });
  const registry = dynamoDbRegistry({ region: 'us-west-2', client });

  expect(await registry.read(flow, signal)).toMatchObject(ENTRY);
  expect(asked).toEqual([
    {
      target: 'DynamoDB_20120810.GetItem',
      body: {
        TableName: 'causeway-us-east-to-us-west-registry',
        Key: { pk: { S: 'us-east->us-west' }, sk: { S: 'STATE' } },
        ConsistentRead: true,
      },
    },
  ]);
  await registry.close?.();
});

test('a table without the entry says so', async () => {
  const { client, asked } = await endpoint(200, {});
  const registry = dynamoDbRegistry({ region: 'us-west-2', tableName: 'mine', client });

  expect(await registry.read(flow, signal)).toBeUndefined();
  expect(asked[0]?.body).toMatchObject({ TableName: 'mine' });
  await registry.close?.();
});

test('the parameter is read as JSON', async () => {
  const { asked, client } = await endpoint(200, { Parameter: { Name: '/causeway', Value: JSON.stringify(ENTRY) } });
  const registry = ssmRegistry({ region: 'us-west-2', parameterName: '/causeway', client });

  expect(await registry.read(flow, signal)).toEqual(ENTRY);
  expect(asked).toEqual([{ target: 'AmazonSSM.GetParameter', body: { Name: '/causeway', WithDecryption: true } }]);
  await registry.close?.();
});

test('a parameter that is not there is no answer: nobody takes a wrong name for a flow whose source is active', async () => {
  const missing = await endpoint(400, { __type: 'ParameterNotFound' });
  const denied = await endpoint(400, { __type: 'AccessDeniedException', message: 'no' });
  const read = (client: typeof missing.client) =>
    ssmRegistry({ region: 'us-west-2', parameterName: '/causeway', client }).read(flow, signal);

  await expect(read(missing.client)).rejects.toMatchObject({
    code: 'REGISTRY_NOT_PUBLISHED',
    message: 'there is no parameter /causeway in us-west-2',
  });
  await expect(read(denied.client)).rejects.toThrow('no');
});
