import type { RunbookKind } from '../runbook.ts';

/**
 * What applications do that follow the registry:
 * - serving: they produce to and consume from the active cluster
 * - producers-fenced: producers hold what they are given, consumers go on at the active cluster
 * - clients-fenced: consumers too have committed and left their groups
 */
export const ClientState = {
  Serving: 'serving',
  ProducersFenced: 'producers-fenced',
  ClientsFenced: 'clients-fenced',
} as const;
export type ClientState = (typeof ClientState)[keyof typeof ClientState];

/** The run that holds the lock of the flow. There is one at a time; it stays until it is done or undone. */
export interface RunningRunbook {
  readonly kind: RunbookKind;
  /** Aliases of the clusters. */
  readonly from: string;
  readonly to: string;
  /** ARN of the state machine's execution. */
  readonly execution: string;
  /** ms since the epoch */
  readonly startedAt: number;
  /** Somebody wants it undone: its next stage ends it. */
  readonly abortRequested: boolean;
}

/**
 * Where the applications of one flow run. One item in the flow's target region, readable from both. The `generation` of
 * the run that wrote it last outranks every one before.
 */
export interface RegistryEntry {
  /** Raised by 1 with every write; each write is conditional on the version read. */
  readonly version: number;
  /** Alias of the cluster that applications use; never two. */
  readonly active: string;
  readonly clients: ClientState;
  readonly generation: number;
  readonly run: RunningRunbook | undefined;
  /** When `active` or `clients` changed last, ms since the epoch. */
  readonly changedAt: number;
  /** When applications were moved last, and once more when the run that moved them ended, ms since the epoch. */
  readonly movedAt?: number | undefined;
}
