import { setTimeout as sleep } from 'node:timers/promises';

/** Thrown inside the adapter when the caller's signal ends a wait. */
export class Aborted extends Error {}

/** `promise`, or Aborted as soon as `signal` is. The work itself goes on. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  if (signal.aborted) {
    promise.catch(() => {});
    throw new Aborted();
  }
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new Aborted());
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Pauses of 50, 100, 200, ... up to 1000 ms, each shortened at random by up to a half, until the caller's time is up. */
export class Backoff {
  readonly #until: number;
  readonly #signal: AbortSignal | undefined;
  #pauseMs = 50;

  constructor(patienceMs: number, signal: AbortSignal | undefined) {
    this.#until = Date.now() + patienceMs;
    this.#signal = signal;
  }

  /** @returns false when there is no time for another try */
  async pause(atLeastMs = 0): Promise<boolean> {
    const ms = Math.max(this.#pauseMs * (1 - Math.random() / 2), atLeastMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, 1_000);
    if (this.#signal?.aborted || Date.now() + ms > this.#until) return false;
    try {
      await sleep(ms, undefined, { ...(this.#signal && { signal: this.#signal }) });
    } catch {
      return false;
    }
    return true;
  }
}
