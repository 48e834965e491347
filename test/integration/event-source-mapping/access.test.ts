import { createPrivateKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CertificateAuthority } from '../../../local/kafka/certificate-authority.ts';
import type { SecuredAddress } from '../../../local/region/addresses.ts';
import { type Mapping, Scene } from './mapping.ts';
import type { Region } from './region.ts';
import { Secret } from './secret.ts';
import { SecuredRegion } from './secured-region.ts';

let region: SecuredRegion;
let place: Region;
let secured: SecuredAddress;

beforeAll(async () => {
  region = await SecuredRegion.start();
  ({ place, cluster: secured } = region);
});
afterAll(() => region?.[Symbol.asyncDispose]());

const SASL_TYPES = ['SASL_SCRAM_512_AUTH', 'SASL_SCRAM_256_AUTH', 'BASIC_AUTH'] as const;
type LoginType = (typeof SASL_TYPES)[number] | 'CLIENT_CERTIFICATE_TLS_AUTH';

/** As Lambda's documentation has it. */
const clientCertificate = () => {
  const { certificateChain, privateKey } = secured.ownerCertificate;
  return { certificate: certificateChain, privateKey };
};
const rootCertificate = () => ({ certificate: secured.certificateAuthority });
const login = (type: LoginType) => (type === 'CLIENT_CERTIFICATE_TLS_AUTH' ? clientCertificate() : secured.owner);
const listener = (type: LoginType) =>
  type === 'CLIENT_CERTIFICATE_TLS_AUTH' ? secured.tlsBootstrapServers : secured.saslBootstrapServers;

async function mapSelfManaged(scene: Scene, type: LoginType, URI: string, root: string): Promise<Mapping> {
  return scene.mapSelfManaged({
    SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: listener(type).split(',') } },
    SourceAccessConfigurations: [
      { Type: type, URI },
      { Type: 'SERVER_ROOT_CA_CERTIFICATE', URI: root },
    ],
  });
}

describe('with what Lambda documents', () => {
  test.each([...SASL_TYPES, 'CLIENT_CERTIFICATE_TLS_AUTH'] as const)(
    'a self-managed cluster is read by %s',
    async (type) => {
      const scene = await Scene.set({ place });
      await scene.cluster.produce(scene.topic, 'v');
      const secret = await Secret.create(place, login(type));
      const root = await Secret.create(place, rootCertificate());

      const mapping = await mapSelfManaged(scene, type, secret.arn, root.arn);
      const call = await scene.fn.nextCall();
      call.succeed();

      expect(call.values).toEqual(['v']);
      expect(call.event.bootstrapServers).toBe(listener(type));
      await scene.cluster.untilCommitted(mapping.group, scene.topic, [1]);
    },
  );

  test.each(['SASL_SCRAM_512_AUTH', 'CLIENT_CERTIFICATE_TLS_AUTH'] as const)(
    'an MSK cluster is read by %s at its listener for that, its authority being known',
    async (type) => {
      const scene = await Scene.set({ place });
      await scene.cluster.produce(scene.topic, 'v');
      const secret = await Secret.create(place, login(type));

      await scene.map({ SourceAccessConfigurations: [{ Type: type, URI: secret.arn }] });
      const call = await scene.fn.nextCall();
      call.succeed();

      expect(call.values).toEqual(['v']);
      expect(call.event).toMatchObject({ eventSourceArn: place.cluster.arn, bootstrapServers: listener(type) });
    },
  );

  test('an MSK cluster without a secret, by IAM on AWS, is read at its plain listener', async () => {
    const scene = await Scene.set({ place });
    await scene.cluster.produce(scene.topic, 'v');

    await scene.map();
    const call = await scene.fn.nextCall();
    call.succeed();

    expect(call.event.bootstrapServers).toBe(place.cluster.bootstrapServers);
  });

  test('CAUSEWAY_KAFKA_CLIENT stands in for secrets', async () => {
    const scene = await Scene.set({ place });
    await scene.cluster.produce(scene.topic, 'v');

    await scene.mapSelfManaged({
      SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: [region.byClientOptions] } },
      SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_256_AUTH', URI: 'arn:aws:secretsmanager:nobody-reads-it' }],
    });
    const call = await scene.fn.nextCall();
    call.succeed();

    expect(call.values).toEqual(['v']);
  });
});

