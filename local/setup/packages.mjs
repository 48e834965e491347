import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { findOnPath } from './requirements.mjs';
import { runLogged, step } from './steps.mjs';

/**
 * Brings `node_modules` to what `package-lock.json` says; does nothing, and takes no lock, when it is there already. The
 * machine's Node may be older than packages ask for: what runs them comes with them.
 *
 * @param {string} root the project's folder
 */
export async function installPackages(root) {
  if (packagesInstalled(root)) return;
  const onWait = (pid) => console.error(`waiting for another setup (process ${pid}) to install the npm packages ...`);
  await withLock(
    join(root, '.causeway', 'packages.lock'),
    async () => {
      if (packagesInstalled(root)) return;
      await step('npm packages', () =>
        runLogged(findOnPath('npm') ?? 'npm', ['ci', '--engine-strict=false'], {
          cwd: root,
          log: join(root, '.causeway', 'logs', 'npm-ci.log'),
        }),
      );
    },
    onWait,
  );
}

/**
 * Compares the lock file with npm's own record of what it put into `node_modules`, which it writes last. Times of files
 * would say less: a checkout changes them, an interrupted install does not.
 *
 * @param {string} root the project's folder
 */
export function packagesInstalled(root) {
  const installed = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  if (!installed) return false;
  const wanted = Object.entries(packagesIn(join(root, 'package-lock.json')) ?? {}).filter(([path]) => path !== '');
  return wanted.every(([path, { version, optional }]) => {
    const found = installed[path];
    return found ? found.version === version : optional === true;
  });
}

/** @returns {Record<string, { version: string, optional?: boolean }> | undefined} by folder, as lock file version 3 has it */
function packagesIn(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
