// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references look like that
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { lookUpHere } from '../../../shared/adapters/look-up.ts';
import { SecretUnavailableError } from '../../../shared/config/errors.ts';
import type { SecretReference } from '../../../shared/config/secrets/reference.ts';

const folder = mkdtempSync(join(tmpdir(), 'causeway-look-up-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'kafka.properties');
writeFileSync(path, 'brokers = e1:9092\nbrokers : e1:9092, \\\n  e2:9092\n');

const lookUp = lookUpHere({ BROKERS: 'e1:9092' });

test.each<[SecretReference, string]>([
  [{ provider: 'env', path: 'BROKERS' }, 'e1:9092'],
  [{ provider: 'file', path, key: 'brokers' }, 'e1:9092, e2:9092'],
  [{ provider: 'directory', path: folder, key: 'kafka.properties' }, expect.stringContaining('brokers = e1:9092')],
])('%j is looked up as by MirrorMaker 2', async (reference, value) => {
  expect(await lookUp(reference)).toEqual(value);
});

test.each<[SecretReference, string]>([
  [{ provider: 'env', path: 'ABSENT' }, '${env:ABSENT} cannot be read: the variable is not set'],
  [{ provider: 'file', path, key: 'topics' }, 'cannot be read: the file has no key topics'],
  [{ provider: 'file', path: join(folder, 'absent'), key: 'topics' }, 'ENOENT'],
])('%j that is not there says why', async (reference, message) => {
  const failure: unknown = await lookUp(reference).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(SecretUnavailableError);
  expect(String(failure)).toContain(message);
});
