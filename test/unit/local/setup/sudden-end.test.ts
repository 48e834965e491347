import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const suddenEnd = fileURLToPath(new URL('../../../../local/setup/sudden-end.mjs', import.meta.url));

/** Runs `source` in a process of its own and, once it says "ready", sends the signal, as often as it says something. */
async function endOf(source: string, signal?: NodeJS.Signals) {
  const script = `import { onSuddenEnd } from ${JSON.stringify(suddenEnd)};\n${source}\nconsole.log('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (signal && output.includes('ready')) child.kill(signal);
  });
  const [code, endedBy]: (number | string | null)[] = await once(child, 'close');
  return {
    code,
    endedBy,
    lines: output
      .trimEnd()
      .split('\n')
      .filter((line) => line !== 'ready'),
  };
}

const arrange = (name: string) => `onSuddenEnd((failed) => console.log('${name} failed=' + failed));`;
const wait = 'setInterval(() => {}, 1000);';

it('cleans up on a signal, and the process still ends by that signal', async () => {
  const end = await endOf(arrange('a') + wait, 'SIGTERM');

  expect(end).toEqual({ code: null, endedBy: 'SIGTERM', lines: ['a failed=false'] });
});

it('cleans up for every arrangement, once each, the last first', async () => {
  const end = await endOf(arrange('a') + arrange('b') + wait, 'SIGINT');

  expect(end).toEqual({ code: null, endedBy: 'SIGINT', lines: ['b failed=false', 'a failed=false'] });
});

it('is not cut short by a second signal', async () => {
  const slow = `onSuddenEnd(() => { console.log('begins'); const end = Date.now() + 200; while (Date.now() < end); console.log('ends'); });`;

  const end = await endOf(slow + wait, 'SIGINT');

  expect(end).toEqual({ code: null, endedBy: 'SIGINT', lines: ['begins', 'ends'] });
});

it('leaves a signal to somebody who deals with it, and cleans up when that one exits', async () => {
  const end = await endOf(`${arrange('a')} process.on('SIGINT', () => process.exit(0)); ${wait}`, 'SIGINT');

  expect(end).toEqual({ code: 0, endedBy: null, lines: ['a failed=false'] });
});

it('takes the exit code of a signal for that signal, not for a failure', async () => {
  const end = await endOf(`${arrange('a')} process.on('SIGINT', () => process.exit(130)); ${wait}`, 'SIGINT');

  expect(end).toEqual({ code: 130, endedBy: null, lines: ['a failed=false'] });
});

it('tells an uncaught error as a failure', async () => {
  const end = await endOf(`${arrange('a')} setTimeout(() => { throw new Error('boom'); }, 1);`);

  expect(end).toEqual({ code: 1, endedBy: null, lines: ['a failed=true'] });
});

it('does nothing once it is taken back', async () => {
  const end = await endOf(`const forget = ${arrange('a')} forget(); ${wait}`, 'SIGTERM');

  expect(end).toEqual({ code: null, endedBy: 'SIGTERM', lines: [] });
});
