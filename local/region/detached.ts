import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot, workFolder } from '../setup/project.ts';
import { CommandFailed } from '../setup/steps.mjs';
import { onSuddenEnd } from '../setup/sudden-end.mjs';
import { installTools } from '../setup/tools.ts';
import { type RegionsAddress, regionsAddress } from './addresses.ts';
import { toolsFor } from './regions.ts';

const cli = fileURLToPath(new URL('./local.ts', import.meta.url));

/**
 * Starts regions that outlive this process, until `npm run local -- down`.
 *
 * @param options `brokers` a cluster (default 1), whether there is to be AWS (default true), and whether the clusters are
 *   to be `secured` (default false)
 * @returns when they are ready
 * @throws CommandFailed with the end of the supervisor's log
 */
export async function startDetached({ brokers = 1, aws = true, secured = false } = {}): Promise<RegionsAddress> {
  await installTools(toolsFor({ kafka: true, aws }));
  mkdirSync(join(workFolder, 'logs'), { recursive: true });
  const log = join(workFolder, 'logs', 'local-up.log');
  const output = openSync(log, 'w');
  const flags = [`--brokers=${brokers}`, ...(aws ? [] : ['--no-aws']), ...(secured ? ['--secured'] : [])];
  const supervisor = spawn(process.execPath, [cli, 'up', ...flags], {
    cwd: projectRoot,
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
  });
  // Nobody knows of them yet: they are not to outlive a start that is interrupted.
  const forget = onSuddenEnd(() => {
    console.error('Stopping the regions that were being started, and removing their data.');
    supervisor.kill('SIGTERM');
  });
  const ready = new Promise<RegionsAddress>((resolve, reject) => {
    supervisor.once('exit', (code, signal) => {
      reject(new CommandFailed(`The supervisor of the regions ended with ${signal ?? code}.`, log));
    });
    supervisor.once('message', (message) => {
      supervisor.disconnect();
      supervisor.unref();
      resolve(regionsAddress.parse(message));
    });
  });
  return ready.finally(forget);
}
