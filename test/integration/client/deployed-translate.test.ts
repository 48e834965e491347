import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { GetFunctionUrlConfigCommand, LambdaClient } from '@aws-sdk/client-lambda';
import kafkajs, { type Admin } from 'kafkajs';
import { afterAll, expect, inject, test, vi } from 'vitest';
import { translateResponse } from '../../../functions/translate/response.ts';
import { run } from '../../../shared/cli/run.ts';
import { UNSTYLED } from '../../../shared/cli/terminal/page.ts';
import { eventually } from '../kafka/target.ts';
import { DeployedFlow } from '../reconcile/deployed-flow.ts';

vi.setConfig({ testTimeout: 300_000 });

const { Kafka, logLevel } = kafkajs;
const { clusters, awsEndpoint = '', folder } = inject('regions');
const [east, west] = clusters.map(
  ({ bootstrapServers }) => new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING }),
);
if (east === undefined || west === undefined) throw new Error('needs both clusters');
const [eastAdmin, westAdmin, producer] = [east.admin(), west.admin(), east.producer()];
afterAll(async () => {
  await Promise.all([eastAdmin, westAdmin, producer].map((client) => client.disconnect()));
});

async function endOf(admin: Admin, topic: string): Promise<number> {
  if (!(await admin.listTopics()).includes(topic)) return 0;
  return Number((await admin.fetchTopicOffsets(topic))[0]?.high);
}

/** The `causeway` command, with the flow's own file. */
async function causeway(flow: DeployedFlow, ...args: readonly string[]) {
  let printed = '';
  const channel = {
    page: UNSTYLED,
    write: (chunk: string) => {
      printed += chunk;
    },
  };
  const config = join(folder, 'deployments', flow.prefix, 'mm2.properties');
  const own = ['--config', config, '--prefix', flow.prefix, '--endpoint-url', awsEndpoint, '--json'];
  const exitCode = await run([...args, ...own], {
    ...{ folder, out: channel, err: channel },
    setVariables: (variables) => {
      for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    },
    resolve: () => Promise.reject(new Error('the file refers to nothing')),
  });
  return { exitCode, printed: JSON.parse(printed) };
}

/** LocalStack knows the function by the host that was asked for. */
async function askUrl(host: string, query: string) {
  const { hostname, port } = new URL(awsEndpoint);
  const response = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    request({ hostname, port, path: `/?${query}`, headers: { host } }, async (answer) =>
      resolve({ status: answer.statusCode ?? 0, body: await text(answer) }),
    )
      .on('error', reject)
      .end();
  });
  return { status: response.status, answer: translateResponse.parse(JSON.parse(response.body)) };
}

test('a deployed flow answers translations, over its URL as well, and tells its status', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const flow = new DeployedFlow();
  const [topic, remoteTopic, group] = [flow.topic('orders'), `us-east.${flow.topic('orders')}`, flow.topic('billing')];
  await Promise.all([eastAdmin.connect(), westAdmin.connect(), producer.connect()]);
  await flow.makeSourceTopic(topic);
  await producer.send({ topic, messages: Array.from({ length: 30 }, (_, i) => ({ partition: 0, value: `v${i}` })) });
  await eastAdmin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '12' }] });
  await flow.deploy({ 'checkpoints.topic.replication.factor': '1', 'heartbeats.topic.replication.factor': '1' });
  await eventually(
    () => endOf(westAdmin, remoteTopic),
    (end) => end === 30,
  );

  const place = { topic, partition: 0, offset: 12 };
  const translated = { from: { cluster: 'us-east', ...place }, to: { topic: remoteTopic, offset: 12 }, exact: true };
  expect(await causeway(flow, 'translate', '--group', group)).toMatchObject({
    exitCode: 0,
    printed: { answers: [{ group, offsetsFrom: { kind: 'cluster' }, partitions: [translated], untranslated: [] }] },
  });
  const back = ['--topic', remoteTopic, '--partition', '0', '--offset', '12', '--reverse'];
  expect(await causeway(flow, 'translate', ...back)).toMatchObject({
    exitCode: 0,
    printed: { answers: [{ direction: 'backward', to: { cluster: 'us-east', ...place } }] },
  });
  expect(await causeway(flow, 'translate', '--topic', topic, '--partition', '0', '--offset', '31')).toMatchObject({
    exitCode: 1,
    printed: { answers: [{ error: { code: 'OUT_OF_RANGE', nearest: { source: 30, target: 30 } } }] },
  });
  expect(await causeway(flow, 'translate', '--group', 'nobody')).toMatchObject({
    exitCode: 1,
    printed: { answers: [{ error: { code: 'UNKNOWN_GROUP' } }] },
  });

  const lambda = new LambdaClient({ endpoint: awsEndpoint, region: 'us-west-2' });
  const FunctionName = `${flow.prefix}-us-east-to-us-west-translate`;
  const { FunctionUrl = '', AuthType } = await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
  lambda.destroy();
  expect(AuthType).toBe('AWS_IAM');
  // LocalStack's name ends in its address, which is no host by the URL standard.
  const [, host = ''] = /^http:\/\/([^/]+)\/$/.exec(FunctionUrl) ?? [];
  expect(await askUrl(host, `group=${group}`)).toMatchObject({ status: 200, answer: { partitions: [translated] } });
  expect(await askUrl(host, `topic=${topic}&partition=0&offset=-1`)).toMatchObject({
    status: 400,
    answer: { error: { code: 'INVALID_REQUEST' } },
  });

  const { printed } = await causeway(flow, 'status');
  const [found] = printed.flows;
  expect(found).toMatchObject({ flow: 'us-east->us-west', records: 0, topics: [{ topic, remoteTopic, records: 0 }] });
  expect(found.groups).toContainEqual(
    expect.objectContaining({ group, records: 18, partitions: 1, translated: 1, problems: [] }),
  );
});
