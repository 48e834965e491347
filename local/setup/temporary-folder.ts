import { mkdtempSync, rmSync } from 'node:fs';
import { onSuddenEnd } from './sudden-end.mjs';

/**
 * A folder that is there while `work` goes on. It is removed afterwards, also when this process ends in the middle of it
 * by anything but SIGKILL.
 *
 * @param prefix path of the folder, to which some letters are added
 */
export async function inTemporaryFolder<T>(prefix: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(prefix);
  // What was killed a moment ago may still be making files.
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  const forget = onSuddenEnd(remove);
  try {
    return await work(folder);
  } finally {
    forget();
    remove();
  }
}
