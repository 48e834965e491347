import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../../local/region/until.ts';

const WITHIN_MS = 120_000;

/**
 * Does `work` once for all test files of a run, which are processes of their own: the first to come does it, the others wait.
 * What fails fails for all that wait; the next to come tries again.
 * @param folder the run's
 */
export async function onceInRun(folder: string, name: string, work: () => Promise<void>): Promise<void> {
  const claim = join(folder, `${name}.claimed`);
  const done = join(claim, 'done');
  if (!claimed(claim)) {
    await until(
      async () => existsSync(done) || !existsSync(claim),
      WITHIN_MS,
      () => new Error(`${name}: the test file that does it has not come to an end`),
    );
    if (!existsSync(done)) throw new Error(`${name}: it failed in another test file`);
    return;
  }
  try {
    await work();
    writeFileSync(done, '');
  } catch (error) {
    rmSync(claim, { recursive: true });
    throw error;
  }
}

function claimed(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
