// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references look like that
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SecuredAddress } from '../../../local/region/addresses.ts';
import { type Regions, startRegions } from '../../../local/region/regions.ts';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import type { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { connectCluster } from '../../../shared/adapters/kafka/connect.ts';
import { SecretUnavailableError } from '../../../shared/config/errors.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import { describeReference, type Resolve } from '../../../shared/config/secrets/reference.ts';

const LOOK_UP_MS = 300;

let regions: Regions;
let secured: SecuredAddress;
beforeAll(async () => {
  regions = await startRegions({
    clusters: [{ alias: 'us-west', awsRegion: 'us-west-2', secured: true }],
    aws: false,
  });
  const { secured: found } = regions.source;
  if (found === undefined) throw new Error('the cluster is not secured');
  secured = found;
});
afterAll(() => regions.stop());

let cluster: KafkaCluster | undefined;
afterEach(() => cluster?.close());

/** What the references of a test are at the moment, and how often each was looked up. */
class Vault {
  readonly contents: Map<string, string>;
  readonly reads: string[] = [];

  constructor(contents: Readonly<Record<string, string>>) {
    this.contents = new Map(Object.entries(contents));
  }

  /** Takes longer than a broker waits before it closes a connection whose login it refused. */
  readonly resolve: Resolve = async (reference) => {
    await wait(LOOK_UP_MS);
    const written = describeReference(reference);
    this.reads.push(written);
    const value = this.contents.get(written);
    if (value === undefined) throw new SecretUnavailableError(reference, 'it was deleted');
    return value;
  };
}

const PASSWORD = '${secrets:west:password}';
const AUTHORITY = '${secrets:west:certificate}';
const LOGIN = [
  'us-west.security.protocol = SASL_SSL',
  'us-west.sasl.mechanism = SCRAM-SHA-512',
  `us-west.sasl.jaas.config = x.ScramLoginModule required username="causeway" password="${PASSWORD}";`,
];

function contents(password = secured.owner.password): Record<string, string> {
  return { [PASSWORD]: password, [AUTHORITY]: secured.certificateAuthority };
}

/** The target of a flow as its functions connect to it. */
async function connect(vault: Vault, servers: string, ...lines: string[]): Promise<ClusterAdmin> {
  const { configuration } = parseConfiguration(
    [
      'clusters = us-east, us-west',
      'config.providers = secrets',
      'us-east.bootstrap.servers = 127.0.0.1:1',
      `us-west.bootstrap.servers = ${servers}`,
      'us-east->us-west.enabled = true',
      `us-west.ssl.truststore.certificates = ${AUTHORITY}`,
      ...lines,
    ].join('\n'),
    { file: 'mm2.properties' },
  );
  const [flow] = configuration.flows;
  if (flow === undefined) throw new Error('no flow');
  cluster = await connectCluster(flow.target, flow.target.data, vault.resolve, 'test');
  return new ClusterAdmin(cluster);
}

describe('a password', () => {
  it('that was rotated is used as soon as brokers refuse the one before, with no failure in between', async () => {
    const vault = new Vault(contents('the one before'));
    const admin = await connect(vault, secured.saslBootstrapServers, ...LOGIN);
    vault.contents.set(PASSWORD, secured.owner.password);

    expect(await admin.listTopics()).toBeDefined();
    expect(vault.reads.filter((each) => each === PASSWORD)).toHaveLength(2);
  });

  it('that is wrong is refused, read again with each attempt, and works once it is corrected', async () => {
    const vault = new Vault(contents('wrong'));
    const admin = await connect(vault, secured.saslBootstrapServers, ...LOGIN);

    for (const reads of [2, 3]) {
      await expect(admin.listTopics()).rejects.toMatchObject({
        code: 'KAFKA_AUTHENTICATION_REFUSED',
        retriable: false,
      });
      expect(vault.reads.filter((each) => each === PASSWORD)).toHaveLength(reads);
    }
    vault.contents.set(PASSWORD, secured.owner.password);

    expect(await admin.listTopics()).toBeDefined();
  });

  it('that is refused and is no longer to be had says both, and nothing of the password', async () => {
    const vault = new Vault(contents('old-and-wrong'));
    const admin = await connect(vault, secured.saslBootstrapServers, ...LOGIN);
    vault.contents.delete(PASSWORD);

    const failure: unknown = await admin.listTopics().catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 'KAFKA_AUTHENTICATION_REFUSED' });
    expect(String(failure)).toContain(`another cannot be had: ${PASSWORD} cannot be read: it was deleted`);
    expect(String(failure)).not.toContain('old-and-wrong');
  });

  it('that is not there at first is told before anything connects', async () => {
    const vault = new Vault({ [AUTHORITY]: secured.certificateAuthority });

    await expect(connect(vault, secured.saslBootstrapServers, ...LOGIN)).rejects.toThrow(SecretUnavailableError);
  });
});

describe('a client certificate', () => {
  it('with the key from secrets lets the client in', async () => {
    const { certificateChain, privateKey } = secured.ownerCertificate;
    const vault = new Vault({
      ...contents(),
      '${secrets:west:chain}': certificateChain,
      '${secrets:west:key}': privateKey,
    });
    const admin = await connect(
      vault,
      secured.tlsBootstrapServers,
      'us-west.security.protocol = SSL',
      'us-west.ssl.keystore.certificate.chain = ${secrets:west:chain}',
      'us-west.ssl.keystore.key = ${secrets:west:key}',
    );

    expect(await admin.listTopics()).toBeDefined();
  });
});
