import { setTimeout as wait } from 'node:timers/promises';
import { type FlowId, flowName } from '../../../flow/flow.ts';
import { ClientState } from '../../../runbook/registry/entry.ts';
import { RegistryUnreadableError, UnknownActiveClusterError } from '../errors.ts';
import type { FailoverEmitter } from '../events.ts';
import type { RegistrySource } from './source.ts';
import { beforeFirstRun, isSame, parseRegistryState, type RegistryState, succeeds } from './state.ts';

export interface RegistryWatchOptions {
  readonly flow: FlowId;
  readonly source: RegistrySource;
  /** From the end of one reading to the next. */
  readonly pollMs: number;
  /** A reading that takes longer has failed. */
  readonly readTimeoutMs: number;
}

/**
 * Reads the registry again and again, and keeps the last state that was told: a registry that cannot be read changes
 * nothing.
 */
export class RegistryWatch {
  readonly #options: RegistryWatchOptions;
  readonly #events: FailoverEmitter;
  readonly #followers = new Set<(state: RegistryState) => void>();
  readonly #end = new AbortController();
  #state: RegistryState | undefined;
  #reading: Promise<void> | undefined;
  #lastRead = Date.now();
  #lastError: unknown;

  constructor(options: RegistryWatchOptions, events: FailoverEmitter) {
    this.#options = options;
    this.#events = events;
  }

  /** Undefined until the registry has answered for the first time. */
  get state(): RegistryState | undefined {
    return this.#state;
  }

  /** Begins to read. */
  start(): void {
    this.#reading ??= this.#readOn();
  }

  /**
   * Calls `follower` at once with the state, if it is known, and whenever it changes.
   * @returns ends it
   */
  follow(follower: (state: RegistryState) => void): () => void {
    this.#followers.add(follower);
    if (this.#state !== undefined) follower(this.#state);
    return () => {
      this.#followers.delete(follower);
    };
  }

  /**
   * The state, once it is known.
   * @throws RegistryUnreadableError when the registry does not answer within `withinMs`
   */
  async known(withinMs: number): Promise<RegistryState> {
    this.start();
    if (this.#state !== undefined) return this.#state;
    const { promise, resolve } = Promise.withResolvers<RegistryState | undefined>();
    const unfollow = this.follow(resolve);
    const timer = setTimeout(resolve, withinMs, undefined);
    const state = await promise;
    clearTimeout(timer);
    unfollow();
    if (state === undefined) throw new RegistryUnreadableError(flowName(this.#options.flow), withinMs, this.#lastError);
    return state;
  }

  async close(): Promise<void> {
    this.#end.abort();
    this.#followers.clear();
    await this.#reading;
    await this.#options.source.close?.();
  }

  async #readOn(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      await this.#readOnce();
      await wait(this.#options.pollMs, undefined, { signal }).catch(() => {});
    }
  }

  async #readOnce(): Promise<void> {
    const { flow, source, readTimeoutMs } = this.#options;
    const outOfTime = AbortSignal.timeout(readTimeoutMs);
    const signal = AbortSignal.any([this.#end.signal, outOfTime]);
    try {
      const read = await untilAborted(source.read(flow, signal), signal);
      const state = read === undefined ? beforeFirstRun(flow.source) : parseRegistryState(read);
      const known = [flow.source, flow.target];
      if (!known.includes(state.active)) throw new UnknownActiveClusterError(state.active, known);
      this.#lastRead = Date.now();
      this.#take(state);
    } catch (error) {
      if (this.#end.signal.aborted) return;
      this.#lastError = error;
      const forMs = Date.now() - this.#lastRead;
      this.#events.emit('registry-unreadable', { error, lastKnown: this.#state, forMs });
    }
  }

  #take(next: RegistryState): void {
    const known = this.#state;
    if (known !== undefined && (isSame(next, known) || !succeeds(next, known))) return;
    this.#state = next;
    this.#tell(known, next);
    for (const follower of this.#followers) follower(next);
  }

  #tell(known: RegistryState | undefined, { active, clients, generation }: RegistryState): void {
    if (known !== undefined && known.active !== active)
      this.#events.emit('moved', { from: known.active, to: active, generation });
    if (clients !== ClientState.Serving) {
      if (known?.clients !== clients) this.#events.emit('fenced', { cluster: active, clients, generation });
    } else if (known !== undefined && known.clients !== ClientState.Serving && known.active === active)
      this.#events.emit('resumed', { cluster: active, generation });
  }
}

/** A source that does not heed its signal is not waited for either. */
function untilAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([answer, promise]).finally(() => signal.removeEventListener('abort', onAbort));
}
