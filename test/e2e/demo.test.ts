import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { processesOfRun } from '../../local/region/process-group.ts';
import { runsFolder } from '../../local/region/run-folder.ts';

const demo = fileURLToPath(new URL('../../local/demo/demo.ts', import.meta.url));

function run(args: readonly string[], onOutput: (output: string, child: ChildProcess) => void = () => {}) {
  const child = spawn(process.execPath, [demo, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const channel of [child.stdout, child.stderr])
    channel.on('data', (text) => {
      output += text;
      onOutput(output, child);
    });
  return new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output })),
  );
}

const COMPARED = /^(\d+) records compared byte for byte on both sides; \1 were acknowledged$/m;
const SAMPLED =
  /^\d+ of \d+ records sampled, each 7th of a partition: \d+ offsets looked up in the offset maps, there and back, 0 wrong$/m;

test('records cross between two deployed regions once and in order, offsets translate both ways, and applications are moved there and back without a loss', async () => {
  const { code, output } = await run(['--records', '1000']);

  expect(output).toMatch(/^us-east->us-west: applications are on us-east, served; generation 0$/m);
  expect(output).toMatch(/^us-east->us-west: switchover went through$/m);
  expect(output).toMatch(/^us-east->us-west: failback went through$/m);
  expect(output).toMatch(COMPARED);
  expect(output).toMatch(SAMPLED);
  for (const group of ['billing', 'shipping'])
    expect(output).toMatch(new RegExp(`^${group} +[1-9]\\d* +[1-9]\\d* +0 +0 +0$`, 'm'));
  expect(output).toMatch(/^PROVEN in /m);
  expect(code).toBe(0);
}, 600_000);

test('Ctrl-C says at once what is cleaned up and when that is done, and leaves nothing', async () => {
  const interrupted = await run([], (output, child) => {
    if (output.includes('  done   topics orders, balances made')) child.kill('SIGINT');
  });

  const [, id = ''] = /Stopping run (\S+)/.exec(interrupted.output) ?? [];
  expect(interrupted.output).toContain('\nInterrupted (SIGINT).\n');
  expect(interrupted.output).toContain(
    `Stopping run ${id} (us-east, us-west, AWS) and removing its data ...\nStopped: nothing of run ${id} is left.\n`,
  );
  expect(interrupted.code).toBe(130);
  expect(processesOfRun(id)).toEqual([]);
  expect(existsSync(join(runsFolder(), id))).toBe(false);
}, 120_000);
