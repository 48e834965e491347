import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { type RegionsAddress, regionsAddress } from '../../../../local/region/addresses.ts';
import { isFree } from '../../../../local/region/ports.ts';
import { processesOfRun } from '../../../../local/region/process-group.ts';
import { startRegions } from '../../../../local/region/regions.ts';
import { until } from '../../../../local/region/until.ts';

const cli = fileURLToPath(new URL('../../../../local/region/local.ts', import.meta.url));
const setup = fileURLToPath(new URL('../../../../local/setup/run.mjs', import.meta.url));

let supervisor: ChildProcess | undefined;
afterEach(() => supervisor?.kill('SIGTERM'));

async function up(): Promise<{ child: ChildProcess; address: RegionsAddress }> {
  const child = spawn(process.execPath, [cli, 'up', '--no-aws'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  supervisor = child;
  const [message]: unknown[] = await once(child, 'message');
  return { child, address: regionsAddress.parse(message) };
}

/** Waits for the first run id that the text names. */
async function runIdFrom(output: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of output) {
    text += chunk;
    const id = /^Run (\S+)$/m.exec(text)?.[1];
    if (id) return id;
  }
  throw new Error(`no run in: ${text}`);
}

/** On Linux, as CI is; elsewhere none, and the guard does its work. */
function childrenOf(parent: number | undefined): number[] {
  const tasks = `/proc/${parent}/task`;
  if (!existsSync(tasks)) return [];
  const children = readdirSync(tasks).map((task) => readFileSync(`${tasks}/${task}/children`, 'utf8'));
  return children.join(' ').split(' ').filter(Boolean).map(Number);
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}

async function portsFree({ clusters }: RegionsAddress): Promise<boolean[]> {
  return Promise.all(clusters.flatMap(({ brokers }) => brokers.map(({ port }) => isFree(port))));
}

it('ends all it started on Ctrl-C, removes its data and calls that a success', async () => {
  const { child, address } = await up();
  expect(await portsFree(address)).toEqual([false, false]);

  child.kill('SIGINT');
  const [code]: unknown[] = await once(child, 'exit');

  expect(code).toBe(0);
  expect(processesOfRun(address.runId)).toEqual([]);
  // The kernel closes a killed broker's sockets a moment after the process no longer shows.
  const free = async () => (await portsFree(address)).every(Boolean);
  await until(free, 5_000, () => new Error('the ports of the run are still taken'));
  expect(existsSync(address.folder)).toBe(false);
});

it('passes a signal and the exit code through the setup command', async () => {
  const child = spawn(process.execPath, [setup, 'local', 'up', '--no-aws'], { stdio: ['ignore', 'pipe', 'inherit'] });
  supervisor = child;
  const runId = await runIdFrom(child.stdout);
  expect(processesOfRun(runId)).toHaveLength(2);

  child.kill('SIGTERM');
  const [code]: unknown[] = await once(child, 'exit');

  expect(code).toBe(0);
  expect(processesOfRun(runId)).toEqual([]);
});

/** Its processes are gone, and all of its folder but the logs. */
async function hasGone({ runId, folder }: RegionsAddress): Promise<boolean> {
  return processesOfRun(runId).length === 0 && !existsSync(join(folder, 'data'));
}

const logOf = ({ folder }: RegionsAddress) => join(folder, 'logs', 'kafka-us-east-1.log');

it('leaves nothing but the logs when it is killed', async () => {
  const { child, address } = await up();
  expect(await portsFree(address)).toEqual([false, false]);

  child.kill('SIGKILL');

  await until(
    () => hasGone(address),
    45_000,
    () => new Error(`run ${address.runId} is still there`),
  );
  expect(existsSync(logOf(address))).toBe(true);
});

it('is cleaned up after by its guard also when it has not ended yet as the guard hears of it', async () => {
  const fixture = fileURLToPath(new URL('closes-its-pipe.ts', import.meta.url));
  const child = spawn(process.execPath, [fixture], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  supervisor = child;
  const exited = once(child, 'exit');
  const [message]: unknown[] = await once(child, 'message');
  const { data } = z.object({ data: z.string() }).parse(message);

  await until(
    async () => !existsSync(data),
    45_000,
    () => new Error(`${data} is still there`),
  );
  expect(await exited).toEqual([null, 'SIGKILL']);
});

it('is cleaned up after at the next start when its guard was killed as well', async () => {
  const { child, address } = await up();
  for (const pid of childrenOf(child.pid)) if (commandOf(pid).includes('guard.ts')) process.kill(pid, 'SIGKILL');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await portsFree(address)).toEqual([false, false]);

  await using next = await startRegions({ clusters: [], aws: false });

  expect(next.address.runId).not.toBe(address.runId);
  expect(await hasGone(address)).toBe(true);
  expect(existsSync(logOf(address))).toBe(true);
});
