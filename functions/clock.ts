import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../shared/append/ports.ts';

/** By more than this the clock was set, and the wait is not to go on until it shows the time again. */
const MOST_EARLY_MS = 5;

/**
 * A clock whose waits do not end before `now` says so. Timers count by another clock, and about one in a hundred ends a
 * millisecond early: what is due once a second would be done twice.
 */
export function clockOf(now: () => number, pause: (ms: number) => Promise<unknown>): Clock {
  const isEarly = (leftMs: number) => leftMs > 0 && leftMs <= MOST_EARLY_MS;
  return {
    now,
    wait: async (ms) => {
      const until = now() + ms;
      await pause(ms);
      while (isEarly(until - now())) await pause(1);
    },
  };
}

/** The machine's. */
export const systemClock: Clock = clockOf(() => Date.now(), delay);
