import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { properties } from './command-line.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

let folder: string;
let installed: string;

/** As `npm install causeway-<version>.tgz` does it, with the packages of this checkout in place of a registry's. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-package-'));
  installed = join(folder, 'node_modules', 'causeway');
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root, stdio: 'pipe' });
  mkdirSync(installed, { recursive: true });
  const tarball = join(folder, `causeway-${version}.tgz`);
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  for (const name of packagesIn(join(root, 'node_modules'))) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
  writeFileSync(join(folder, 'mm2.properties'), properties('topics = orders'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function packagesIn(modules: string): readonly string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((each) => join(name, each)) : [name],
    );
}

function causeway(...args: readonly string[]) {
  const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  return spawnSync(process.execPath, [join(installed, bin.causeway), ...args], { cwd: folder, encoding: 'utf8' });
}

describe('the packed package', { timeout: 30_000 }, () => {
  test('carries JavaScript, and no sources', () => {
    expect(existsSync(join(installed, 'dist', 'shared', 'cli', 'main.js'))).toBe(true);
    expect(existsSync(join(installed, 'shared'))).toBe(false);
  });

  test('has what its exports name, with types', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));

    const named = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(Object(entry)),
    );
    expect(named.filter((path) => !existsSync(join(installed, String(path))))).toEqual([]);
  });

  test('brings a causeway that knows its version', () => {
    expect(causeway('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  test.each([
    ['--help', 0, 'Usage: causeway <command>'],
    ['explain stock', 1, 'stock is not replicated'],
    ['check', 3, 'us-east.causeway.region'],
  ])('runs causeway %s', (args, status, text) => {
    const run = causeway(...args.split(' '));

    expect(run).toMatchObject({ status, stderr: '' });
    expect(run.stdout).toContain(text);
  });
});
