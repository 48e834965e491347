import { inspect } from 'node:util';

/** What is met in a second on a quiet machine may take a busy one this long. */
const SETTLE_WITHIN_MS = 45_000;
const POLL_MS = 50;

/** Awaits a condition that the outside world will meet. @throws Error with the last thing seen */
export async function eventually<T>(look: () => Promise<T>, meets: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + SETTLE_WITHIN_MS;
  for (;;) {
    const seen = await look();
    if (meets(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`Not met within ${SETTLE_WITHIN_MS} ms; last seen: ${inspect(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
