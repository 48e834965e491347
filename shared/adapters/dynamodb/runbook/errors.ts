import { CausewayError, messageOf } from '../../../flow/errors.ts';
import { type FlowId, flowName } from '../../../flow/flow.ts';

/** The registry entry of a flow is not one that Causeway wrote. */
export class RegistryEntryCorrupt extends CausewayError {
  readonly code = 'REGISTRY_ENTRY_CORRUPT';
  readonly retriable = false;

  constructor(flow: FlowId, key: string, cause: unknown) {
    super(`${flowName(flow)}: item ${key} of the registry table cannot be understood: ${messageOf(cause)}`, {
      safe: 'Nothing was changed: applications stay where they are, and no runbook goes on.',
      next: 'Restore the item from a point-in-time copy of the table. If a newer Causeway wrote it, deploy that version again.',
      cause,
    });
  }
}

/** An item of a flow's journal of runs is not one that Causeway wrote. */
export class JournalCorrupt extends CausewayError {
  readonly code = 'RUN_JOURNAL_CORRUPT';
  readonly retriable = false;

  constructor(flow: FlowId, key: string, cause: unknown) {
    super(`${flowName(flow)}: item ${key} of the registry table cannot be understood: ${messageOf(cause)}`, {
      safe: 'Nothing is decided by the journal: the registry and the flow are as they were.',
      next: 'Delete the item, or restore it from a point-in-time copy of the table; what it told of the run is lost.',
      cause,
    });
  }
}
