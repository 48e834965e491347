import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

const MODULE = new URL('../../../../local/setup/output-lost.ts', import.meta.url).href;
const SUDDEN_END = new URL('../../../../local/setup/sudden-end.mjs', import.meta.url).href;

it('a program whose reader goes away ends without keeping what it started', { timeout: 60_000 }, async () => {
  const program = `
    import { endWhenNobodyReads } from '${MODULE}';
    import { onSuddenEnd } from '${SUDDEN_END}';
    endWhenNobodyReads();
    onSuddenEnd((failed) => console.error(failed ? 'kept' : 'removed'));
    setInterval(() => process.stdout.write('a line\\n'), 5);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  let told = '';
  child.stderr.on('data', (text) => {
    told += text;
  });

  await once(child.stdout, 'data');
  child.stdout.destroy();

  expect(await once(child, 'close')).toEqual([141, null]);
  expect(told).toBe('removed\n');
});
