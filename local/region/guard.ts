import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isRunning, startTimeOf } from '../setup/process-identity.mjs';
import { sweepRuns } from './run-folder.ts';
import { until } from './until.ts';

/** A process closes its pipes a moment before it counts as ended, and on a busy machine that moment is long. */
const ENDED_MS = 30_000;

/**
 * A process that outlives a supervisor which was killed (SIGKILL leaves it no time), to end what that one started. It
 * learns of the end by the pipe between them, which the system closes.
 */
export class Guard {
  readonly #release: () => void;

  constructor() {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Without one the next start cleans up.
    child.once('error', () => {});
    child.unref();
    const { stdin } = child;
    stdin.on('error', () => {});
    if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
    this.#release = () => stdin.end('released');
  }

  /** When there is nothing to guard any more. */
  release(): void {
    this.#release();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const owner = { pid: process.ppid, startTime: startTimeOf(process.ppid) ?? '' };
  process.stdin.once('data', () => process.exit());
  process.stdin.once('close', async () => {
    await until(
      async () => !isRunning(owner),
      ENDED_MS,
      () => new Error('the supervisor goes on'),
    ).catch(() => {});
    await sweepRuns();
  });
}
