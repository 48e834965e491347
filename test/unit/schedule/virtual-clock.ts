import type { Clock } from '../../../shared/append/ports.ts';

/** Time that passes only when it is waited for. */
export class VirtualClock implements Clock {
  #now: number;

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  async wait(ms: number): Promise<void> {
    this.#now += ms;
  }

  pass(ms: number): void {
    this.#now += ms;
  }
}
