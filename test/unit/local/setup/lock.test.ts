import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from '../../../../local/setup/lock.mjs';

const lockModule = fileURLToPath(new URL('../../../../local/setup/lock.mjs', import.meta.url));
/** More than any process id that Linux or macOS gives. */
const DEAD = { pid: 99_999_999, startTime: 'never' };

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-lock-'));
  lock = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function leaveLockOf(owner: { pid: number; startTime: string }): void {
  mkdirSync(lock);
  writeFileSync(join(lock, 'owner.json'), JSON.stringify(owner));
}

/** A process that enters the lock `times` times and notes each entry and exit in one file. */
function contender(name: string, times: number): Promise<number | null> {
  const source = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout } from 'node:timers/promises';
    import { withLock } from ${JSON.stringify(lockModule)};
    const note = (text) => appendFileSync(${JSON.stringify(join(folder, 'journal'))}, text + ' ${name}\\n');
    for (let i = 0; i < ${times}; i++) {
      await withLock(${JSON.stringify(lock)}, async () => { note('in'); await setTimeout(5); note('out'); });
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('exit', resolve));
}

function journal(): string[] {
  return readFileSync(join(folder, 'journal'), 'utf8').trimEnd().split('\n');
}

function expectNoOverlap(lines: readonly string[]): void {
  for (let i = 0; i < lines.length; i += 2) expect(lines[i + 1]).toBe(lines[i]?.replace('in', 'out'));
}

it('lets one process in at a time, and all of them in the end', async () => {
  const exits = await Promise.all(['a', 'b', 'c', 'd'].map((name) => contender(name, 5)));

  expect(exits).toEqual([0, 0, 0, 0]);
  expect(journal()).toHaveLength(40);
  expectNoOverlap(journal());
  expect(readdirSync(folder)).toEqual(['journal']);
});

it('takes over the lock of a process that is gone, still one at a time', async () => {
  leaveLockOf(DEAD);

  const exits = await Promise.all(['a', 'b', 'c', 'd'].map((name) => contender(name, 3)));

  expect(exits).toEqual([0, 0, 0, 0]);
  expect(journal()).toHaveLength(24);
  expectNoOverlap(journal());
});

it('takes over a lock whose process id now belongs to another process', async () => {
  leaveLockOf({ pid: process.pid, startTime: 'another time' });

  expect(await withLock(lock, async () => 'in')).toBe('in');
});

it('says once which process it waits for', async () => {
  const told: number[] = [];
  const order: string[] = [];
  let leave = () => {};
  const first = withLock(lock, () => new Promise<void>((resolve) => (leave = resolve)));

  const second = withLock(
    lock,
    async () => void order.push('second'),
    (ownerPid) => {
      told.push(ownerPid);
      order.push('told');
      leave();
    },
  );
  await Promise.all([first, second]);

  expect(told).toEqual([process.pid]);
  expect(order).toEqual(['told', 'second']);
});

it('is free again after work that threw', async () => {
  await expect(withLock(lock, () => Promise.reject(new Error('no space left')))).rejects.toThrow('no space left');

  expect(await withLock(lock, async () => 'in')).toBe('in');
});

it('leaves no lock behind when Ctrl-C ends its holder', async () => {
  const script = `
    import { withLock } from ${JSON.stringify(lockModule)};
    await withLock(${JSON.stringify(lock)}, () => new Promise((resolve) => {
      setTimeout(resolve, 60_000);
      process.stdout.write('holding');
    }));`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  expect(existsSync(lock)).toBe(true);

  holder.kill('SIGINT');
  await once(holder, 'exit');

  expect(existsSync(lock)).toBe(false);
});
