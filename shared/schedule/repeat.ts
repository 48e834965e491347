import type { Clock } from '../append/ports.ts';

export interface Repeated {
  /** When it is due, ms since the epoch; asked before each time. */
  readonly nextAt: () => number;
  readonly work: () => Promise<void>;
  /** Told of each time that failed. */
  readonly failed: (error: unknown) => void;
}

/**
 * Does `work` each time that it is due before `until` (ms since the epoch), one after the other. One that fails is told
 * and done again when it is next due.
 * @throws what the last one threw, so that whoever called sees it fail
 */
export async function repeatUntil(clock: Clock, until: number, { nextAt, work, failed }: Repeated): Promise<void> {
  let last: { readonly error: unknown } | undefined;
  for (;;) {
    const next = Math.max(nextAt(), clock.now());
    if (next >= until) break;
    if (next > clock.now()) await clock.wait(next - clock.now());
    last = await work().then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (last) failed(last.error);
  }
  if (last) throw last.error;
}
