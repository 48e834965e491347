import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Core } from './core.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ROOMS = ['append', 'flow', 'hold', 'ledger', 'offsets', 'policy', 'reconcile', 'records'];

/** A change to one file of `shared/`: what stands there now, and what a simpler protocol would have. */
export interface Patch {
  readonly file: string;
  readonly is: string;
  readonly becomes: string;
}

/**
 * A copy of the core with `patches` put in.
 * @throws when a patch does not apply exactly once: the code has changed, and the mutation has to follow
 */
export async function mutantOf(name: string, patches: readonly Patch[]): Promise<Core> {
  const folder = `${ROOT}.causeway/mutants/${name.replaceAll(/\W+/g, '-')}-${process.pid}`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const room of ROOMS) await cp(`${ROOT}shared/${room}`, `${folder}/shared/${room}`, { recursive: true });
  for (const { file, is, becomes } of patches) {
    const path = `${folder}/shared/${file}`;
    const text = await readFile(path, 'utf8');
    const found = text.split(is).length - 1;
    if (found !== 1) throw new Error(`${name}: "${is}" stands ${found} times in shared/${file}`);
    await writeFile(
      path,
      text.replace(is, () => becomes),
    );
  }
  const load = (file: string) => import(pathToFileURL(`${folder}/shared/${file}`).href);
  const [append, hold, holdFlow, liftFlow] = await Promise.all([
    load('append/append.ts'),
    load('append/hold.ts'),
    load('hold/hold-flow.ts'),
    load('hold/lift-flow.ts'),
  ]);
  return { ...append, ...hold, ...holdFlow, ...liftFlow };
}

export async function removeMutants(): Promise<void> {
  await rm(`${ROOT}.causeway/mutants`, { recursive: true, force: true });
}
