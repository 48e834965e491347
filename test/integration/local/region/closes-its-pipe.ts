/** A supervisor whose pipe to its guard is closed a while before it is killed. It tells of its run once that has begun. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { RunFolder } from '../../../../local/region/run-folder.ts';

const LIVES_ON_MS = 1_500;

const guard = spawn(process.execPath, [fileURLToPath(new URL('../../../../local/region/guard.ts', import.meta.url))], {
  detached: true,
  stdio: ['pipe', 'ignore', 'ignore'],
});
const { data } = await RunFolder.create(0);
await once(guard, 'spawn');
guard.stdin?.destroy();
process.send?.({ data });
setTimeout(() => process.kill(process.pid, 'SIGKILL'), LIVES_ON_MS);
