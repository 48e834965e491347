import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import type { KafkaCluster, KafkaClusterOptions } from '../../../shared/adapters/kafka/cluster.ts';
import type { KafkaSecurity } from '../../../shared/adapters/kafka/security.ts';
import { LossyProxy } from './lossy-proxy.ts';
import { OWNER, SESSION_MS, SecuredBroker, STRANGER } from './secured-broker.ts';
import * as target from './target.ts';

const { createTopic, inAWord, logOf, recordsFrom, START, valuesIn } = target;

let broker: SecuredBroker;
const open: KafkaCluster[] = [];

beforeAll(async () => {
  broker = await SecuredBroker.start();
});
afterAll(() => broker[Symbol.asyncDispose]());
afterEach(async () => {
  for (const cluster of open.splice(0)) await cluster.close();
});

function connect(bootstrapServers: string, options: Partial<KafkaClusterOptions> = {}): KafkaCluster {
  const cluster = target.connect(bootstrapServers, { patienceMs: 2_000, ...options });
  open.push(cluster);
  return cluster;
}

function unsignedToken(subject: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: now, exp: now + 900 })}.`;
}

const iam = (subject: string): KafkaSecurity => ({
  protocol: 'SASL_PLAINTEXT',
  mechanism: 'AWS_MSK_IAM',
  region: 'us-west-2',
  token: async () => unsignedToken(subject),
});

describe('connecting', () => {
  it.each<[string, KafkaSecurity]>([
    ['PLAIN', { protocol: 'SASL_PLAINTEXT', mechanism: 'PLAIN', ...OWNER }],
    ['SCRAM-SHA-256', { protocol: 'SASL_PLAINTEXT', mechanism: 'SCRAM-SHA-256', ...OWNER }],
    ['SCRAM-SHA-512', { protocol: 'SASL_PLAINTEXT', mechanism: 'SCRAM-SHA-512', ...OWNER }],
    ['an IAM token', iam(OWNER.username)],
  ])('works with %s', async (_name, security) => {
    const cluster = connect(broker.sasl, { security });
    const log = logOf(cluster, await createTopic(cluster));
    expect(inAWord(await log.append(await log.initProducer(), 0, recordsFrom(0, 3)))).toBe('appended@0');
  });

  it('works over TLS whose authority is given', async () => {
    const cluster = connect(broker.tls, { security: { protocol: 'SSL', tls: { ca: broker.certificate } } });
    const log = logOf(cluster, await createTopic(cluster));
    expect(inAWord(await log.append(await log.initProducer(), 0, recordsFrom(0, 3)))).toBe('appended@0');
  });

  it('does not trust a certificate of an unknown authority', async () => {
    const cluster = connect(broker.tls, { security: { protocol: 'SSL' } });
    const listing = new ClusterAdmin(cluster).listTopics();
    await expect(listing).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
    await expect(listing).rejects.toThrow(/self-signed certificate/);
  });

  it.each<[string, KafkaSecurity]>([
    ['PLAIN', { protocol: 'SASL_PLAINTEXT', mechanism: 'PLAIN', username: OWNER.username, password: 'wrong' }],
    ['SCRAM', { protocol: 'SASL_PLAINTEXT', mechanism: 'SCRAM-SHA-512', username: OWNER.username, password: 'wrong' }],
    ['SCRAM, user unknown', { protocol: 'SASL_PLAINTEXT', mechanism: 'SCRAM-SHA-256', username: 'no', password: 'no' }],
    ['an IAM token', { ...iam(''), token: async () => 'no token' } as KafkaSecurity],
  ])('is refused at once with wrong credentials: %s', async (_name, security) => {
    const cluster = connect(broker.sasl, { security, patienceMs: 60_000 });
    const listing = new ClusterAdmin(cluster).listTopics();
    await expect(listing).rejects.toMatchObject({ code: 'KAFKA_AUTHENTICATION_REFUSED', retriable: false });
    await expect(listing).rejects.toThrow(`Cluster us-west refused the credentials at ${broker.sasl}`);
    const appended = await logOf(cluster, 'any').append({ producerId: 1n, epoch: 0 }, 0, recordsFrom(0, 1));
    expect(inAWord(appended)).toBe('failed KAFKA_AUTHENTICATION_REFUSED');
  });

  it('says so when there are no IAM credentials to sign with', async () => {
    const token = async () => Promise.reject(new Error('the role cannot be assumed'));
    const cluster = connect(broker.sasl, { security: { ...iam(''), token } as KafkaSecurity, patienceMs: 60_000 });
    const listing = new ClusterAdmin(cluster).listTopics();
    await expect(listing).rejects.toMatchObject({ code: 'KAFKA_AUTHENTICATION_REFUSED' });
    await expect(listing).rejects.toThrow('the role cannot be assumed');
  });

  it('goes on appending while sessions expire, without one batch in doubt', async () => {
    const cluster = connect(broker.sasl, { security: { protocol: 'SASL_PLAINTEXT', mechanism: 'PLAIN', ...OWNER } });
    const topic = await createTopic(cluster);
    const log = logOf(cluster, topic);
    const producer = await log.initProducer();
    const outcomes: string[] = [];
    for (const until = Date.now() + 2.2 * SESSION_MS; Date.now() < until; ) {
      const sequence = outcomes.length * 2;
      outcomes.push(inAWord(await log.append(producer, sequence, recordsFrom(sequence, 2))));
    }
    expect(outcomes).toEqual(outcomes.map((_, i) => `appended@${i * 2}`));
  });
});

describe('a user without rights', () => {
  it('is told which right is needed for what', async () => {
    const cluster = connect(broker.sasl, { security: { protocol: 'SASL_PLAINTEXT', mechanism: 'PLAIN', ...STRANGER } });
    const topic = await createTopic(connect(broker.plain));
    const log = logOf(cluster, topic);
    await expect(log.topicId()).rejects.toMatchObject({
      code: 'KAFKA_NOT_AUTHORIZED',
      message: `Cluster us-west denies Describe on topic ${topic}`,
      next: expect.stringContaining('kafka-cluster:DescribeTopic'),
    });
    await expect(log.initProducer()).rejects.toThrow(`Describe on transactional id causeway-${topic}`);
    const create = new ClusterAdmin(cluster).createTopic({ name: 'new', partitions: 1, replicationFactor: 1 });
    await expect(create).rejects.toThrow('Create on topic new');
    const appended = await log.append({ producerId: 1n, epoch: 0 }, 0, recordsFrom(0, 1));
    expect(inAWord(appended)).toBe('failed KAFKA_NOT_AUTHORIZED');
  });
});

describe('a connection that breaks', () => {
  let proxy: LossyProxy;
  let cluster: KafkaCluster;

  beforeAll(async () => {
    proxy = await LossyProxy.listen(broker.proxyPort, broker.behindProxyPort);
  });
  afterAll(() => proxy[Symbol.asyncDispose]());

  async function partition() {
    cluster = connect(`127.0.0.1:${broker.proxyPort}`, { requestTimeoutMs: 1_000, connectTimeoutMs: 1_000 });
    const topic = await createTopic(cluster);
    const log = logOf(cluster, topic);
    const producer = await log.initProducer();
    await log.append(producer, 0, recordsFrom(0, 1));
    return { topic, log, producer };
  }

  it('leaves an append unknown whose answer was lost; the same again tells where it is', async () => {
    const { topic, log, producer } = await partition();
    proxy.cutNextAnswer();
    expect(inAWord(await log.append(producer, 1, recordsFrom(1, 5)))).toBe('unknown');
    expect(inAWord(await log.append(producer, 1, recordsFrom(1, 5)))).toBe('appended@1');
    expect(await valuesIn(cluster, topic)).toHaveLength(6);
  });

  it('leaves a pipeline in doubt from the cut on, and repeating it loses and doubles nothing', async () => {
    const { topic, log, producer } = await partition();
    const sendAll = () =>
      Promise.all([1, 11, 21, 31, 41].map((from) => log.append(producer, from, recordsFrom(from, 10))));
    proxy.cutNextAnswer();
    expect(new Set((await sendAll()).map(inAWord))).toContain('unknown');
    expect((await sendAll()).map(inAWord)).toEqual([1, 11, 21, 31, 41].map((base) => `appended@${base}`));
    expect(await valuesIn(cluster, topic)).toEqual(recordsFrom(0, 51).map(({ offset }) => `v${offset}`));
  });

  it('gives up a request that nobody answers within its time', async () => {
    const { topic, log, producer } = await partition();
    proxy.loseRequests();
    const outcome = await log.append(producer, 1, recordsFrom(1, 5));
    expect(inAWord(outcome)).toBe('unknown');
    const scan = log.scan(START);
    await expect(scan).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE', retriable: true });
    proxy.passRequests();
    expect(inAWord(await log.append(producer, 1, recordsFrom(1, 5)))).toBe('appended@1');
    expect(await valuesIn(cluster, topic)).toHaveLength(6);
  });

  it('ends with the invocation’s time, and closes the connection of what is in doubt', async () => {
    const { topic, producer } = await partition();
    proxy.loseRequests();
    const log = logOf(cluster, topic, { signal: AbortSignal.timeout(200) });
    const [appended, scanned] = await Promise.allSettled([log.append(producer, 1, recordsFrom(1, 5)), log.scan(START)]);
    expect(appended).toMatchObject({ value: { kind: 'unknown', reason: expect.stringContaining('time') } });
    expect(scanned).toMatchObject({ reason: { code: 'KAFKA_DEADLINE_EXCEEDED' } });
    proxy.passRequests();
    expect(inAWord(await logOf(cluster, topic).append(producer, 1, recordsFrom(1, 5)))).toBe('appended@1');
    expect(await valuesIn(cluster, topic)).toHaveLength(6);
  });
});

describe('a cluster that is not there', () => {
  it('is unreachable within bounds when a broker takes connections and says nothing', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    for (const security of [undefined, { protocol: 'SASL_PLAINTEXT', mechanism: 'PLAIN', ...OWNER } as const]) {
      const cluster = connect(`127.0.0.1:${port}`, {
        connectTimeoutMs: 300,
        requestTimeoutMs: 300,
        patienceMs: 500,
        ...(security && { security }),
      });
      const outcome = await logOf(cluster, 'any').append({ producerId: 1n, epoch: 0 }, 0, recordsFrom(0, 1));
      expect(inAWord(outcome)).toBe('unknown');
      await expect(logOf(cluster, 'any').topicId()).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
      await cluster.close();
    }
    silent.close();
  });

  it('names every broker that it tried, and why each failed', async () => {
    const cluster = connect('127.0.0.1:1,[::1]:2', { patienceMs: 100 });
    const listing = new ClusterAdmin(cluster).listTopics();
    await expect(listing).rejects.toThrow(/127\.0\.0\.1:1: .*; \[::1\]:2: /);
  });

  it('goes on to the next bootstrap server when the first is down', async () => {
    const cluster = connect(`127.0.0.1:1,${broker.plain}`);
    expect(await new ClusterAdmin(cluster).listTopics()).toBeInstanceOf(Array);
  });
});
