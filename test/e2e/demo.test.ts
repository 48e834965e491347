import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const demo = fileURLToPath(new URL('../../local/demo/demo.ts', import.meta.url));

function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [demo, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  child.stderr.on('data', (text) => {
    output += text;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

test('records cross between two deployed regions once and in order, and every sampled offset translates both ways; groups go on where they stopped', async () => {
  const { code, output } = await run('--records', '3000');

  expect(output).toContain('3000 of 3000 records compared byte for byte on both sides');
  expect(output).toMatch(/^billing +750 +\d+ +0 +0$/m);
  expect(output).toMatch(/^shipping +\d+ +\d+ +0 +0$/m);
  expect(output).toMatch(/^PROVEN in /m);
  expect(code).toBe(0);
}, 300_000);
