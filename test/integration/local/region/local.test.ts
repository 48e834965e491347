import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { type RegionsAddress, regionsAddress } from '../../../../local/region/addresses.ts';
import { isFree } from '../../../../local/region/ports.ts';
import { processesOfRun } from '../../../../local/region/process-group.ts';
import { startRegions } from '../../../../local/region/regions.ts';

const cli = fileURLToPath(new URL('../../../../local/region/local.ts', import.meta.url));

let supervisor: ChildProcess | undefined;
afterEach(() => supervisor?.kill('SIGTERM'));

async function up(): Promise<{ child: ChildProcess; address: RegionsAddress }> {
  const child = spawn(process.execPath, [cli, 'up', '--no-aws'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  supervisor = child;
  const [message]: unknown[] = await once(child, 'message');
  return { child, address: regionsAddress.parse(message) };
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
  expect(await portsFree(address)).toEqual([true, true]);
  expect(existsSync(address.folder)).toBe(false);
});

it('cleans up at the next start after a supervisor that was killed, and keeps the logs', async () => {
  const { child, address } = await up();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await portsFree(address)).toEqual([false, false]);

  await using next = await startRegions({ clusters: [], aws: false });

  expect(next.address.runId).not.toBe(address.runId);
  expect(processesOfRun(address.runId)).toEqual([]);
  expect(existsSync(join(address.folder, 'data'))).toBe(false);
  expect(existsSync(join(address.folder, 'logs', 'kafka-us-east-1.log'))).toBe(true);
});
