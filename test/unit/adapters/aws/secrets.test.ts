// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references look like that
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { secretResolver } from '../../../../shared/adapters/aws/secrets.ts';
import { SecretUnavailableError } from '../../../../shared/config/errors.ts';

const VALUES = new Map([
  ['plain', 'p4ss'],
  ['object', '{"username":"u","password":"p4ss","port":9092,"nested":{}}'],
]);

const resolve = secretResolver({
  secrets: async (path) => {
    if (path === 'forbidden') throw Object.assign(new Error('no policy allows it'), { name: 'AccessDeniedException' });
    return VALUES.get(path);
  },
  ssm: async (path) => `ssm ${path}`,
});

describe('a reference', () => {
  test.each([
    [{ provider: 'secrets', path: 'plain' }, 'p4ss'],
    [{ provider: 'secrets', path: 'object', key: 'password' }, 'p4ss'],
    [{ provider: 'secrets', path: 'object', key: 'port' }, '9092'],
    [{ provider: 'ssm', path: '/kafka/ca' }, 'ssm /kafka/ca'],
  ] as const)('%j is looked up where it is kept', async (reference, value) => {
    expect(await resolve(reference)).toBe(value);
  });

  test.each([
    [
      { provider: 'secrets', path: 'absent' },
      '${secrets:absent} cannot be read: there is no text value under this name',
    ],
    [{ provider: 'env', path: 'PASSWORD' }, '${env:PASSWORD} cannot be read: it is not in Secrets Manager'],
    [
      { provider: 'secrets', path: 'forbidden' },
      '${secrets:forbidden} cannot be read: AccessDeniedException: no policy allows it',
    ],
    [{ provider: 'secrets', path: 'plain', key: 'password' }, 'its value is not a JSON object'],
    [{ provider: 'secrets', path: 'object', key: 'passwort' }, 'its JSON object has no text member passwort'],
    [{ provider: 'secrets', path: 'object', key: 'nested' }, 'its JSON object has no text member nested'],
  ] as const)('%j that cannot be read says why, and never what was read', async (reference, message) => {
    const failure = await resolve(reference).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(SecretUnavailableError);
    expect(inspect(failure)).toContain(message);
    expect(inspect(failure)).not.toContain('p4ss');
  });
});
