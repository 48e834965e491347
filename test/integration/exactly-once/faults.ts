/** Where a fault can strike: the protocol's only steps that change something outside. */
export type FaultPoint = 'append' | 'write' | 'init' | 'marker';

/**
 * - crash-before: the environment ends before the request leaves; its request may still have been on its way
 * - crash-after: the request was carried out, the environment ends before it learns so
 * - lost-request, lost-answer: no answer, and the request was not, or was, carried out
 * - late: no answer, and the request is carried out some time later
 */
export type FaultEffect = 'crash-before' | 'crash-after' | 'lost-request' | 'lost-answer' | 'late';

export interface Fault {
  readonly point: FaultPoint;
  /** 1: the first such step of the invocation. */
  readonly nth: number;
  readonly effect: FaultEffect;
  /** crash-before: whether the request is carried out some time later all the same. */
  readonly arrives: boolean;
}

/** Requests that are still on their way to a broker or to DynamoDB, though nobody waits for them any more. */
export class Limbo {
  readonly #withinMs: number | undefined;
  #requests: (() => Promise<unknown>)[] = [];

  /** @param withinMs no request takes longer; undefined: as long as it likes */
  constructor(withinMs?: number) {
    this.#withinMs = withinMs;
  }

  hold(request: () => Promise<unknown>): void {
    const arrived = once(request);
    this.#requests.push(arrived);
    if (this.#withinMs !== undefined) setTimeout(arrived, this.#withinMs);
  }

  /** They arrive now; what is answered, nobody hears. */
  async release(): Promise<void> {
    const arriving = this.#requests;
    this.#requests = [];
    await Promise.all(arriving.map((request) => request()));
  }
}

/** Carried out once, and never rejected, however often it is called. */
function once(request: () => Promise<unknown>): () => Promise<unknown> {
  let arrival: Promise<unknown> | undefined;
  return () => {
    arrival ??= request().catch(() => {});
    return arrival;
  };
}

/** One execution environment's way out, on which at most one fault strikes in an invocation. */
export class FaultGate {
  readonly #limbo: Limbo;
  readonly #crash = Promise.withResolvers<'crashed'>();
  readonly #seen = new Map<FaultPoint, number>();
  #fault: Fault | undefined;
  #dead = false;

  constructor(limbo: Limbo) {
    this.#limbo = limbo;
  }

  /** Resolves when the environment has ended; nothing leaves it from then on. */
  get crashed(): Promise<'crashed'> {
    return this.#crash.promise;
  }

  /** For the next invocation. */
  arm(fault: Fault | undefined): void {
    this.#fault = fault;
    this.#seen.clear();
  }

  /** A question: it changes nothing, so only a dead environment does not ask it. */
  ask<T>(perform: () => Promise<T>): Promise<T> {
    return this.#dead ? never() : this.#unlessDead(perform());
  }

  /** @param lost what the environment sees when there is no answer */
  async pass<T>(point: FaultPoint, perform: () => Promise<T>, lost: () => T): Promise<T> {
    if (this.#dead) return never();
    const nth = (this.#seen.get(point) ?? 0) + 1;
    this.#seen.set(point, nth);
    const fault = this.#fault;
    if (fault?.point !== point || fault.nth !== nth) return this.#unlessDead(perform());
    this.#fault = undefined;
    switch (fault.effect) {
      case 'crash-before':
        if (fault.arrives) this.#limbo.hold(perform);
        return this.#die();
      case 'crash-after':
        await perform().catch(() => {});
        return this.#die();
      case 'lost-request':
        return lost();
      case 'lost-answer':
        await perform().catch(() => {});
        return this.#dead ? never() : lost();
      case 'late':
        this.#limbo.hold(perform);
        return lost();
    }
  }

  #die(): Promise<never> {
    this.#dead = true;
    this.#crash.resolve('crashed');
    return never();
  }

  async #unlessDead<T>(answer: Promise<T>): Promise<T> {
    try {
      const answered = await answer;
      return this.#dead ? await never() : answered;
    } catch (error) {
      if (this.#dead) return never();
      throw error;
    }
  }
}

/** What an environment that has ended is answered. */
function never(): Promise<never> {
  return new Promise(() => {});
}
