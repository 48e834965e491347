import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../kafka/commands.ts';
import { startTimeOf } from '../setup/process-identity.mjs';
import { projectRoot } from '../setup/project.ts';
import { RegionProcessDied } from './errors.ts';
import { killGroup, RUN_VARIABLE } from './process-group.ts';
import type { RunFolder } from './run-folder.ts';

/**
 * A process of a run, in a group of its own, with its output in `logs/<name>.log`. Its end is reported through `died`
 * unless `kill` was called before.
 */
export class SupervisedProcess {
  readonly name: string;
  readonly log: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;
  #expected = false;
  #gone = false;

  constructor(
    run: RunFolder,
    name: string,
    command: Command,
    died: (error: RegionProcessDied) => void,
    env: Readonly<Record<string, string>> = {},
  ) {
    this.name = name;
    this.log = join(run.logs, `${name}.log`);
    const output = openSync(this.log, 'a');
    this.#child = spawn(command.program, command.args, {
      cwd: projectRoot,
      detached: true,
      env: { ...process.env, ...temporaryFolder(run), ...env, [RUN_VARIABLE]: run.id },
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    const { pid } = this.#child;
    if (pid !== undefined) run.noteProcess(name, pid, startTimeOf(pid) ?? '');
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error.message));
      this.#child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    this.#ended.then((how) => {
      this.#killGroupOnce();
      if (!this.#expected) died(new RegionProcessDied(name, how, this.log));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** SIGKILL to the whole group: what it had in memory is meant to be lost. */
  killNow(): void {
    this.#expected = true;
    this.#killGroupOnce();
  }

  /** Kills the group and waits until the process is gone. */
  async kill(): Promise<void> {
    this.killNow();
    await this.#ended;
  }

  /** Asks it to end (SIGTERM) and waits for it. */
  async terminate(): Promise<void> {
    this.#expected = true;
    this.#child.kill('SIGTERM');
    await this.#ended;
  }

  /** Not again after the end: by then the id may be another process's. */
  #killGroupOnce(): void {
    if (this.#child.pid !== undefined && !this.#gone) killGroup(this.#child.pid);
    this.#gone = this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

/** Java obeys no TMPDIR, unpacks native libraries that nobody removes when it is killed, and has its counters in /tmp. */
function temporaryFolder({ temporary }: RunFolder): Record<string, string> {
  return { TMPDIR: temporary, JAVA_TOOL_OPTIONS: `-Djava.io.tmpdir=${temporary} -XX:-UsePerfData` };
}
