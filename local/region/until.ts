import { setTimeout as delay } from 'node:timers/promises';

const EVERY_MS = 50;

/**
 * Tries a condition until it holds; an error that it throws counts as "not yet".
 *
 * @param timedOut makes the error from the last answer or error of the condition
 * @param signal ends the waiting with its reason
 */
export async function until(
  condition: () => Promise<boolean>,
  timeoutMs: number,
  timedOut: (last: unknown) => Error,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let last: unknown = 'not yet';
    try {
      if (await condition()) return;
    } catch (error) {
      last = error;
    }
    signal?.throwIfAborted();
    if (performance.now() > deadline) throw timedOut(last);
    await delay(EVERY_MS);
  }
}
