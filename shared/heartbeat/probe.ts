/** Whether a cluster answers. */
export interface ProbeAnswer {
  readonly answers: boolean;
  /** How long the answer took, ms; the time-out when there was none. */
  readonly tookMs: number;
  /** Why there was none, where the cluster said so. */
  readonly error: unknown;
}

const SILENCE = Symbol('silence');

/** Asks a cluster for a sign of life. A question that is still open is not asked again beside it. */
export class Probe {
  readonly #ask: () => Promise<unknown>;
  readonly #timeoutMs: number;
  readonly #clock: { readonly now: () => number; readonly wait: (ms: number) => Promise<void> };
  #open: Promise<unknown> | undefined;

  constructor(
    ask: () => Promise<unknown>,
    timeoutMs: number,
    clock: { readonly now: () => number; readonly wait: (ms: number) => Promise<void> },
  ) {
    this.#ask = ask;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  async answer(): Promise<ProbeAnswer> {
    const began = this.#clock.now();
    this.#open ??= this.#ask().finally(() => {
      this.#open = undefined;
    });
    const silence = this.#clock.wait(this.#timeoutMs).then(() => SILENCE);
    try {
      const first = await Promise.race([this.#open, silence]);
      const tookMs = this.#clock.now() - began;
      return { answers: first !== SILENCE && tookMs <= this.#timeoutMs, tookMs, error: undefined };
    } catch (error) {
      return { answers: false, tookMs: this.#clock.now() - began, error };
    }
  }
}
