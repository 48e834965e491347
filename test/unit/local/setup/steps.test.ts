import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CommandFailed, runLogged, tailOf } from '../../../../local/setup/steps.mjs';

let folder: string;
let log: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-steps-'));
  log = join(folder, 'logs', 'step.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const shell = (script: string) => runLogged('/bin/sh', ['-c', script], { cwd: folder, log });

it('keeps both channels of a program in its log', async () => {
  await shell('echo out; echo err >&2');

  expect(readFileSync(log, 'utf8')).toBe('out\nerr\n');
});

it('shows the output of a failed program from its first error on', async () => {
  const script = 'echo resolving; echo "npm error code EUSAGE"; for i in $(seq 100); do echo "advice $i"; done; exit 3';

  const failure = await shell(script).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(CommandFailed);
  expect(String(failure)).toContain('ended with 3.');
  expect(String(failure)).toContain(`all of it: ${log}):\nnpm error code EUSAGE\nadvice 1\n`);
  expect(String(failure)).not.toContain('resolving\n');
  expect(String(failure)).not.toContain('advice 25');
});

it('shows the end of the output when there is no error in it', async () => {
  const failure = await shell('for i in $(seq 100); do echo "line $i"; done; exit 1').catch((error: unknown) => error);

  expect(String(failure)).toContain(`${log}):\nline 76\n`);
  expect(tailOf(log)).toMatch(/^line 76\n/);
});

it('says that a program cannot be started', async () => {
  await expect(runLogged(join(folder, 'absent'), [], { cwd: folder, log })).rejects.toThrow('could not be started');
});
