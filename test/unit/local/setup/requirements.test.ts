import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { faultsOf, findJava } from '../../../../local/setup/requirements.mjs';
import { tasks } from '../../../../local/setup/tasks.mjs';

const runMjs = fileURLToPath(new URL('../../../../local/setup/run.mjs', import.meta.url));

let machine: string;
beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'causeway-machine-'));
  vi.stubEnv('PATH', machine);
  vi.stubEnv('JAVA_HOME', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(machine, { recursive: true, force: true });
});

/** Puts a program onto the machine that prints `output`, as Java prints its version: on the error channel. */
function install(name: string, output: string, folder = machine): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\necho '${output}' >&2\n`);
  chmodSync(join(folder, name), 0o755);
}

const titles = async (...needs: Parameters<typeof faultsOf>[0]) => (await faultsOf(needs)).map(({ title }) => title);

it('names everything that is missing at once, with how to get it, and changes nothing', () => {
  const env = { PATH: machine };
  const result = spawnSync(process.execPath, [runMjs, 'demo'], { env, encoding: 'utf8' });

  expect(result.status).toBe(1);
  expect(result.stderr).toContain('- npm (not on PATH)');
  expect(result.stderr).toContain('- Java 17 or newer (not on PATH, and JAVA_HOME has none)');
  expect(result.stderr).toContain('apt-get install openjdk-17');
  expect(result.stderr).toContain('- Maven (no mvn on PATH)');
  expect(result.stderr).toContain('- Python 3.11 with the venv module');
  expect(result.stderr).toContain('Nothing was changed.');
});

it('asks for nothing but npm where only code is run', async () => {
  install('npm', '11.0.0');

  expect(await faultsOf(tasks.test.needs(['unit']))).toEqual([]);
  expect(await faultsOf(tasks.check.needs([]))).toEqual([]);
  expect(await faultsOf(tasks.bench.needs(['simulate']))).toEqual([]);
  expect(await faultsOf(tasks.bench.needs(['--help']))).toEqual([]);
});

it('refuses a Java that is too old, and says which it found', async () => {
  install('java', 'openjdk version "11.0.22" 2024-01-16');

  expect(await titles('java')).toEqual([`Java 17 or newer (${machine}/java is 11)`]);
});

it('reads the version of a Java 8 in its own form', async () => {
  install('java', 'java version "1.8.0_401"');

  expect(await titles('java')).toEqual([`Java 17 or newer (${machine}/java is 8)`]);
});

it.each(['openjdk version "17.0.15" 2025-04-15', 'openjdk version "21" 2023-09-19', 'openjdk version "25-ea"'])(
  'accepts %s',
  async (output) => {
    install('java', output);

    expect(await titles('java')).toEqual([]);
  },
);

it('prefers the Java of JAVA_HOME to the one on PATH', async () => {
  install('java', 'openjdk version "11.0.22"');
  install('java', 'openjdk version "21.0.2"', join(machine, 'jdk', 'bin'));
  vi.stubEnv('JAVA_HOME', join(machine, 'jdk'));

  expect(findJava()).toBe(join(machine, 'jdk', 'bin', 'java'));
  expect(await titles('java')).toEqual([]);
});

it('refuses a Python of another release', async () => {
  install('python3', '3.13');

  expect(await titles('python')).toEqual(['Python 3.11 with the venv module (not on PATH)']);
});

it('lists the tasks when asked for one that does not exist', () => {
  const result = spawnSync(process.execPath, [runMjs, 'deploy'], { encoding: 'utf8' });

  expect(result.status).toBe(1);
  expect(result.stderr).toContain('There is no task "deploy".');
  for (const task of Object.keys(tasks)) expect(result.stderr).toContain(`  ${task} `);
});
