import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { projectRoot } from '../../../local/setup/project.ts';

/** The task itself, which runs after everything has been prepared. */
function bench(...args: string[]) {
  return spawnSync(process.execPath, ['bench/bench.ts', ...args], { cwd: projectRoot, encoding: 'utf8' });
}

test.each([
  [
    ['translation', '--no-such-option'],
    'there is no option --no-such-option. translation takes --records <n>, --seed <n>, --json, --help.',
  ],
  [
    ['simulate', '--seeds', '1', '--workers', '0'],
    '--workers 0 is no whole number from 1. simulate takes --seeds <n>, --seed <n>, --workers <n>, --json, --help.',
  ],
  [
    ['nosuchbench'],
    'there is no bench nosuchbench. One of: handler, checkpoint, status, verify, lag, exactly-once, move-applications, drill, lose-region, runbook-faults, unrouted-producer, simulate, translation, against-mm2.',
  ],
])('npm run bench -- %s is answered in one line, and nothing is started', { timeout: 60_000 }, (args, line) => {
  const { status, stdout, stderr } = bench(...args);

  expect(stderr).toBe(`${line}\n`);
  expect(stdout).toBe('');
  expect(status).toBe(2);
});

test.each([
  [['--help'], '  against-mm2   '],
  [['translation', '--help'], '  --records <n>  written to the topic, about; default 1000000\n'],
])('npm run bench -- %s says what there is', { timeout: 60_000 }, (args, line) => {
  const { status, stdout, stderr } = bench(...args);

  expect(stdout).toMatch(/^Usage: npm run bench -- /);
  expect(stdout).toContain(line);
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
