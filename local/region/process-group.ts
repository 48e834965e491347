import { readdirSync, readFileSync } from 'node:fs';
import { isRunning, type ProcessIdentity } from '../setup/process-identity.mjs';

/** In the environment of every process of a run, and of what those start in turn. */
export const RUN_VARIABLE = 'CAUSEWAY_RUN';

/** Kills a process and all of its group; one that is gone already is no fault. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/**
 * Kills what is left of a run: the noted processes if they still are the same ones, with their groups, and, where the
 * system tells the environment of processes (Linux), whatever carries the run's mark.
 */
export function killLeftovers(runId: string, noted: readonly ProcessIdentity[]): void {
  for (const identity of noted) if (isRunning(identity)) killGroup(identity.pid);
  for (const pid of processesOfRun(runId)) killQuietly(pid);
}

/** @returns the ids of the running processes that carry a run's mark; none where the system does not tell */
export function processesOfRun(runId: string): number[] {
  if (process.platform !== 'linux') return [];
  const mark = `${RUN_VARIABLE}=${runId}`;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => pid !== process.pid && environmentOf(pid).includes(mark));
}

/** Empty for a process that has ended or belongs to somebody else. */
function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended between being found and being killed.
  }
}
