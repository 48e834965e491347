import type { FlowStatus } from './assess.ts';

/** What `monitor` found last. */
export interface StoredStatus {
  /** When it had read everything, ms since the epoch. */
  readonly readAt: number;
  readonly status: FlowStatus;
}

/** Keeps the last status of a flow, for who cannot reach its brokers. */
export interface StatusStore {
  /** Undefined where nothing was kept yet. */
  read(): Promise<StoredStatus | undefined>;
  write(stored: StoredStatus): Promise<void>;
}
