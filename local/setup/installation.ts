import { rmSync } from 'node:fs';
import { ToolInstallFailed } from './errors.ts';
import { projectRoot } from './project.ts';
import { CommandFailed, runLogged } from './steps.mjs';

/** One tool to be put into a folder that exists and is empty. */
export interface Installation {
  /** The file that names exact versions. */
  readonly pin: string;
  readonly folder: string;
  readonly log: string;
}

/** Starts a new log. */
export function clearLog(log: string): void {
  rmSync(log, { force: true });
}

/** @throws ToolInstallFailed */
export async function runInstaller(program: string, args: readonly string[], log: string): Promise<void> {
  try {
    await runLogged(program, args, { cwd: projectRoot, log });
  } catch (error) {
    if (error instanceof CommandFailed) throw new ToolInstallFailed(error.message, log, error);
    throw error;
  }
}
