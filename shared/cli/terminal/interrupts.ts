const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C and its like end what goes on until then, instead of the process; the second one ends that too. */
export class Interrupts implements Disposable {
  readonly #controller = new AbortController();
  readonly #stop = () => {
    this.#ignore();
    this.#controller.abort();
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#stop);
  }

  /** Aborted by the first of them. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    this.#ignore();
  }

  #ignore(): void {
    for (const signal of SIGNALS) process.off(signal, this.#stop);
  }
}
