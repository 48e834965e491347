import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inTemporaryFolder } from '../../../../local/setup/temporary-folder.ts';

const module = fileURLToPath(new URL('../../../../local/setup/temporary-folder.ts', import.meta.url));

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'causeway-temporary-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

it('is there for the work, and gone after it', async () => {
  const made = await inTemporaryFolder(join(parent, 'a-'), async (folder) => {
    writeFileSync(join(folder, 'file'), 'text');
    return folder;
  });

  expect(made.startsWith(join(parent, 'a-'))).toBe(true);
  expect(existsSync(made)).toBe(false);
});

it('is gone after work that failed', async () => {
  const work = inTemporaryFolder(join(parent, 'a-'), () => Promise.reject(new Error('no space')));

  await expect(work).rejects.toThrow('no space');
  expect(readdirSync(parent)).toEqual([]);
});

it('is gone after Ctrl-C in the middle of the work', async () => {
  const script = `
    import { inTemporaryFolder } from ${JSON.stringify(module)};
    await inTemporaryFolder(${JSON.stringify(join(parent, 'a-'))}, () => new Promise((resolve) => {
      setTimeout(resolve, 60_000);
      process.stdout.write('working');
    }));`;
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout ?? child, 'data');
  expect(readdirSync(parent)).toHaveLength(1);

  child.kill('SIGINT');
  await once(child, 'exit');

  expect(readdirSync(parent)).toEqual([]);
});
