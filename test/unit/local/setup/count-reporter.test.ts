import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { COUNT_VARIABLE } from '../../../../local/setup/count-reporter.ts';
import { packageProgram } from '../../../../local/setup/program.ts';
import { workFolder } from '../../../../local/setup/project.ts';

const reporter = fileURLToPath(new URL('../../../../local/setup/count-reporter.ts', import.meta.url));

/** Inside the project, so that the tests in it find vitest. */
let folder: string;
beforeEach(() => {
  mkdirSync(workFolder, { recursive: true });
  folder = mkdtempSync(join(workFolder, 'count-reporter-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a real vitest on one test file. */
function countOf(source: string): unknown {
  const count = join(folder, 'count.json');
  writeFileSync(join(folder, 'a.test.js'), `import { beforeAll, describe, it } from 'vitest';\n${source}`);
  writeFileSync(join(folder, 'vitest.config.js'), 'export default {};');
  const args = ['run', '--root', folder, `--reporter=${reporter}`];
  spawnSync(packageProgram('vitest'), args, { env: { ...process.env, [COUNT_VARIABLE]: count } });
  return JSON.parse(readFileSync(count, 'utf8'));
}

it('counts tests, also those in suites', { timeout: 30_000 }, () => {
  const source = `it('a', () => {}); describe('s', () => { it('b', () => {}); it('c', () => { throw new Error(); }); });`;

  expect(countOf(source)).toEqual({ passed: 2, failed: 1 });
});

it('counts a file that cannot be loaded as one failure', { timeout: 30_000 }, () => {
  expect(countOf(`import 'no-such-package'; it('a', () => {});`)).toEqual({ passed: 0, failed: 1 });
});

it('counts a hook that throws as one failure', { timeout: 30_000 }, () => {
  const source = `it('a', () => {}); describe('s', () => { beforeAll(() => { throw new Error(); }); it('b', () => {}); });`;

  expect(countOf(source)).toEqual({ passed: 1, failed: 1 });
});

it('counts an error that no test caught', { timeout: 30_000 }, () => {
  const source = `it('a', () => { setTimeout(() => { throw new Error('late'); }); });
    it('b', () => new Promise((resolve) => setTimeout(resolve, 50)));`;

  expect(countOf(source)).toEqual({ passed: 2, failed: 1 });
});
