import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { expect, it } from 'vitest';
import type { ClusterAddress } from '../../../../local/region/addresses.ts';
import { localCredentials, readAddresses } from '../../../../local/region/addresses.ts';
import { callAws } from '../../../../local/region/call-aws.ts';
import { createTopics } from '../../../../local/region/create-topics.ts';
import { isFree } from '../../../../local/region/ports.ts';
import { processesOfRun } from '../../../../local/region/process-group.ts';
import { startRegions } from '../../../../local/region/regions.ts';
import { until } from '../../../../local/region/until.ts';
import { pidOf } from './run.ts';

const clusters = [{ alias: 'us-east', awsRegion: 'us-east-1' }] as const;

/** The default, 9 s, is for brokers that share nothing with the test. */
const quickLossDetection = { 'broker.session.timeout.ms': '4000', 'broker.heartbeat.interval.ms': '1000' };

const portsOf = (cluster: ClusterAddress) => cluster.brokers.map(({ port }) => port);

function kafka(cluster: ClusterAddress): Kafka {
  return new Kafka({ brokers: cluster.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
}

it('says in region.json what clients need, and leaves nothing once stopped', async () => {
  const regions = await startRegions({ clusters, aws: false });
  const { runId, folder } = regions.address;

  expect(readAddresses(join(folder, 'region.json'))).toEqual(regions.address);
  expect(regions.source.arn).toMatch(/^arn:aws:kafka:us-east-1:000000000000:cluster\/us-east\/[0-9a-f-]+-1$/);
  await regions.stop();

  expect(processesOfRun(runId)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
  for (const port of portsOf(regions.source)) expect(await isFree(port)).toBe(true);
});

it('reports a broker that is killed with the end of its log, stops the rest and keeps the logs', async () => {
  const regions = await startRegions({ aws: false });
  const { runId, folder } = regions.address;

  process.kill(pidOf(folder, 'kafka-us-west-1'), 'SIGKILL');
  const failure = await regions.failure;

  expect(failure.code).toBe('LOCAL_PROCESS_DIED');
  expect(failure.message).toContain('kafka-us-west-1 ended by itself (SIGKILL)');
  expect(failure.message).toContain('Kafka Server started');
  expect(failure.next).toContain(join(folder, 'logs', 'kafka-us-west-1.log'));
  expect(processesOfRun(runId)).toEqual([]);
  expect(existsSync(join(folder, 'data'))).toBe(false);
  expect(readFileSync(join(folder, 'logs', 'kafka-us-east-1.log'), 'utf8')).toContain('Kafka Server started');
});

it('keeps two runs at once apart', async () => {
  const [one, two] = await Promise.all([
    startRegions({ clusters, aws: false }),
    startRegions({ clusters, aws: false }),
  ]);
  const admin = kafka(two.source).admin();
  try {
    expect(one.address.folder).not.toBe(two.address.folder);
    expect(portsOf(one.source)).not.toEqual(portsOf(two.source));
    await one.stop();

    await admin.connect();
    expect((await admin.describeCluster()).brokers).toHaveLength(1);
  } finally {
    await admin.disconnect();
    await Promise.all([one.stop(), two.stop()]);
  }
});

it('moves leadership when a broker is lost, and takes the broker back', async () => {
  await using regions = await startRegions({
    clusters: [{ ...clusters[0], brokers: 2, serverProperties: quickLossDetection }],
    aws: false,
  });
  const admin = kafka(regions.source).admin();
  await admin.connect();
  const leader = async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: ['orders'] });
    return topics[0]?.partitions[0]?.leader;
  };
  const leaderIs = (id: number) =>
    until(
      async () => (await leader()) === id,
      30_000,
      (last) => new Error(`broker ${id} does not lead: ${last}`),
    );
  try {
    const replicas = [{ partition: 0, replicas: [2, 1] }];
    await createTopics(admin, [{ topic: 'orders', replicaAssignment: replicas }]);
    await leaderIs(2);

    await regions.killBroker('us-east', 2);
    await leaderIs(1);

    await regions.startBroker('us-east', 2);
    expect((await admin.describeCluster()).brokers.map(({ nodeId }) => nodeId).sort()).toEqual([1, 2]);
  } finally {
    await admin.disconnect();
  }
});

it('applies broker settings', async () => {
  const setting = 'producer.id.expiration.check.interval.ms';
  await using regions = await startRegions({
    clusters: [{ alias: 'us-east', awsRegion: 'us-east-1', serverProperties: { [setting]: '1000' } }],
    aws: false,
  });

  const admin = kafka(regions.source).admin();
  try {
    const resources = [{ type: ConfigResourceTypes.BROKER, name: '1', configNames: [setting] }];
    const { resources: described } = await admin.describeConfigs({ resources, includeSynonyms: false });

    expect(described[0]?.configEntries).toMatchObject([{ configName: setting, configValue: '1000' }]);
  } finally {
    await admin.disconnect();
  }
});

it('refuses a broker that it does not have', async () => {
  await using regions = await startRegions({ clusters: [], aws: false });

  await expect(regions.killBroker('us-east', 1)).rejects.toMatchObject({ code: 'LOCAL_NOT_IN_THIS_RUN' });
  expect(() => regions.awsEndpoint).toThrow('This run has no AWS endpoint');
});

it('starts AWS without brokers, and keeps what it writes in the folder of the run', async () => {
  await using regions = await startRegions({ clusters: [] });
  const { folder } = regions.address;

  const health = await fetch(`${regions.awsEndpoint}/_localstack/health`);
  // DynamoDB Local unpacks a native library where Java has its temporary files.
  const dynamo = new DynamoDBClient({
    endpoint: regions.awsEndpoint,
    region: 'us-east-1',
    credentials: localCredentials,
  });
  await dynamo.send(new ListTablesCommand({}));
  const bucket = `kept-${regions.address.runId}`;
  await callAws(
    's3',
    { method: 'PUT', path: `/${bucket}` },
    { awsEndpoint: regions.awsEndpoint, awsRegion: 'us-east-1' },
  );

  expect(health.status).toBe(200);
  expect(existsSync(join(folder, 'data', 'localstack'))).toBe(true);
  expect(readdirSync(join(folder, 'data', 'tmp')).filter((name) => name.includes('sqlite4java'))).not.toEqual([]);
  expect(existsSync(join(folder, 'data', 'tmp', 's3', bucket))).toBe(true);
});
