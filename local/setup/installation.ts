import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ToolInstallFailed } from './errors.ts';
import { projectRoot, workFolder } from './project.ts';
import { CommandFailed, runLogged } from './steps.mjs';
import { inTemporaryFolder } from './temporary-folder.ts';

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

/** With a folder for temporary files that is removed even when Ctrl-C ends it. @throws ToolInstallFailed */
export async function runInstaller(program: string, args: readonly string[], log: string): Promise<void> {
  try {
    await inTemporaryFolder(join(workFolder, 'installing-'), (TMPDIR) =>
      runLogged(program, args, { cwd: projectRoot, log, env: { ...process.env, TMPDIR } }),
    );
  } catch (error) {
    if (error instanceof CommandFailed) throw new ToolInstallFailed(error.message, log, error);
    throw error;
  }
}
