import { type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ExitCode } from '../../../shared/cli/exit-code.ts';
import { properties } from './command-line.ts';

const bin = fileURLToPath(new URL('../../../bin/causeway.mjs', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-program-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(args: readonly string[], options: SpawnOptions = {}) {
  return spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], ...options });
}

/** Makes `bin/causeway.mjs` see an older Node, which cannot become another one; what it hands over to is not asked. */
function asOlderNode(): NodeJS.ProcessEnv {
  const preload = join(folder, 'older.mjs');
  writeFileSync(
    preload,
    "Object.defineProperty(process.versions, 'node', { value: '20.0.0' });\nprocess.execve = undefined;\n",
  );
  return { ...process.env, NODE_OPTIONS: `--import=${preload}` };
}

describe('the program', { timeout: 30_000 }, () => {
  test('reads files from where it is called, and ends with the answer', () => {
    writeFileSync(join(folder, 'mm2.properties'), properties('topics = orders'));

    const { status, stdout } = spawnSync(process.execPath, [bin, 'explain', 'stock'], {
      cwd: folder,
      encoding: 'utf8',
    });

    expect(status).toBe(1);
    expect(stdout).toMatch(/^us-east->us-west {2}stock is not replicated\n/);
  });

  test('ends quietly when nobody reads its output', async () => {
    const child = start(['--help']);
    child.stdout?.destroy();
    let told = '';
    child.stderr?.on('data', (text) => {
      told += text;
    });

    expect(await once(child, 'close')).toEqual([141, null]);
    expect(told).toBe('');
  });

  test.each([
    ['itself', () => process.env],
    ['an older Node', asOlderNode],
  ])('ends by the signal that ends it, under %s', async (_, env) => {
    const config = join(folder, 'pipe.properties');
    spawnSync('mkfifo', [config]);
    const child = start(['explain', 'orders', '--config', config], { env: env() });
    let told = '';
    child.stderr?.on('data', (text) => {
      told += text;
    });
    // Opened when the program reads it: it is at work then.
    const writer = await open(config, 'w');
    child.kill('SIGINT');

    expect(await once(child, 'close')).toEqual([null, 'SIGINT']);
    expect(told).toBe('');
    await writer.close();
  });

  test.each([
    ['alone', () => process.env, 0],
    ['beside the older Node that started it', asOlderNode, 1],
  ])('verify, which has flags of its own, runs %s', async (_, env, others) => {
    const config = join(folder, 'pipe.properties');
    spawnSync('mkfifo', [config]);
    const child = start(['verify', '--config', config], { env: env() });
    const writer = await open(config, 'w');

    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    const flags = readFileSync(`/proc/${children || child.pid}/cmdline`, 'utf8');
    child.kill('SIGINT');

    expect(children === '' ? 0 : children.split(' ').length).toBe(others);
    expect(flags).toContain('--max-semi-space-size=4');
    expect(await once(child, 'close')).toEqual([null, 'SIGINT']);
    await writer.close();
  });

  test('says that its output could not be written', () => {
    const unwritable = openSync(bin, 'r');
    const run = spawnSync(process.execPath, [bin, '--help'], {
      encoding: 'utf8',
      stdio: ['ignore', unwritable, 'pipe'],
    });
    closeSync(unwritable);

    expect(run.status).toBe(ExitCode.OutputLost);
    expect(run.stderr).toBe('causeway: the output could not be written: EBADF: bad file descriptor, write\n');
  });

  test('says what it needs where there is no Node for it', () => {
    const alone = join(folder, 'bin', 'causeway.mjs');
    mkdirSync(join(folder, 'bin'));
    copyFileSync(bin, alone);

    const run = spawnSync(process.execPath, [alone, '--version'], { encoding: 'utf8', env: asOlderNode() });

    expect(run.status).toBe(ExitCode.CannotRun);
    expect(run.stderr).toContain('causeway needs Node 22.15 or newer; this is Node 20.0.0');
  });

  test('under an older Node hands over to the one that a package brings', () => {
    writeFileSync(join(folder, 'mm2.properties'), properties('topics = orders'));
    const options = { cwd: folder, encoding: 'utf8', env: asOlderNode() } as const;

    const { status, stdout } = spawnSync(process.execPath, [bin, 'explain', 'stock', '--json'], options);

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ answers: [{ topic: 'stock', replicated: false }] });
  });
});
