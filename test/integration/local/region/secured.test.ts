import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KafkaUser } from '../../../../local/kafka/cluster-security.ts';
import type { SecuredAddress } from '../../../../local/region/addresses.ts';
import { type Regions, startRegions } from '../../../../local/region/regions.ts';

let regions: Regions;
beforeAll(async () => {
  regions = await startRegions({
    clusters: [
      { alias: 'us-east', awsRegion: 'us-east-1', brokers: 2, secured: true },
      { alias: 'us-west', awsRegion: 'us-west-2', secured: true },
    ],
    aws: false,
  });
});
afterAll(() => regions.stop());

function securedBy(cluster: { readonly secured?: SecuredAddress | undefined }): SecuredAddress {
  if (!cluster.secured) throw new Error('the cluster is not secured');
  return cluster.secured;
}

/** How many brokers a client sees. */
async function brokersSeen(servers: string, security: Pick<KafkaConfig, 'ssl' | 'sasl'>): Promise<number> {
  const kafka = new Kafka({
    brokers: servers.split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    ...security,
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length;
  } finally {
    await admin.disconnect();
  }
}

const over = ({ certificateAuthority }: SecuredAddress) => ({ ca: [certificateAuthority] });

it.each<[string, (user: KafkaUser) => SASLOptions]>([
  ['PLAIN', (user) => ({ mechanism: 'plain', ...user })],
  ['SCRAM-SHA-256', (user) => ({ mechanism: 'scram-sha-256', ...user })],
  ['SCRAM-SHA-512', (user) => ({ mechanism: 'scram-sha-512', ...user })],
])('lets the owner in by %s over TLS', async (_mechanism, sasl) => {
  const secured = securedBy(regions.source);

  const security = { ssl: over(secured), sasl: sasl(secured.owner) };

  expect(await brokersSeen(secured.saslBootstrapServers, security)).toBe(2);
});

it('lets nobody in with the password of the other cluster, or with its authority', async () => {
  const [east, west] = [securedBy(regions.source), securedBy(regions.target)];
  const seen = (ca: SecuredAddress, { owner }: SecuredAddress) =>
    brokersSeen(east.saslBootstrapServers, { ssl: over(ca), sasl: { mechanism: 'scram-sha-512', ...owner } });

  await expect(seen(east, west)).rejects.toThrow(/invalid credentials/);
  await expect(seen(west, east)).rejects.toThrow(/certificate/);
});

it('knows the owner by a certificate, and wants one', async () => {
  const secured = securedBy(regions.source);
  const { certificateChain: cert, privateKey: key } = secured.ownerCertificate;

  expect(await brokersSeen(secured.tlsBootstrapServers, { ssl: { ...over(secured), cert, key } })).toBe(2);
  await expect(brokersSeen(secured.tlsBootstrapServers, { ssl: over(secured) })).rejects.toThrow(/certificate/);
});

it('lets a stranger log in and do nothing', async () => {
  const secured = securedBy(regions.source);
  const [stranger] = secured.users;
  if (!stranger) throw new Error('nobody but the owner is known');
  const ssl = over(secured);
  const sasl = { mechanism: 'scram-sha-512', ...stranger } as const;
  const kafka = new Kafka({ brokers: secured.saslBootstrapServers.split(','), ssl, sasl, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();

  const creation = admin.createTopics({ topics: [{ topic: 'orders' }], waitForLeaders: false });

  await expect(creation).rejects.toMatchObject({ errors: [{ type: 'TOPIC_AUTHORIZATION_FAILED' }] });
  await admin.disconnect();
});
