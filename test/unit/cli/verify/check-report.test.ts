import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seal } from '../../../../shared/verify/flow-report.ts';
import { causewayIn } from '../command-line.ts';

const report = { flow: 'us-east->us-west', verdict: 'complete', ended: '2026-01-01T00:00:00Z', records: { same: 5 } };
const { privateKey, publicKey } = generateKeyPairSync('ed25519');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-check-'));
  writeFileSync(join(folder, 'ours.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
});
afterEach(() => rmSync(folder, { recursive: true }));

function check(key: KeyObject | undefined, ...options: readonly string[]) {
  writeFileSync(join(folder, 'report.json'), JSON.stringify(seal(report, key)));
  const paths = options.map((option) => option.replace('@', `${folder}/`));
  return causewayIn(folder, ['verify', '--check', join(folder, 'report.json'), ...paths]);
}

test('a report is as the named key signed it', async () => {
  const { exitCode, out } = await check(privateKey, '--public-key', '@ours.pub');

  expect(exitCode).toBe(0);
  expect(out).toContain('as the key of');
  expect(JSON.parse((await check(privateKey, '--public-key', '@ours.pub', '--json')).out)).toMatchObject({
    asSigned: true,
    faults: [],
  });
});

test.each([
  ['that somebody else signed', generateKeyPairSync('ed25519').privateKey, 'it was not signed with that key'],
  ['that nobody signed', undefined, 'nobody signed it'],
] as const)('a report %s is not', async (_, key, fault) => {
  const { exitCode, out } = await check(key, '--public-key', '@ours.pub');

  expect(exitCode).toBe(1);
  expect(out).toContain(fault);
});

test.each([['signed', privateKey] as const, ['unsigned', undefined] as const])(
  'nothing is said of one that is %s where no key is named: it could be anybody’s',
  async (_, key) => {
    const { exitCode, out, err } = await check(key);

    expect(exitCode).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('--public-key');
  },
);
