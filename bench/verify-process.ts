import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Ran {
  readonly output: string;
  /** From its start to its end. */
  readonly ms: number;
  /** The most that it, and the processes that it started, had of memory at any time, the largest first. */
  readonly memoryMb: readonly number[];
}

/** Each process notes on its end how much memory it had at most, KB. */
const noteMemory = (path: string) =>
  `import{appendFileSync}from'node:fs';process.on('exit',()=>appendFileSync(${JSON.stringify(path)},process.resourceUsage().maxRSS+'\\n'))`;

/**
 * Runs a program of Node's to its end, whatever that is.
 * @param folder where it notes its memory
 * @param told what becomes of its standard error: `output`, or it goes to that of this process
 */
export async function measured(
  folder: string,
  words: readonly string[],
  told: 'output' | 'passed on',
  variables: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const memory = join(folder, 'memory');
  const began = performance.now();
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', told === 'output' ? 'pipe' : 'inherit'],
    env: {
      ...process.env,
      ...variables,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(noteMemory(memory))}`,
    },
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  const ms = Math.round(performance.now() - began);
  const mostKb = readFileSync(memory, 'utf8').trim().split('\n').map(Number);
  const memoryMb = mostKb.map((kb) => Math.round(kb / 1_024)).toSorted((a, b) => b - a);
  return { output: Buffer.concat(chunks).toString(), ms, memoryMb };
}
