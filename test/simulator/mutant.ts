import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Appender } from './lambda.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ROOMS = ['append', 'flow', 'ledger', 'offsets', 'records'];

/** A change to one file of `shared/`: what stands there now, and what a simpler protocol would have. */
export interface Patch {
  readonly file: string;
  readonly is: string;
  readonly becomes: string;
}

/**
 * The appender of a copy of the core with `patches` put in.
 * @throws when a patch does not apply exactly once: the code has changed, and the mutation has to follow
 */
export async function mutantOf(name: string, patches: readonly Patch[]): Promise<Appender> {
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
  const core: { PartitionAppender: Appender } = await import(pathToFileURL(`${folder}/shared/append/append.ts`).href);
  return core.PartitionAppender;
}

export async function removeMutants(): Promise<void> {
  await rm(`${ROOT}.causeway/mutants`, { recursive: true, force: true });
}
