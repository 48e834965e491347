import { setTimeout as wait } from 'node:timers/promises';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  type Admin,
  Kafka,
  KafkaJSProtocolError,
  logLevel,
  type Producer,
  type ProducerConfig,
  ResourcePatternTypes,
} from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectSide } from '../../../functions/runbook/cluster.ts';
import { createTopics } from '../../../local/region/create-topics.ts';
import { type Regions, startRegions } from '../../../local/region/regions.ts';
import { until } from '../../../local/region/until.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import { planAcls } from '../../../shared/reconcile/acls/plan-acls.ts';
import { DEFAULT_SETTINGS } from '../../../shared/runbook/ports/settings.ts';
import { Registry } from '../../../shared/runbook/registry/registry.ts';
import { fenceWriters } from '../../../shared/runbook/stages/fence-writers.ts';
import { admitWriters, mayRefuseWriters } from '../../../shared/runbook/stages/write-fence.ts';
import { LATEST_MS } from '../../../shared/runbook/write-fence/lift.ts';
import { FakeFlow } from '../../unit/runbook/stages/fake-flow.ts';
import { MemoryWriteFences } from '../../unit/runbook/stages/memory-write-fences.ts';
import { MemoryRegistry } from './memory-registry.ts';

const [ORDERS, ARCHIVE] = ['orders', 'archive'];
const FLOW = { source: 'us-east', target: 'us-west' };
const SEND_EVERY_MS = 20;
const WITHIN_MS = 20_000;

let regions: Regions;
let admin: Admin;
let clients: { disconnect(): Promise<void> }[] = [];

beforeAll(async () => {
  regions = await startRegions({ clusters: [{ alias: 'us-east', awsRegion: 'us-east-1', secured: true }], aws: false });
  admin = new Kafka({ brokers: regions.source.bootstrapServers.split(','), logLevel: logLevel.NOTHING }).admin();
  clients.push(admin);
  await admin.connect();
  await createTopics(admin, [{ topic: ORDERS, numPartitions: 2 }, { topic: ARCHIVE }]);
});

afterAll(async () => {
  await Promise.all(clients.map((each) => each.disconnect()));
  clients = [];
  await regions?.stop();
});

/** As the user who has to be allowed everything, or as the one whom ACLs do not hold. */
async function producerOf(as: 'stranger' | 'owner', more: ProducerConfig = {}): Promise<Producer> {
  const { secured } = regions.source;
  const user = as === 'owner' ? secured?.owner : secured?.users[0];
  if (secured === undefined || user === undefined) throw new Error('the cluster is not secured');
  const kafka = new Kafka({
    brokers: secured.saslBootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
    ssl: { ca: secured.certificateAuthority },
    sasl: { mechanism: 'scram-sha-512', ...user },
    retry: { retries: 0 },
  });
  const producer = kafka.producer(more);
  clients.push(producer);
  await producer.connect();
  return producer;
}

/** What a producer that asks nobody hears, send by send, until it is told to stop. */
class Unrouted {
  readonly heard: ('written' | string)[] = [];
  #stopped = false;
  readonly #running: Promise<void>;

  constructor(producer: Producer) {
    this.#running = this.#run(producer);
  }

