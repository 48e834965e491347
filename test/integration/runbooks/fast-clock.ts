import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../../shared/append/ports.ts';

/** Time that goes on by work as it does on the wall, and while somebody waits for it many times as fast. */
export class FastClock implements Clock {
  readonly #speed: number;
  #aheadMs = 0;

  constructor(speed = 20) {
    this.#speed = speed;
  }

  now(): number {
    return Date.now() + this.#aheadMs;
  }

  async wait(ms: number): Promise<void> {
    const until = this.now() + ms;
    await delay(ms / this.#speed);
    this.skip(until - this.now());
  }

  /** Nothing, where time has gone on by as much meanwhile. */
  skip(ms: number): void {
    this.#aheadMs += Math.max(0, Math.ceil(ms));
  }
}
