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
}, 300_000);
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

const APP = `import { App, Stack } from 'aws-cdk-lib';
import { ReplicationFlow, readFlow } from 'causeway';

const app = new App();
for (const region of ['us-east-1', 'us-west-2']) {
  const stack = new Stack(app, region, { env: { region } });
  new ReplicationFlow(stack, 'EastToWest', await readFlow('aws.properties', 'us-east->us-west'));
}
app.synth();
`;

describe('an app of one’s own on the packed package', { timeout: 120_000 }, () => {
  beforeAll(() => {
    const regions = ['us-east.causeway.region = us-east-1', 'us-west.causeway.region = us-west-2'];
    writeFileSync(join(folder, 'aws.properties'), properties('topics = orders', ...regions));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'app.ts'), APP);
  });

  test('has the types that it needs', () => {
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];

    const run = spawnSync(process.execPath, [compiler, ...options, 'app.ts'], { cwd: folder, encoding: 'utf8' });

    expect(run).toMatchObject({ status: 0, stdout: '' });
  });

  test('synthesizes each half of a flow in its region, from one statement, with the code that the package brings', () => {
    const assembly = join(folder, 'cdk.out');

    const run = spawnSync(process.execPath, ['app.ts'], {
      cwd: folder,
      env: { PATH: process.env.PATH, CDK_OUTDIR: assembly },
      encoding: 'utf8',
    });

    expect(run).toMatchObject({ status: 0, stderr: '' });
    const ofFlow = (names: readonly string[]) => names.map((name) => `causeway-us-east-to-us-west-${name}`);
    expect(functionsIn(assembly, 'us-east-1')).toEqual(ofFlow(['reconcile', 'replicate']));
    expect(functionsIn(assembly, 'us-west-2')).toEqual(ofFlow(['checkpoint', 'heartbeat', 'translate']));
    const brought = readdirSync(join(installed, 'dist', 'bundles')).map((name) => bundleIn(installed, name));
    expect(bundlesIn(assembly).toSorted()).toEqual(brought.toSorted());
  });
});

function functionsIn(assembly: string, stack: string): readonly string[] {
  const { Resources } = JSON.parse(readFileSync(join(assembly, `${stack}.template.json`), 'utf8'));
  return Object.values<{ Type: string; Properties: { FunctionName: string } }>(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties.FunctionName)
    .toSorted();
}

function bundleIn(packageFolder: string, name: string): string {
  return readFileSync(join(packageFolder, 'dist', 'bundles', name, 'index.mjs'), 'utf8');
}

/** The code of every function that an assembly uploads. */
function bundlesIn(assembly: string): readonly string[] {
  return readdirSync(assembly)
    .map((asset) => join(assembly, asset, 'index.mjs'))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
}
