import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  type Admin,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { sourceTopics, targetTopics } from '../../../functions/reconcile/topics.ts';
import { type ClusterAddress, localCredentials } from '../../../local/region/addresses.ts';
import { createTopics } from '../../../local/region/create-topics.ts';
import { defaultClusters } from '../../../local/region/options.ts';
import { type Regions, startRegions } from '../../../local/region/regions.ts';
import { DynamoDbReconcileNotes } from '../../../shared/adapters/dynamodb/reconcile-notes.ts';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { syncAcls } from '../../../shared/reconcile/acls/sync-acls.ts';
import { syncConfigs } from '../../../shared/reconcile/configs/sync-configs.ts';
import { createTable } from '../dynamodb/table.ts';

let regions: Regions;
let dynamo: DynamoDBClient;
const tableName = `offset-map-${randomUUID()}`;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  const clusters = defaultClusters.map((cluster) => ({ ...cluster, secured: true }));
  regions = await startRegions({ clusters, aws: false });
  const { awsEndpoint: endpoint } = inject('regions');
  if (endpoint === undefined) throw new Error('needs DynamoDB');
  dynamo = new DynamoDBClient({ endpoint, region: 'us-west-2', credentials: localCredentials });
  await createTable(dynamo, tableName);
}, 60_000);

afterAll(async () => {
  await Promise.all(opened.map((each) => each.close()));
  dynamo?.destroy();
  await regions?.stop();
}, 60_000);

function connected(
  { alias, bootstrapServers, secured }: ClusterAddress,
  as: 'owner' | 'stranger' | 'anybody',
): KafkaCluster {
  const user = as === 'owner' ? secured?.owner : secured?.users[0];
  const cluster =
    as === 'anybody'
      ? new KafkaCluster({ alias, bootstrapServers: bootstrapServers.split(',') })
      : new KafkaCluster({
          alias,
          bootstrapServers: secured?.saslBootstrapServers.split(',') ?? [],
          security: {
            protocol: 'SASL_SSL',
            mechanism: 'SCRAM-SHA-512',
            username: user?.username ?? '',
            password: user?.password ?? '',
            tls: { ca: secured?.certificateAuthority ?? '' },
          },
        });
  opened.push(cluster);
  return cluster;
}

/** A client that is not ours, and may do everything. */
async function adminOf({ bootstrapServers }: ClusterAddress): Promise<Admin> {
  const admin = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  opened.push({ close: () => admin.disconnect() });
  return admin;
}

const STRANGER = 'User:stranger';

function onTopic(topic: string, operation: AclOperationTypes, permissionType = AclPermissionTypes.ALLOW) {
  return {
    resourceType: AclResourceTypes.TOPIC,
    resourceName: topic,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: STRANGER,
    host: '*',
    operation,
    permissionType,
  };
}

async function operationsOn(admin: Admin, topic: string): Promise<[AclPermissionTypes, AclOperationTypes][]> {
  const { resources } = await admin.describeAcls({
    resourceType: AclResourceTypes.TOPIC,
    resourceName: topic,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  });
  return resources
    .flatMap(({ acls }) => acls.map(({ permissionType, operation }) => [permissionType, operation] as const))
    .map(([permission, operation]): [AclPermissionTypes, AclOperationTypes] => [permission, operation])
    .sort();
}

/** A flow of its own between the two clusters, over topics of its own. */
async function flowOf(source: KafkaCluster, target: KafkaCluster) {
  const prefix = `t${randomUUID().slice(0, 8)}`;
  const flow = { source: 'us-east', target: `us-west-${prefix}` };
  const topics = {
    covers: (topic: string) => topic.startsWith(prefix),
    remoteTopic: (topic: string) => `us-east.${topic}`,
  };
  const ports = {
    source: sourceTopics(async () => source),
    target: targetTopics(async () => target),
    notes: new DynamoDbReconcileNotes(dynamo, tableName, flow),
  };
  return {
    flow,
    topic: `${prefix}-orders`,
    remote: `us-east.${prefix}-orders`,
    rules: { topics, deleteRevoked: true },
    ports,
  };
}

test('rights given at the source hold on the copy, are revoked with it, and what was given by hand stays', async () => {
  const [here, there] = await Promise.all([adminOf(regions.source), adminOf(regions.target)]);
  const { flow, topic, remote, rules, ports } = await flowOf(
    connected(regions.source, 'owner'),
    connected(regions.target, 'owner'),
  );
  await Promise.all([createTopics(here, [{ topic }]), createTopics(there, [{ topic: remote }])]);
  const stranger = new ClusterAdmin(connected(regions.target, 'stranger'));
  const reads = () => stranger.partitionCount(remote);
  await expect(reads()).rejects.toMatchObject({ code: 'KAFKA_NOT_AUTHORIZED' });
  await here.createAcls({
    acl: [
      onTopic(topic, AclOperationTypes.ALL),
      onTopic(topic, AclOperationTypes.WRITE),
      onTopic(topic, AclOperationTypes.DELETE, AclPermissionTypes.DENY),
    ],
  });
  await there.createAcls({ acl: [onTopic(remote, AclOperationTypes.ALTER)] });

  const first = await syncAcls(flow, rules, ports);

  expect(first).toMatchObject({ withoutAuthorizer: undefined, errors: [] });
  expect(await operationsOn(there, remote)).toEqual(
    [
      [AclPermissionTypes.DENY, AclOperationTypes.DELETE],
      [AclPermissionTypes.ALLOW, AclOperationTypes.READ],
      [AclPermissionTypes.ALLOW, AclOperationTypes.ALTER],
    ].sort(),
  );
  expect(await reads()).toBe(1);
  expect(await syncAcls(flow, rules, ports)).toMatchObject({ created: [], revoked: [] });

  await here.deleteAcls({ filters: [onTopic(topic, AclOperationTypes.ALL)] });
  const second = await syncAcls(flow, rules, ports);

  expect(second.revoked.map(({ acl }) => acl.operation)).toEqual(['READ']);
  expect(await operationsOn(there, remote)).toEqual(
    [
      [AclPermissionTypes.DENY, AclOperationTypes.DELETE],
      [AclPermissionTypes.ALLOW, AclOperationTypes.ALTER],
    ].sort(),
  );
  expect((await ports.notes.acls()).map(({ acls }) => acls.map(({ operation }) => operation))).toEqual([['DELETE']]);
});

