import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from './project.ts';
import { onSuddenEnd } from './sudden-end.mjs';

/** The programs that the npm packages bring. */
export const packageProgram = (name: string): string => join(projectRoot, 'node_modules', '.bin', name);

/**
 * Runs a program in the project's folder with this process's own input and output, and ends it with this process.
 *
 * @returns its exit code, or 1 when a signal ended it
 */
export function runProgram(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(program, args, { cwd: projectRoot, stdio: 'inherit', env: { ...process.env, ...env } });
  const forget = onSuddenEnd(() => child.kill());
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      forget();
      resolve(code ?? 1);
    });
  });
}
