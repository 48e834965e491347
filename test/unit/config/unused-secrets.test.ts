// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references look like that
import { describe, expect, test } from 'vitest';
import { causeway, properties } from '../cli/command-line.ts';
import { parse } from './two-clusters.ts';

const PASSWORD = 'c0rrect-horse';
const PROVIDERS = [
  'config.providers = secrets',
  'config.providers.secrets.class = com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider',
];

function login(password: string): string {
  return `org.apache.kafka.common.security.scram.ScramLoginModule required username="u" password="${password}";`;
}

function told(...lines: string[]) {
  return parse(...lines).warnings.filter(({ message }) => message.includes('clear text'));
}

describe('a secret in clear text that nothing uses', () => {
  test.each([
    ['a login beside IAM', ['us-east.causeway.auth = iam'], 'us-east.sasl.jaas.config', login(PASSWORD)],
    ['a login that nobody asks for', [], 'sasl.jaas.config', login(PASSWORD)],
    ['what is no login at all', [], 'us-west.sasl.jaas.config', PASSWORD],
    [
      'the password of a key where nothing is encrypted',
      ['us-east.causeway.auth = plaintext'],
      'us-east.consumer.ssl.key.password',
      PASSWORD,
    ],
    ['of a key store that functions cannot have', [], 'us-east->us-west.consumer.ssl.keystore.password', PASSWORD],
    ['a key', [], 'target.producer.ssl.keystore.key', PASSWORD],
  ])('is warned about by its line, once, and not shown: %s', (_, before, key, value) => {
    const warnings = told(...before, `${key} = ${value}`);

    expect(warnings).toEqual([
      { line: 5 + before.length, key, message: expect.stringContaining('nothing here uses it: take it out') },
    ]);
    expect(JSON.stringify(warnings)).not.toContain(PASSWORD);
  });

  test('is not warned about twice where it is used', () => {
    const warnings = told('security.protocol = SASL_SSL', 'sasl.mechanism = PLAIN', `sasl.jaas.config = ${login('x')}`);

    expect(warnings).toMatchObject([{ line: 7, message: expect.stringContaining('works as in MirrorMaker 2') }]);
  });

  test.each([
    ['a reference to a password', `sasl.jaas.config = ${login('${secrets:kafka:password}')}`],
    ['a reference to all of it', 'sasl.jaas.config = ${secrets:kafka:jaas}'],
    ['a login without a password', 'sasl.jaas.config = software.amazon.msk.auth.iam.IAMLoginModule required;'],
    ['nothing', 'ssl.key.password ='],
  ])('is not seen in %s', (_, line) => {
    expect(told(...PROVIDERS, line)).toEqual([]);
  });

  test('is named by check beside the faults of the file', async () => {
    const text = properties('us-east->us-west.topcis = orders', `us-east.sasl.jaas.config = ${login(PASSWORD)}`);
    const { out } = await causeway(['check', '--json'], text);

    expect(JSON.parse(out).warnings).toContainEqual({
      line: 6,
      key: 'us-east.sasl.jaas.config',
      says: expect.stringContaining('clear text'),
    });
    expect(out).not.toContain(PASSWORD);
  });
});
