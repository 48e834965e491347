import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { withLock } from '../setup/lock.mjs';
import { isRunning, thisProcess } from '../setup/process-identity.mjs';
import { workFolder } from '../setup/project.ts';
import { choosePorts } from './ports.ts';
import { killLeftovers } from './process-group.ts';

const FAILED_RUNS_KEPT = 5;

const identity = z.object({ pid: z.number().int(), startTime: z.string() });

const runRecord = z.object({
  id: z.string(),
  /** The supervisor. A run whose supervisor is gone is over. */
  owner: identity,
  state: z.enum(['running', 'failed']),
  ports: z.array(z.number().int()),
  processes: z.array(identity.extend({ name: z.string() })),
});

/** What the next start has to know to clean up after this run, whatever way it ended. */
export type RunRecord = Readonly<z.infer<typeof runRecord>>;

/** One run's folder under `.causeway/runs/`: `data/`, `logs/`, `run.json` for supervisors, `region.json` for clients. */
export class RunFolder {
  readonly path: string;
  #record: RunRecord;

  private constructor(record: RunRecord) {
    this.path = join(runsFolder(), record.id);
    this.#record = record;
  }

  /** Cleans up after runs whose supervisor is gone, then makes a folder with ports that no living run has. */
  static async create(portCount: number): Promise<RunFolder> {
    mkdirSync(runsFolder(), { recursive: true });
    return withRunsLocked(async () => {
      sweep();
      const taken = new Set(readRuns().flatMap((run) => run.ports));
      const ports = await choosePorts(portCount, taken);
      const stamp = new Date().toISOString().slice(0, 19).replace(/\D/g, '');
      const id = `${stamp}-${randomBytes(3).toString('hex')}`;
      const run = new RunFolder({ id, owner: thisProcess(), state: 'running', ports, processes: [] });
      for (const folder of [run.temporary, run.logs]) mkdirSync(folder, { recursive: true });
      run.#write();
      return run;
    });
  }

  get id(): string {
    return this.#record.id;
  }
  get ports(): readonly number[] {
    return this.#record.ports;
  }
  get data(): string {
    return join(this.path, 'data');
  }
  /** For what the run's processes unpack and forget. */
  get temporary(): string {
    return temporaryFolderOf(this.path);
  }
  get logs(): string {
    return join(this.path, 'logs');
  }
  get addressFile(): string {
    return join(this.path, 'region.json');
  }

  /** To be called at once after a start: what is not noted outlives a supervisor that is killed. */
  noteProcess(name: string, pid: number, startTime: string): void {
    const others = this.#record.processes.filter((process) => process.name !== name);
    this.#record = { ...this.#record, processes: [...others, { name, pid, startTime }] };
    this.#write();
  }

  /** Removes all of it, or all but the logs. */
  finish(failed: boolean): void {
    if (failed) {
      this.#record = { ...this.#record, state: 'failed', processes: [], ports: [] };
      this.#write();
      keepLogsOnly(this.path);
    } else {
      removeFolder(this.path);
    }
  }

  #write(): void {
    const draft = join(this.path, 'run.json.draft');
    writeFileSync(draft, JSON.stringify(this.#record, undefined, 2));
    renameSync(draft, recordFile(this.path));
  }
}

/** @param path the run's folder */
export function temporaryFolderOf(path: string): string {
  return join(path, 'data', 'tmp');
}

export function runsFolder(): string {
  return join(workFolder, 'runs');
}

/** The runs whose supervisor lives, the oldest first. */
export function livingRuns(): RunRecord[] {
  return readRuns().filter((run) => isRunning(run.owner));
}

function readRuns(): RunRecord[] {
  const names = existsSync(runsFolder()) ? readdirSync(runsFolder()).sort() : [];
  return names.flatMap((name) => {
    try {
      return [runRecord.parse(JSON.parse(readFileSync(recordFile(join(runsFolder(), name)), 'utf8')))];
    } catch {
      return [];
    }
  });
}

/** Ends what a killed supervisor left running, keeps that run's logs as a failed run's, and forgets old failed runs. */
export function sweepRuns(): Promise<void> {
  return withRunsLocked(async () => sweep());
}

function withRunsLocked<T>(work: () => Promise<T>): Promise<T> {
  return withLock(join(workFolder, 'runs.lock'), work);
}

function sweep(): void {
  for (const run of readRuns().filter((run) => run.state === 'running' && !isRunning(run.owner))) {
    const folder = join(runsFolder(), run.id);
    killLeftovers(run.id, run.processes);
    keepLogsOnly(folder);
    const swept: RunRecord = { ...run, state: 'failed', ports: [], processes: [] };
    writeFileSync(recordFile(folder), JSON.stringify(swept, undefined, 2));
  }
  const failed = readRuns().filter((run) => run.state === 'failed');
  for (const run of failed.slice(0, -FAILED_RUNS_KEPT)) removeFolder(join(runsFolder(), run.id));
}

function keepLogsOnly(folder: string): void {
  removeFolder(join(folder, 'data'));
  removeFolder(join(folder, 'region.json'));
}

/** Processes that were killed a moment ago may still hold or make files: tried again a few times. */
function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

function recordFile(folder: string): string {
  return join(folder, 'run.json');
}
