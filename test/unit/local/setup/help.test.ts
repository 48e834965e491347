import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { projectRoot } from '../../../../local/setup/project.ts';
import { tasks } from '../../../../local/setup/tasks.mjs';

const runMjs = fileURLToPath(new URL('../../../../local/setup/run.mjs', import.meta.url));

/** On a machine with nothing but Node. */
function run(...args: string[]) {
  return spawnSync(process.execPath, [runMjs, ...args], { env: { PATH: '' }, encoding: 'utf8' });
}

it.each(['demo', 'test', 'local', 'check'] as const)(
  'npm run %s -- --help says how it is used, before anything is prepared',
  (task) => {
    const { status, stdout, stderr } = run(task, '--help');

    expect(stderr).toBe('');
    expect(stdout).toBe(`${tasks[task].help}\n`);
    expect(status).toBe(0);
  },
);

it('takes -h for the same', () => {
  expect(run('local', 'up', '-h').stdout).toBe(`${tasks.local.help}\n`);
});

it('lists the tasks when asked for help without one', () => {
  const { status, stdout } = run('--help');

  expect(stdout).toContain('  demo ');
  expect(status).toBe(0);
});

it('leaves --help to the program that a task runs, where that has more to say', () => {
  expect(tasks.synth.help).toBeUndefined();
  expect(run('synth', '--help').stderr).toContain('npm (not on PATH)');
});

/** The task itself, which runs after everything has been prepared. */
function task(entry: string, ...args: string[]) {
  return spawnSync(process.execPath, [entry, ...args], { cwd: projectRoot, encoding: 'utf8' });
}

it('the demo refuses what it does not know in a sentence, with its usage, and starts nothing', {
  timeout: 60_000,
}, () => {
  const { status, stdout, stderr } = task('local/demo/demo.ts', '--fast');

  expect(stderr).toContain("Unknown option '--fast'");
  expect(stderr).toContain(tasks.demo.help);
  expect(stderr).not.toContain('    at ');
  expect(stdout).toBe('');
  expect(status).toBe(2);
});

it('the tests refuse a part that there is not, with their usage', () => {
  const { status, stderr } = task('local/setup/test.ts', 'everything');

  expect(stderr).toContain('There is no part "everything"');
  expect(stderr).toContain(tasks.test.help);
  expect(status).toBe(2);
});

it.each([
  ['local/setup/check.ts', '--fix'],
  ['local/setup/test.ts', 'check', '--fix'],
])('%s refuses arguments of the check, which takes none', (entry, ...args) => {
  const { status, stdout, stderr } = task(entry, ...args);

  expect(stderr).toContain('The check takes no arguments: --fix\n\nUsage: ');
  expect(stdout).toBe('');
  expect(status).toBe(2);
});

it('npm run local refuses what it does not know with the same exit code', { timeout: 60_000 }, () => {
  const { status, stderr } = task('local/region/local.ts', 'upp');

  expect(stderr).toContain('upp');
  expect(status).toBe(2);
});