const foreign = new CertificateAuthority('us-east authority');
const foreignCertificate = () => {
  const { certificateChain, privateKey } = foreign.issue('causeway');
  return { certificate: certificateChain, privateKey };
};
const encryptedKey = () => {
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hush' } as const;
  const privateKey = createPrivateKey(secured.ownerCertificate.privateKey).export(options).toString();
  return { ...clientCertificate(), privateKey, privateKeyPassword: 'hush' };
};

describe('what is wrong is said in Lambda’s words, and reading begins once it is put right', () => {
  test.each<[string, LoginType, () => unknown, RegExp]>([
    [
      'a wrong password',
      'SASL_SCRAM_512_AUTH',
      () => ({ ...secured.owner, password: 'hush' }),
      /SASL authentication failed\. .*/,
    ],
    [
      'a wrong password',
      'BASIC_AUTH',
      () => ({ ...secured.owner, password: 'hush' }),
      /SASL authentication failed\. .*/,
    ],
    ['a user without rights', 'SASL_SCRAM_256_AUTH', () => secured.users[0], /Cluster failed to authorize Lambda\. .*/],
    [
      'a secret that is no JSON',
      'SASL_SCRAM_512_AUTH',
      () => 'hush',
      /Secret arn:\S+ cannot be used\. It must be a JSON object\./,
    ],
    [
      'a secret without its password',
      'BASIC_AUTH',
      () => ({ username: 'hush' }),
      /Secret arn:\S+ cannot be used\. It must have a text as password\./,
    ],
    [
      'a certificate of a stranger',
      'CLIENT_CERTIFICATE_TLS_AUTH',
      foreignCertificate,
      /Server failed to authenticate Lambda\. .*/,
    ],
    [
      'a key that is none',
      'CLIENT_CERTIFICATE_TLS_AUTH',
      () => ({ ...clientCertificate(), privateKey: 'hush' }),
      /Provided certificate or private key is invalid\. .*/,
    ],
    [
      'the key of another certificate',
      'CLIENT_CERTIFICATE_TLS_AUTH',
      () => ({ ...foreignCertificate(), certificate: clientCertificate().certificate }),
      /Provided certificate or private key is invalid\. .*/,
    ],
    [
      'a key encrypted as Lambda cannot read',
      'CLIENT_CERTIFICATE_TLS_AUTH',
      encryptedKey,
      /Provided certificate or private key is invalid\. .*PBES2.*/,
    ],
  ])('%s (%s)', async (_what, type, content, words) => {
    const scene = await Scene.set({ place });
    await scene.cluster.produce(scene.topic, 'v');
    const secret = await Secret.create(place, content());
    const root = await Secret.create(place, rootCertificate());

    const mapping = await mapSelfManaged(scene, type, secret.arn, root.arn);
    const result = await mapping.untilResult(new RegExp(`^PROBLEM: ${words.source}$`));
    expect(result).not.toContain('hush');
    expect((await mapping.get()).State).toBe('Enabled');
    await secret.change(login(type));
    const call = await scene.fn.nextCall();
    call.succeed();

    expect(call.values).toEqual(['v']);
    await mapping.untilResult(/^OK$/);
  });

  test('a root certificate that is not the brokers’', async () => {
    const scene = await Scene.set({ place });
    await scene.cluster.produce(scene.topic, 'v');
    const secret = await Secret.create(place, secured.owner);
    const root = await Secret.create(place, { certificate: foreign.certificate });

    const mapping = await mapSelfManaged(scene, 'SASL_SCRAM_512_AUTH', secret.arn, root.arn);
    await mapping.untilResult(/^PROBLEM: Lambda failed to authenticate server\. /);
    await root.change(rootCertificate());
    const call = await scene.fn.nextCall();
    call.succeed();

    expect(call.values).toEqual(['v']);
  });

  test('a secret that does not exist, until the mapping names one that does', async () => {
    const scene = await Scene.set({ place });
    await scene.cluster.produce(scene.topic, 'v');
    const access = (URI: string) => ({ SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH' as const, URI }] });
    const missing = `arn:aws:secretsmanager:${place.cluster.awsRegion}:000000000000:secret:nobody-123456`;

    const mapping = await scene.map(access(missing));
    await mapping.untilResult(new RegExp(`^PROBLEM: Secret ${missing} cannot be read\\. .*can't find`));
    await mapping.update(access((await Secret.create(place, secured.owner)).arn));
    const call = await scene.fn.nextCall();
    call.succeed();

    expect(call.values).toEqual(['v']);
  });
});
