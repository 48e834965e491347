import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { physicalName } from '../../../infra/flow/names.ts';
import { awsEnvironment } from '../../../local/region/addresses.ts';
import { causewayIn } from '../../unit/cli/command-line.ts';
import * as dynamodb from '../dynamodb/table.ts';
import { connect, createTopic, logOf, recordsFrom, uniqueName } from '../kafka/target.ts';

const { clusters, awsEndpoint = '' } = inject('regions');
const [sourceServers = '', targetServers = ''] = clusters.map(({ bootstrapServers }) => bootstrapServers);
const source = connect(sourceServers);
const table = dynamodb.connect(awsEndpoint);
const prefix = uniqueName('nothing');
const topic = uniqueName('parcels');
const folder = mkdtempSync(join(tmpdir(), 'causeway-nothing-'));

beforeAll(async () => {
  Object.assign(process.env, awsEnvironment(awsEndpoint, 'us-west-2'));
  await dynamodb.createTable(table, physicalName(prefix, { source: 'us-east', target: 'us-west' }, 'offset-map'));
  writeFileSync(
    join(folder, 'mm2.properties'),
    `clusters = us-east, us-west
us-east.bootstrap.servers = ${sourceServers}
us-west.bootstrap.servers = ${targetServers}
us-west.causeway.region = us-west-2
us-east->us-west.enabled = true
us-east->us-west.topics = ${topic}.*
heartbeats.replication.enabled = false
`,
  );
  await createTopic(source, { name: topic, partitions: 2 });
  await createTopic(source, { name: `${topic}.internal` });
  const log = logOf(source, topic);
  await log.append(await log.initProducer(), 0, recordsFrom(0, 5));
});
afterAll(async () => {
  await source.close();
  table.destroy();
  rmSync(folder, { recursive: true });
});

const causeway = (...words: readonly string[]) => causewayIn(folder, [...words, '--prefix', prefix, '--json']);

test('verify says of what the flow covers and does not replicate that it is not proven, and of what is empty that it is', async () => {
  const { exitCode, out } = await causeway('verify');

  expect(exitCode).toBe(1);
  const [{ report }] = JSON.parse(out).flows;
  expect(report).toMatchObject({
    verdict: 'unproven',
    partitions: [
      {
        ...{ topic, remoteTopic: `us-east.${topic}`, partition: 0, verdict: 'unproven' },
        reason: 'the flow covers its topic, and does not replicate it: 5 offsets waiting',
      },
      { topic, partition: 1, verdict: 'complete' },
    ],
  });
  expect(report.partitions).toHaveLength(2);
});

test('verify finds a topic that is not replicated yet by the name that its copy will have', async () => {
  const { exitCode, out } = await causeway('verify', '--topic', `us-east.${topic}`);

  expect(exitCode).toBe(1);
  expect(JSON.parse(out).flows[0].report.partitions).toHaveLength(2);
});

test.each(['verify', 'gaps'])(
  '%s of a topic that there is not is an error, and nothing that is well',
  async (command) => {
    const { exitCode, out, err } = await causeway(command, '--topic', `${topic}s`);

    expect(exitCode).toBe(1);
    expect(`${out}${err}`).toContain('TOPIC_NOT_IN_FLOW');
  },
);

test('gaps of a flow that replicates nothing does not say that nothing is missing', async () => {
  const { exitCode, out } = await causewayIn(folder, ['gaps', '--prefix', prefix]);

  expect(exitCode).toBe(1);
  expect(out).toBe('us-east->us-west  nothing is replicated yet: it has no topic\n');
});
