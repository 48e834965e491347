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
let packed: string;

/** As `npm install causeway-<version>.tgz` does it, with the packages of this checkout in place of a registry's. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-package-'));
  installed = join(folder, 'node_modules', 'causeway');
  packed = execFileSync('npm', ['pack', '--loglevel=error', '--foreground-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  });
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

  test('has the pages that its messages point to', () => {
    for (const page of ['client', 'deploy', 'groups', 'configuration'])
      expect(existsSync(join(installed, 'docs', `${page}.md`)), page).toBe(true);
  });

  test('brings no Node, which would take the place of the one that an application runs on', () => {
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));

    expect(Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => /^node(-|$)/.test(name))).toEqual(
      [],
    );
  });

  test('is packed without a page of output', () => {
    expect(packed.length).toBeLessThan(4_000);
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

/** Says of itself that it is another Node. */
function asNode(version: string, ...args: readonly string[]) {
  const preload = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  const options = ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
  return spawnSync(process.execPath, [...options, ...args], { cwd: folder, encoding: 'utf8' });
}

describe('on a Node that is too old', { timeout: 120_000 }, () => {
  test.each(['causeway', 'causeway/client', 'causeway/client/translate'])('%s says so when it is imported', (entry) => {
    const program = `import('${entry}').catch((error) => console.log(error.message))`;

    const run = asNode('22.14.0', '--input-type=module', '--eval', program);

    expect(run).toMatchObject({ stdout: 'causeway needs Node 22.15 or newer; this is Node 22.14.0\n', stderr: '' });
  });

  test('the command says so, and runs no other Node', () => {
    const run = asNode('20.20.2', join(installed, 'bin', 'causeway.mjs'), '--version');

    expect(run).toMatchObject({ status: 126, stdout: '' });
    expect(run.stderr).toContain('causeway needs Node 22.15 or newer; this is Node 20.20.2.\n');
  });

  test('the command of an installed package needs no newer one than the package', () => {
    expect(asNode('22.15.0', join(installed, 'bin', 'causeway.mjs'), '--version')).toMatchObject({ status: 0 });
  });
});

describe('where there is no CDK', { timeout: 120_000 }, () => {
  const cdk = ['aws-cdk-lib', 'constructs'];
  const moved = (name: string) => join(folder, 'node_modules', name);
  beforeAll(() => {
    for (const name of cdk) rmSync(moved(name));
  });
  afterAll(() => {
    for (const name of cdk) symlinkSync(join(root, 'node_modules', name), moved(name));
  });

  test.each(['import', 'require'])('the constructs name what is missing, and how it is had (%s)', (how) => {
    const program = `${how === 'import' ? "import('causeway')" : "Promise.resolve().then(() => require('causeway'))"}.catch(
      ({ code, message, next }) => console.log(JSON.stringify([code, message, next])))`;

    const type = how === 'import' ? 'module' : 'commonjs';
    const run = spawnSync(process.execPath, [`--input-type=${type}`, '--eval', program], {
      cwd: folder,
      encoding: 'utf8',
    });

    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual([
      'CDK_MISSING',
      'a construct of causeway needs aws-cdk-lib, which is not installed',
      'npm install aws-cdk-lib constructs',
    ]);
  });

  test.each(['causeway/client', 'causeway/client/translate'])('%s works', (entry) => {
    const program = `console.log(Object.keys(await import('${entry}')).filter((name) => name.startsWith('open')))`;

    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: folder,
      encoding: 'utf8',
    });

    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toMatch(/open(MirrorClient|Translator)/);
  });

  test('causeway check says the same, and other commands work', () => {
    const run = causeway('check');

    expect(run.stderr).toContain('causeway check needs aws-cdk-lib, which is not installed');
    expect(run.stderr).toContain('npm install aws-cdk-lib constructs');
    expect(run.status).toBe(126);
    expect(causeway('explain', 'stock')).toMatchObject({ status: 1, stderr: '' });
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

/** A function that is there only where it is asked for. */
const ON_REQUEST: readonly string[] = ['plan-step', 'verify'];

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
    expect(functionsIn(assembly, 'us-west-2')).toEqual(
      ofFlow(['checkpoint', 'heartbeat', 'monitor', 'runbook', 'translate']),
    );
    const wanted = readdirSync(join(installed, 'dist', 'bundles')).filter((name) => !ON_REQUEST.includes(name));
    const brought = wanted.map((name) => bundleIn(installed, name));
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
