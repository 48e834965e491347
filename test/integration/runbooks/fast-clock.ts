import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../../shared/append/ports.ts';

/**
 * Time as one execution environment knows it: while it waits it goes on some times as fast as for others. Not many times:
 * what waits for something only for so long has that much less of the machine's time for it.
 */
export class FastClock implements Clock {
  readonly #base: () => number;
  readonly #speed: number;
  #aheadMs = 0;

  /** @param base what the others' time is, ms since the epoch */
  constructor(base: () => number, speed = 5) {
    this.#base = base;
    this.#speed = speed;
  }

  now(): number {
    return this.#base() + this.#aheadMs;
  }

  async wait(ms: number): Promise<void> {
    const until = this.now() + ms;
    await delay(ms / this.#speed);
    this.#aheadMs += Math.max(0, Math.ceil(until - this.now()));
  }
}
