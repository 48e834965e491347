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

test('records cross between two deployed regions once and in order, and every sampled offset translates both ways; groups go on where they stopped', async () => {
  const { code, output } = await run(['--records', '3000']);

  expect(output).toContain('3000 of 3000 records compared byte for byte on both sides');
  expect(output).toMatch(
    /^\d+ of 3000 records sampled, each 7th of a partition: \d+ offsets looked up in the offset map, there and back, 0 wrong$/m,
  );
  expect(output).toMatch(/^billing +750 +\d+ +0 +0$/m);
  expect(output).toMatch(/^shipping +\d+ +\d+ +0 +0$/m);
  expect(output).toMatch(/^PROVEN in /m);
  expect(code).toBe(0);
}, 300_000);

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