  /** Waits for something to be heard from now on. */
  async hears(answer: string): Promise<void> {
    const from = this.heard.length;
    const heard = async () => this.heard.slice(from).includes(answer);
    await until(heard, WITHIN_MS, () => new Error(`no ${answer} after ${this.heard.slice(from).join(', ')}`));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(producer: Producer): Promise<void> {
    while (!this.#stopped) {
      try {
        await producer.send({ topic: ORDERS, messages: [{ key: 'k', value: 'v' }] });
        this.heard.push('written');
      } catch (error) {
        this.heard.push(error instanceof KafkaJSProtocolError ? error.type : String(error));
      }
      await wait(SEND_EVERY_MS);
    }
  }
}

async function fenced(): Promise<readonly string[]> {
  const { resources } = await admin.describeAcls({
    resourceType: AclResourceTypes.TOPIC,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.DENY,
  });
  return resources.map(({ resourceName }) => resourceName).toSorted();
}

async function ends(): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(ORDERS);
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

test('an unrouted producer is refused while the fence stands, and writes again after it; a user’s own fence survives', async () => {
  const onTopic = (resourceName: string, permissionType: AclPermissionTypes, principal: string) => ({
    resourceType: AclResourceTypes.TOPIC,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    operation: AclOperationTypes.WRITE,
    host: '*',
    ...{ resourceName, permissionType, principal },
  });
  await admin.createAcls({
    acl: [
      onTopic(ORDERS, AclPermissionTypes.ALLOW, 'User:stranger'),
      onTopic(ARCHIVE, AclPermissionTypes.DENY, 'User:*'),
    ],
  });
  const { bootstrapServers } = regions.source;
  const { configuration } = parseConfiguration(
    `clusters = us-east, us-west
    us-east.bootstrap.servers = ${bootstrapServers}
    us-west.bootstrap.servers = 127.0.0.1:1
    us-east->us-west.enabled = true`,
    { file: 'mm2.properties' },
  );
  const [flow] = configuration.flows;
  if (flow === undefined) throw new Error('no flow');
  const from = connectSide(flow.source);
  clients.push({ disconnect: async () => (await from.admin()).close() });
  const forward = new FakeFlow(FLOW, []).topic(ORDERS, 'us-east.orders', [0, 0]).topic(ARCHIVE, 'us-east.archive', [0]);
  const registry = new Registry({ flow: FLOW, entries: new MemoryRegistry() });
  const way = { from: 'us-east', to: 'us-west' };
  const begun = { kind: 'switchover', way, execution: 'run-1', startedBy: 'person', reason: '' } as const;
  const { generation } = await registry.begin(begun, { isRunning: async () => false });
  const run = { ...begun, flow: FLOW, generation, dryRun: false, emergency: false };
  const ports = {
    ...{ registry, from, forward, backward: undefined, writeFences: new MemoryWriteFences() },
    clock: { now: Date.now, wait: async (ms: number) => void (await wait(ms)) },
    settings: { ...DEFAULT_SETTINGS, writersFlatMs: 1_000, writersSettleMs: 1_000, fenceByAcls: true },
  };
  expect(await mayRefuseWriters(from)).toBe('may');
  const unrouted = new Unrouted(await producerOf('stranger'));
  await unrouted.hears('written');

  const now = Date.now();
  const outcome = await fenceWriters(run, ports, { since: now, until: now + WITHIN_MS, last: undefined });

  expect(outcome).toMatchObject({ kind: 'passed', verdict: 'WARN', evidence: { brokers: 'refuse', grown: [] } });
  expect(outcome.kind === 'passed' && outcome.says).toMatch(/do not follow the registry: orders-\d grew by/);
  const before = await ends();
  await unrouted.hears('TOPIC_AUTHORIZATION_FAILED');
  await unrouted.hears('TOPIC_AUTHORIZATION_FAILED');
  expect(await ends()).toBe(before);
  expect(await fenced()).toEqual([ARCHIVE, ORDERS]);
  await expect(producerOf('stranger', { idempotent: true, retry: { retries: 1 } })).rejects.toMatchObject({
    type: 'CLUSTER_AUTHORIZATION_FAILED',
  });
  // What is kept in step on the target meanwhile does not carry it there.
  const source = await from.acls.acls();
  if (source === 'no-authorizer') throw new Error('no authorizer');
  const topics = { covers: () => true, remoteTopic: (topic: string) => `us-east.${topic}` };
  expect(planAcls({ source, target: [], notes: [] }, { topics, deleteRevoked: true })).toEqual([]);
  // Super users are not held.
  const [written] = await (await producerOf('owner')).send({ topic: ORDERS, messages: [{ value: 'v' }] });
  expect(written?.errorCode).toBe(0);

  const later = { ...ports.clock, now: () => Date.now() + LATEST_MS };
  expect(await admitWriters(run, from, { ...ports, clock: later })).toBeUndefined();

  await unrouted.hears('written');
  await unrouted.stop();
  expect(await fenced()).toEqual([ARCHIVE]);
});
