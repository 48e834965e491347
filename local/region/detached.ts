import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot, workFolder } from '../setup/project.ts';
import { CommandFailed } from '../setup/steps.mjs';
import { type RegionsAddress, regionsAddress } from './addresses.ts';

const cli = fileURLToPath(new URL('./local.ts', import.meta.url));

/**
 * Starts regions that outlive this process, until `npm run local -- down`.
 *
 * @param options as of `local up`
 * @returns when they are ready
 * @throws CommandFailed with the end of the supervisor's log
 */
export function startDetached(options: readonly string[] = []): Promise<RegionsAddress> {
  mkdirSync(join(workFolder, 'logs'), { recursive: true });
  const log = join(workFolder, 'logs', 'local-up.log');
  const output = openSync(log, 'w');
  const supervisor = spawn(process.execPath, [cli, 'up', ...options], {
    cwd: projectRoot,
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
  });
  return new Promise((resolve, reject) => {
    supervisor.once('exit', (code, signal) => {
      reject(new CommandFailed(`The supervisor of the regions ended with ${signal ?? code}.`, log));
    });
    supervisor.once('message', (message) => {
      supervisor.disconnect();
      supervisor.unref();
      resolve(regionsAddress.parse(message));
    });
  });
}
