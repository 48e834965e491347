import { BrokerProxy } from './broker-proxy.ts';
import { HEARTBEAT_AHEAD_MS, type Pair } from './pair.ts';

/** The east, which goes half dead: its brokers take connections and answer nothing, and nothing is copied from it or to it. */
export class LostSource implements AsyncDisposable {
  readonly #pair: Pair;
  readonly #proxy: BrokerProxy;
  readonly #state: { silent: boolean };

  private constructor(pair: Pair, proxy: BrokerProxy, state: { silent: boolean }) {
    this.#pair = pair;
    this.#proxy = proxy;
    this.#state = state;
    pair.serversOf = (site) => (site === pair.east ? proxy.address : site.servers);
    pair.isSilent = (region) => state.silent && region === pair.east.region;
  }

  /** Answers until it is {@link silence}d. */
  static async open(pair: Pair): Promise<LostSource> {
    const state = { silent: false };
    const admits = () => (state.silent ? 'never' : 'through');
    return new LostSource(pair, await BrokerProxy.before(pair.east.servers, admits, () => !state.silent), state);
  }

  /** No heartbeat of it arrives any more. */
  silence(): void {
    this.#set(true);
    this.#pair.skip(HEARTBEAT_AHEAD_MS);
  }

  comesBack(): void {
    this.#set(false);
    for (const { source } of [this.#pair.there, this.#pair.back]) source.wake();
  }

  /** It is back after a failover, and what it had left arrives: every group reads all. @returns what the registry says */
  async leavesNothing(): ReturnType<Pair['watch']['settled']> {
    const { applications, watch } = this.#pair;
    this.comesBack();
    await this.#pair.reconcile();
    const entry = await watch.settled();
    applications.mayReadTwice = true;
    await applications.turn();
    await applications.readAll();
    return entry;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#proxy[Symbol.asyncDispose]();
  }

  #set(silent: boolean): void {
    this.#state.silent = silent;
    for (const { source } of [this.#pair.there, this.#pair.back]) source.reaches = !silent;
  }
}
