import { randomUUID } from 'node:crypto';
import {
  GetParameterCommand,
  GetParameterHistoryCommand,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, expect, inject, test } from 'vitest';
import { localCredentials } from '../../../../local/region/addresses.ts';
import { publishRegistry } from '../../../../shared/adapters/aws/publish-registry.ts';
import { type PublishedEntry, parameterName } from '../../../../shared/runbook/registry/published-entry.ts';
import { SilentEndpoint } from '../silent-endpoint.ts';

const ENTRY: PublishedEntry = {
  version: 5,
  active: 'us-east',
  bootstrapServers: 'b-1.east:9098,b-2.east:9098',
  clients: 'serving',
  generation: 2,
  changedAt: 1_700_000_000_000,
};
const MOVED = { ...ENTRY, version: 8, active: 'us-west', bootstrapServers: 'b-1.west:9098', generation: 3 };
/** Also on a busy machine, requests of a test are answered within this. */
const timeoutMs = 30_000;

const { awsEndpoint } = inject('regions');
if (awsEndpoint === undefined) throw new Error('this test needs the AWS part of the regions');
const clients: SSMClient[] = [];
afterAll(() => {
  for (const client of clients) client.destroy();
});

function region(name: string, endpoint = awsEndpoint ?? '') {
  const client = new SSMClient({ region: name, endpoint, credentials: localCredentials });
  clients.push(client);
  return { region: name, client };
}

const [east, west] = [region('us-east-1'), region('us-west-2')];

/** Of a flow that no other test uses. */
function newName(): string {
  return parameterName('causeway', { source: 'us-east', target: randomUUID() });
}

async function valueIn({ client }: typeof east, Name: string): Promise<unknown> {
  const { Parameter } = await client.send(new GetParameterCommand({ Name }));
  return JSON.parse(Parameter?.Value ?? '');
}

test('both regions say what the registry says, and are left alone once they do', async () => {
  const name = newName();
  const publish = { regions: [east, west], name, current: async () => ENTRY, timeoutMs };

  const first = await publishRegistry(publish);
  const again = await publishRegistry(publish);

  expect(first).toEqual([
    { region: 'us-east-1', outcome: 'written', version: 5 },
    { region: 'us-west-2', outcome: 'written', version: 5 },
  ]);
  expect(again.map(({ outcome }) => outcome)).toEqual(['up-to-date', 'up-to-date']);
  expect(await valueIn(east, name)).toEqual(ENTRY);
  expect(await valueIn(west, name)).toEqual(ENTRY);
});

test('an older entry does not replace a newer one', async () => {
  const name = newName();
  await publishRegistry({ regions: [east], name, current: async () => MOVED, timeoutMs });

  const late = await publishRegistry({ regions: [east, west], name, current: async () => ENTRY, timeoutMs });

  expect(late).toEqual([
    { region: 'us-east-1', outcome: 'up-to-date', version: 8 },
    { region: 'us-west-2', outcome: 'written', version: 5 },
  ]);
  expect(await valueIn(east, name)).toEqual(MOVED);
  expect(await valueIn(west, name)).toEqual(ENTRY);
});

test('a newer entry that was written in between is put back', async () => {
  const name = newName();
  await publishRegistry({ regions: [west], name, current: async () => ({ ...ENTRY, version: 4 }), timeoutMs });
  let looks = 0;
  const current = async () => {
    if (++looks > 1) return MOVED;
    const another = new PutParameterCommand({ Name: name, Value: JSON.stringify(MOVED), Overwrite: true });
    await west.client.send(another);
    return ENTRY;
  };

  const published = await publishRegistry({ regions: [west], name, current, timeoutMs });

  expect(published).toEqual([{ region: 'us-west-2', outcome: 'written', version: 8 }]);
  const { Parameters = [] } = await west.client.send(new GetParameterHistoryCommand({ Name: name }));
  expect(Parameters.map(({ Value = '' }) => JSON.parse(Value).version)).toEqual([4, 8, 5, 8]);
});

test('a value that somebody else wrote is replaced', async () => {
  const name = newName();
  await east.client.send(new PutParameterCommand({ Name: name, Type: 'String', Value: '{"active":1}' }));

  await publishRegistry({ regions: [east], name, current: async () => ENTRY, timeoutMs });

  expect(await valueIn(east, name)).toEqual(ENTRY);
});

test('a region that does not answer is named, and the other is written', async () => {
  await using silent = await SilentEndpoint.open();
  const name = newName();
  const lost = region('us-east-1', silent.url);

  const [given, written] = await Promise.all([
    publishRegistry({ regions: [lost], name, current: async () => ENTRY, timeoutMs: 200 }),
    publishRegistry({ regions: [west], name, current: async () => ENTRY, timeoutMs }),
  ]);

  expect(given).toEqual([{ region: 'us-east-1', outcome: 'not-written', reason: 'no answer within 200 ms' }]);
  expect(written).toEqual([{ region: 'us-west-2', outcome: 'written', version: 5 }]);
});

test('a publication whose registry does not answer writes nothing and says so', async () => {
  const name = newName();
  const current = async () => {
    throw new Error('the table is throttled');
  };

  expect(await publishRegistry({ regions: [west], name, current, timeoutMs })).toEqual([
    { region: 'us-west-2', outcome: 'not-written', reason: 'Error: the table is throttled' },
  ]);
  await expect(valueIn(west, name)).rejects.toThrow(ParameterNotFound);
});
