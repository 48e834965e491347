// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references look like that
import { describe, expect, test } from 'vitest';
import { ConfigurationError, SecretUnavailableError } from '../../../shared/config/errors.ts';
import { parseConfiguration, resolveConfiguration } from '../../../shared/config/parse-configuration.ts';
import { describeReference, type SecretReference } from '../../../shared/config/secrets/reference.ts';

const VALUES = new Map([
  ['${env:A_BROKERS}', 'a1:9092, a2:9092'],
  ['${env:B_HOST}', 'b1'],
  ['${ssm:/kafka/topics}', 'orders.*, payments'],
  ['${file:/etc/kafka/b.properties:ca}', '-----BEGIN CERTIFICATE-----'],
  ['${env:MIRROR}', 'mirror'],
]);

/** Line 9 and on are what the test adds. */
function file(...more: string[]): string {
  return [
    'clusters = a, b',
    'config.providers = env, ssm, secrets, file',
    'a.bootstrap.servers = ${env:A_BROKERS}',
    'b.bootstrap.servers = ${env:B_HOST}:9092',
    'a->b.enabled = true',
    'a->b.topics = ${ssm:/kafka/topics}',
    'security.protocol = SASL_SSL',
    'sasl.mechanism = PLAIN',
    ...more,
  ].join('\n');
}

function login(username: string, password: string): string {
  return `sasl.jaas.config = org.apache.kafka.common.security.plain.PlainLoginModule required username="${username}" password="${password}";`;
}

const ENTRUSTED = login('mirror', '${secrets:kafka:password}');

/** Reads for functions, and notes what is looked up for it. */
async function resolved(text: string) {
  const asked: string[] = [];
  const resolve = async (reference: SecretReference) => {
    const written = describeReference(reference);
    asked.push(written);
    const value = VALUES.get(written);
    if (value === undefined) throw new SecretUnavailableError(reference, 'there is no such thing');
    return value;
  };
  const { configuration } = await resolveConfiguration(text, { file: 'mm2.properties', resolve });
  const [flow] = configuration.flows;
  if (flow === undefined) throw new Error('no flow');
  return { flow, asked };
}

async function refused(text: string): Promise<ConfigurationError> {
  const error: unknown = await resolved(text).catch((failure: unknown) => failure);
  if (error instanceof ConfigurationError) return error;
  throw new Error('no fault was found', { cause: error });
}

describe('a file that is read for functions', () => {
  test('has what is needed at once looked up, each reference once; secrets stay references', async () => {
    const { flow, asked } = await resolved(file('b->a.topics = ${ssm:/kafka/topics}', ENTRUSTED));

    expect(flow.source.data.bootstrapServers).toEqual(['a1:9092', 'a2:9092']);
    expect(flow.target.data.bootstrapServers).toEqual(['b1:9092']);
    expect(flow.topics.include.patterns).toEqual(['orders.*', 'payments']);
    expect(flow.source.data.security).toMatchObject({
      sasl: { credentials: { password: { provider: 'secrets', path: 'kafka', key: 'password' } } },
    });
    expect(asked).toEqual(['${env:A_BROKERS}', '${env:B_HOST}', '${ssm:/kafka/topics}']);
  });

  test('may have user names and certificates from here, since they are no secrets', async () => {
    const { flow, asked } = await resolved(
      file(
        login('${env:MIRROR}', '${secrets:kafka:password}'),
        'a.ssl.truststore.certificates = ${secrets:kafka:ca}',
        'b.ssl.truststore.certificates = ${file:/etc/kafka/b.properties:ca}',
      ),
    );

    expect(flow.source.data.security).toMatchObject({
      sasl: { credentials: { username: 'mirror' } },
      tls: { certificates: { provider: 'secrets', path: 'kafka', key: 'ca' } },
    });
    expect(flow.target.data.security).toMatchObject({ tls: { certificates: '-----BEGIN CERTIFICATE-----' } });
    expect(asked).not.toContain('${secrets:kafka:ca}');
  });

  test.each([
    ['a password from the environment', login('u', '${env:PASSWORD}'), 'sasl.jaas.config', '${env:PASSWORD}'],
    ['a login from the environment', 'sasl.jaas.config = ${env:JAAS}', 'sasl.jaas.config', '${env:JAAS}'],
    ['a password from a file', login('u', '${file:/etc/k:pw}'), 'sasl.jaas.config', '${file:/etc/k:pw}'],
    [
      'a key from the environment',
      `${ENTRUSTED}\na.ssl.keystore.key = \${env:KEY}\na.ssl.keystore.certificate.chain = x`,
      'a.ssl.keystore.key',
      '${env:KEY}',
    ],
    [
      'the password of a key from the environment',
      `${ENTRUSTED}\na.ssl.keystore.key = \${ssm:key}\na.ssl.keystore.certificate.chain = x\na.ssl.key.password = \${env:KEY}`,
      'a.ssl.key.password',
      '${env:KEY}',
    ],
  ])(
    '%s is refused, without being looked up, with line and key and what to use instead',
    async (_, more, key, secret) => {
      const text = file(...more.split('\n'));
      const line = text.split('\n').findIndex((each) => each.startsWith(key)) + 1;

      const { faults } = await refused(text);

      expect(faults).toEqual([{ line, key, value: '(hidden)', expected: expect.stringContaining(secret) }]);
      expect(faults[0]?.expected).toMatch(/AWS Secrets Manager .*\$\{secrets:<name>:<key>\}.* \$\{ssm:<name>\}$/);
    },
  );

  test('tells of everything that cannot be read, line by line, with the reason', async () => {
    const error = await refused(file(ENTRUSTED, 'replication.factor = ${env:FACTOR}', 'a->b.groups = ${ssm:/groups}'));

    expect(error.message).toContain(
      'mm2.properties:10: replication.factor = ${env:FACTOR}: expected ${env:FACTOR} to be found, which is needed now: there is no such thing',
    );
    expect(error.faults.map(({ line }) => line)).toEqual([10, 11]);
  });

  test('has no secret looked up under a misspelt key either', async () => {
    const error = await refused(file(ENTRUSTED, 'a.ssl.key.pasword = ${secrets:kafka:key-password}'));

    expect(error.faults).toMatchObject([
      { key: 'a.ssl.key.pasword', value: '(hidden)', nearest: 'a.ssl.key.password' },
    ]);
  });

  test('goes on failing when looking up itself fails', async () => {
    const failing = resolveConfiguration(file(ENTRUSTED), {
      file: 'mm2.properties',
      resolve: async () => Promise.reject(new TypeError('broken')),
    });

    await expect(failing).rejects.toThrow(TypeError);
  });
});

test('a file that is read where it stands may have secrets in the environment, as with MirrorMaker 2', () => {
  const text = file(login('u', '${env:PASSWORD}')).replaceAll(/\$\{env:[AB]_\w+\}(?::9092)?/g, 'h:9092');
  const { configuration } = parseConfiguration(text.replace('${ssm:/kafka/topics}', 'orders'), {
    file: 'mm2.properties',
  });

  expect(configuration.flows[0]?.source.data.security).toMatchObject({
    sasl: { credentials: { password: { provider: 'env', path: 'PASSWORD' } } },
  });
});
