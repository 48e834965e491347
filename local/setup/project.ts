import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Everything that is made on this machine and can be made again: installed tools, runs, logs. Ignored by git. */
export const workFolder = join(projectRoot, '.causeway');
