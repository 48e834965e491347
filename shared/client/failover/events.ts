import type { ClientState } from '../../runbook/registry/entry.ts';
import type { RegistryState } from './registry/state.ts';

/** What a failover client tells of, by name. */
export interface FailoverEvents {
  /** Producers hold what they are given; with `clients-fenced` consumers leave their groups too. */
  fenced: { readonly cluster: string; readonly clients: ClientState; readonly generation: number };
  /** Applications use another cluster from here on. */
  moved: { readonly from: string; readonly to: string; readonly generation: number };
  /** The same cluster serves again: the fence was taken back. */
  resumed: { readonly cluster: string; readonly generation: number };
  /** The registry could not be read; what was read last holds. Told at every attempt. */
  'registry-unreadable': {
    readonly error: unknown;
    readonly lastKnown: RegistryState | undefined;
    /** How long the registry has not been read, ms. */
    readonly forMs: number;
  };
  /** What a producer has been given and not had acknowledged, once a poll while it may not send. */
  held: { readonly messages: number; readonly oldestMs: number };
  'consumer-joined': { readonly groupId: string; readonly cluster: string; readonly topics: readonly string[] };
  /** `unfinished`: handlers that were still running when the time to leave was over; their messages are read again. */
  'consumer-left': { readonly groupId: string; readonly cluster: string; readonly unfinished: number };
  /** A consumer could not join, or kafkajs gave it up. `restarts`: it is tried again. */
  'consumer-failed': {
    readonly groupId: string;
    readonly cluster: string;
    readonly error: unknown;
    readonly restarts: boolean;
  };
  /** The active cluster has neither these topics nor copies of them; looked for again from time to time. */
  'topics-missing': { readonly groupId: string; readonly cluster: string; readonly topics: readonly string[] };
}

export type FailoverEvent = keyof FailoverEvents;
export type FailoverListener<E extends FailoverEvent> = (event: FailoverEvents[E]) => void;

type Listeners = { readonly [E in FailoverEvent]: Set<FailoverListener<E>> };

/** Hands events to listeners. One that throws harms neither the others nor whoever tells. */
export class FailoverEmitter {
  readonly #onError: (event: FailoverEvent, error: unknown) => void;
  readonly #listeners: Listeners = {
    fenced: new Set(),
    moved: new Set(),
    resumed: new Set(),
    'registry-unreadable': new Set(),
    held: new Set(),
    'consumer-joined': new Set(),
    'consumer-left': new Set(),
    'consumer-failed': new Set(),
    'topics-missing': new Set(),
  };

  constructor(onError: (event: FailoverEvent, error: unknown) => void) {
    this.#onError = onError;
  }

  /** @returns takes the listener away again */
  on<E extends FailoverEvent>(event: E, listener: FailoverListener<E>): () => void {
    const listeners: Set<FailoverListener<E>> = this.#listeners[event];
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  emit<E extends FailoverEvent>(event: E, told: FailoverEvents[E]): void {
    const listeners: Set<FailoverListener<E>> = this.#listeners[event];
    for (const listener of listeners) {
      try {
        listener(told);
      } catch (error) {
        this.#onError(event, error);
      }
    }
  }
}
