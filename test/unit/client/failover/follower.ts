import { FailoverEmitter, type FailoverEvent } from '../../../../shared/client/failover/events.ts';
import type { RegistryState } from '../../../../shared/client/failover/registry/state.ts';

const FLOW_HOME: RegistryState = { active: 'us-east', clients: 'serving', generation: 1, changedAt: 1_000 };

/** A registry whose states are followed at once. */
export class Followed {
  #state: RegistryState | undefined = FLOW_HOME;
  readonly #followers = new Set<(state: RegistryState) => void>();

  /** What is left out stays as it is. */
  set(change: Partial<RegistryState>): void {
    const next = { ...FLOW_HOME, ...this.#state, ...change };
    this.#state = next;
    for (const follower of this.#followers) follower(next);
  }

  async known(): Promise<RegistryState> {
    return this.#state ?? FLOW_HOME;
  }

  follow(follower: (state: RegistryState) => void): () => void {
    this.#followers.add(follower);
    if (this.#state !== undefined) follower(this.#state);
    return () => {
      this.#followers.delete(follower);
    };
  }
}

/** Keeps what is told. */
export function recorded(...names: readonly FailoverEvent[]) {
  const told: [FailoverEvent, unknown][] = [];
  const events = new FailoverEmitter((event, error) => {
    throw new Error(`a listener of ${event} failed`, { cause: error });
  });
  for (const name of names) events.on(name, (each) => told.push([name, each]));
  return { events, told };
}
