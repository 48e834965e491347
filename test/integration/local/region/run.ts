import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const record = z.object({ processes: z.array(z.object({ name: z.string(), pid: z.number() })) });

/** The process id of one part of a run, as the run's own record has it. */
export function pidOf(runFolder: string, name: string): number {
  const { processes } = record.parse(JSON.parse(readFileSync(join(runFolder, 'run.json'), 'utf8')));
  const found = processes.find((process) => process.name === name);
  if (!found) throw new Error(`no ${name} among ${processes.map((process) => process.name).join(', ')}`);
  return found.pid;
}
