import type { FlowId } from '../../../flow/flow.ts';

/** Where the registry entry of a flow is read. Application code may bring its own. */
export interface RegistrySource {
  /**
   * The entry as it is kept, of which `active`, `clients`, `generation` and `changedAt` are looked at; undefined while
   * there is none. An error: it cannot be read now, and what was read last holds.
   * @param signal aborted when the answer is not waited for any longer
   */
  read(flow: FlowId, signal: AbortSignal): Promise<unknown>;
  /** Gives back what `read` has opened. */
  close?(): void | Promise<void>;
}
