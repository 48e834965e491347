// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references look like that
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ConfigurationError, LiteralSecretError } from '../../../shared/config/errors.ts';
import { decodeFlow, encodeFlow } from '../../../shared/config/flow-json.ts';
import { CLIENT_PROPERTIES } from '../../../shared/config/known/client-properties.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import { shown } from '../../../shared/config/secrets/hidden.ts';
import { describeReference, type ProviderKind, parseReferences } from '../../../shared/config/secrets/reference.ts';

const PASSWORD = 'c0rrect-horse';
const PROVIDERS: ReadonlyMap<string, ProviderKind> = new Map([
  ['env', 'env'],
  ['secrets', 'secrets'],
  ['ssm', 'ssm'],
  ['file', 'file'],
  ['directory', 'directory'],
]);

function file(...more: string[]): string {
  return [
    'clusters = a, b',
    'bootstrap.servers = h:9092',
    'a->b.enabled = true',
    'security.protocol = SASL_SSL',
    'sasl.mechanism = SCRAM-SHA-512',
    ...more,
  ].join('\n');
}

function jaas(password: string): string {
  return `sasl.jaas.config = org.apache.kafka.common.security.scram.ScramLoginModule required username="u" password="${password}";`;
}

function parse(...more: string[]) {
  return parseConfiguration(file(...more), { file: 'mm2.properties' });
}

function refused(...more: string[]): ConfigurationError {
  try {
    parse(...more);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
  }
  throw new Error('no fault was found');
}

describe('references', () => {
  test.each([
    ['${env:PASSWORD}', { provider: 'env', path: 'PASSWORD' }],
    ['${env::PASSWORD}', { provider: 'env', path: 'PASSWORD' }],
    ['${file:/etc/kafka.properties:password}', { provider: 'file', path: '/etc/kafka.properties', key: 'password' }],
    ['${directory:/run/secrets:password}', { provider: 'directory', path: '/run/secrets', key: 'password' }],
    ['${secrets:kafka/east}', { provider: 'secrets', path: 'kafka/east' }],
    ['${secrets:kafka/east:password}', { provider: 'secrets', path: 'kafka/east', key: 'password' }],
    [
      '${secrets:arn:aws:secretsmanager:us-east-1:111122223333:secret:k-AbCdEf}',
      { provider: 'secrets', path: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:k-AbCdEf' },
    ],
    [
      '${secrets:arn:aws:secretsmanager:us-east-1:111122223333:secret:k-AbCdEf:password}',
      { provider: 'secrets', path: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:k-AbCdEf', key: 'password' },
    ],
    ['${ssm:/kafka/password}', { provider: 'ssm', path: '/kafka/password' }],
  ])('%s is read', (written, reference) => {
    expect(parseReferences(written, PROVIDERS)).toEqual([reference]);
  });

  test('keep the text around them', () => {
    expect(parseReferences('a${env:X}b${env:Y}', PROVIDERS)).toEqual([
      'a',
      { provider: 'env', path: 'X' },
      'b',
      { provider: 'env', path: 'Y' },
    ]);
  });

  test('are written as they were read', () => {
    expect(describeReference({ provider: 'secrets', path: 'kafka', key: 'password' })).toBe(
      '${secrets:kafka:password}',
    );
  });

  test.each([
    ['config.providers = env', jaas('${vault:kafka:password}'), 'vault is not among them'],
    [
      'config.providers = vault\nconfig.providers.vault.class=com.acme.VaultProvider',
      jaas('${vault:kafka:password}'),
      'vault is not: use secrets or ssm',
    ],
    ['config.providers = env', jaas('x${env:A}'), 'a reference alone'],
  ])('%s, %s: %s', (providers, line, expected) => {
    expect(refused(...providers.split('\n'), line).faults).toContainEqual(
      expect.objectContaining({ value: '(hidden)', expected: expect.stringContaining(expected) }),
    );
  });

  test('may use the classes that AWS and Kafka have for them', () => {
    const { configuration } = parse(
      'config.providers = vault',
      'config.providers.vault.class = com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider',
      jaas('${vault:kafka:password}'),
    );

    expect(configuration.flows[0]?.source.data.security).toMatchObject({
      sasl: { credentials: { password: { provider: 'secrets', path: 'kafka', key: 'password' } } },
    });
  });
});

describe('a secret in clear text', () => {
  const { configuration, warnings } = parse(jaas(PASSWORD));
  const [flow] = configuration.flows;

  test('is warned about once, by its line', () => {
    expect(warnings.filter(({ key }) => key === 'sasl.jaas.config')).toEqual([
      { line: 6, key: 'sasl.jaas.config', message: expect.stringContaining('works as in MirrorMaker 2') },
    ]);
  });

  test('is shown by nothing that prints', () => {
    expect(JSON.stringify(configuration)).not.toContain(PASSWORD);
    expect(inspect(configuration, { depth: null, showHidden: true })).not.toContain(PASSWORD);
    expect(JSON.stringify(warnings)).not.toContain(PASSWORD);
    expect(JSON.stringify(configuration)).toContain('(hidden, sasl.jaas.config in line 6)');
  });

  test.each([
    [`sasl.jaas.config = ${PASSWORD}`],
    [`a.sasl.jaas.config = module required username="u" passwort="${PASSWORD}";`],
    [`ssl.keystore.key = ${PASSWORD}\nsecurity.protocol = SSL`],
    [`a.sasl.jaas.cofnig = ${PASSWORD}`],
    [`a.ssl.keystore.pasword = ${PASSWORD}`],
    [`a->b.consumer.ssl.truststore.pasword = ${PASSWORD}`],
  ])('is in no fault: %s', (lines) => {
    const error = refused(...lines.split('\n'));

    expect(error.message).toContain('(hidden)');
    expect(inspect(error, { depth: null })).not.toContain(PASSWORD);
    expect(JSON.stringify(error.faults)).not.toContain(PASSWORD);
  });

  test('is not handed to functions, unless it was put where it can be referred to', () => {
    if (flow === undefined) throw new Error('no flow');
    const deposited: string[] = [];

    expect(() => encodeFlow(flow)).toThrow(LiteralSecretError);
    const json = encodeFlow(flow, (secret) => {
      deposited.push(secret.reveal());
      return { provider: 'secrets', path: 'deposited', key: 'password' };
    });

    expect(deposited).toEqual([PASSWORD]);
    expect(json).not.toContain(PASSWORD);
    expect(decodeFlow(json).target.admin.security).toMatchObject({
      sasl: { credentials: { password: { provider: 'secrets', path: 'deposited', key: 'password' } } },
    });
  });
});

describe('a value in a message', () => {
  const secrets = [...CLIENT_PROPERTIES.values()].filter(({ type }) => type === 'password').map(({ name }) => name);

  test('is hidden for every secret of Kafka, certificates excepted', () => {
    const seen = secrets.filter((name) => shown(`a.consumer.${name}`, PASSWORD) !== '(hidden)');

    expect(secrets.length).toBeGreaterThan(8);
    expect(seen.toSorted()).toEqual(['ssl.keystore.certificate.chain', 'ssl.truststore.certificates']);
  });

  test.each([
    ['a.db.password', '(hidden)'],
    ['a.causeway.secret.arn', 'value'],
    ['sasl.oauthbearer.token.endpoint.url', 'value'],
    ['a->b.topics', 'value'],
  ])('of %s is shown as %s', (key, value) => {
    expect(shown(key, 'value')).toBe(value);
  });
});