test('two runs at once give every right once and forget none', async () => {
  const here = await adminOf(regions.source);
  const { flow, topic, remote, rules, ports } = await flowOf(
    connected(regions.source, 'owner'),
    connected(regions.target, 'owner'),
  );
  await here.createAcls({ acl: [onTopic(topic, AclOperationTypes.READ), onTopic(topic, AclOperationTypes.DESCRIBE)] });

  await Promise.all([syncAcls(flow, rules, ports), syncAcls(flow, rules, ports)]);
  await syncAcls(flow, rules, ports);

  expect(await operationsOn(await adminOf(regions.target), remote)).toHaveLength(2);
  expect((await ports.notes.acls())[0]?.acls).toHaveLength(2);
});

describe('a user without the rights', () => {
  test('to see ACLs at the source gets told which', async () => {
    const { flow, rules, ports } = await flowOf(
      connected(regions.source, 'stranger'),
      connected(regions.target, 'owner'),
    );

    await expect(syncAcls(flow, rules, ports)).rejects.toMatchObject({
      code: 'KAFKA_NOT_AUTHORIZED',
      message: expect.stringContaining('Describe on the cluster'),
    });
  });

  test('to give ACLs on the target gets told which, and remembers none as given', async () => {
    const [here, there] = await Promise.all([adminOf(regions.source), adminOf(regions.target)]);
    const seesOnly = {
      ...onTopic('kafka-cluster', AclOperationTypes.DESCRIBE),
      resourceType: AclResourceTypes.CLUSTER,
    };
    await there.createAcls({ acl: [seesOnly] });
    const { flow, topic, rules, ports } = await flowOf(
      connected(regions.source, 'owner'),
      connected(regions.target, 'stranger'),
    );
    await here.createAcls({ acl: [onTopic(topic, AclOperationTypes.READ)] });

    const told = await syncAcls(flow, rules, ports).then(
      ({ errors }) => errors[0],
      (error: unknown) => error,
    );

    expect(told).toMatchObject({
      code: 'KAFKA_NOT_AUTHORIZED',
      message: expect.stringContaining('Alter on the cluster'),
    });
    expect((await ports.notes.acls()).flatMap(({ acls }) => acls)).toEqual([]);
  });

  test('to see a topic learns that it may not, not that there is none', async () => {
    const [here, stranger] = [await adminOf(regions.source), connected(regions.source, 'stranger')];
    const { topic } = await flowOf(stranger, stranger);
    await createTopics(here, [{ topic }]);
    const { presence, list } = sourceTopics(async () => stranger);

    expect((await list()).map(({ name }) => name)).not.toContain(topic);
    expect(await presence(topic)).toBe('hidden');
    expect(await presence(`${topic}-never`)).toBe('hidden');
  });

  test('to alter settings on the target gets told which, while the topic is compared all the same', async () => {
    const [here, there] = await Promise.all([adminOf(regions.source), adminOf(regions.target)]);
    const { flow, topic, remote, ports } = await flowOf(
      connected(regions.source, 'owner'),
      connected(regions.target, 'stranger'),
    );
    await Promise.all([
      createTopics(here, [{ topic, configEntries: [{ name: 'retention.ms', value: '1000' }] }]),
      createTopics(there, [{ topic: remote }]),
    ]);
    await there.createAcls({ acl: [onTopic(remote, AclOperationTypes.DESCRIBE_CONFIGS)] });
    const retention = { covers: (name: string) => name === 'retention.ms', useDefaultsFrom: 'target' } as const;

    const sync = await syncConfigs(flow, [{ topic, remoteTopic: remote }], retention, ports);

    expect(sync).toMatchObject({ compared: 1, drifted: 1, changed: [], errors: [{ code: 'KAFKA_NOT_AUTHORIZED' }] });
    expect(sync.errors[0]?.message).toContain(`AlterConfigs on topic ${remote}`);
  });
});

test('a cluster without an authorizer is passed over: nothing is done, nothing is an error', async () => {
  const plain = await startRegions({ clusters: [{ alias: 'us-east', awsRegion: 'us-east-1' }], aws: false });
  opened.unshift({ close: () => plain.stop() });
  const [without, owner] = [connected(plain.source, 'anybody'), connected(regions.target, 'owner')];

  for (const [source, target, cluster] of [
    [without, owner, 'us-east'],
    [owner, without, 'us-west'],
  ] as const) {
    const { flow, rules, ports } = await flowOf(source, target);
    const { withoutAuthorizer, ...rest } = await syncAcls(flow, rules, ports);
    expect(withoutAuthorizer).toContain(cluster);
    expect(rest).toMatchObject({ created: [], revoked: [], errors: [] });
  }
}, 60_000);
