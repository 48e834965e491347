import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { properties } from '../command-line.ts';

const bin = fileURLToPath(new URL('../../../../bin/causeway.mjs', import.meta.url));
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-watch-'));
  writeFileSync(join(folder, 'mm2.properties'), properties('us-west.causeway.region = us-west-2'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('Ctrl-C ends a watch with the exit code of its last reading', async () => {
  const env = { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const args = ['status', '--watch', '--every', '1', '--stored', '--endpoint-url', NOWHERE];
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
    // The second one: it has gone on after the first.
    if (!child.killed && out.split('AWS_CALL_FAILED').length > 2) child.kill('SIGINT');
  });

  expect(await once(child, 'close')).toEqual([1, null]);
  expect(out).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z\nus-east->us-west\nerror +AWS_CALL_FAILED\n/);
});
