import type { CausewayError } from '../flow/errors.ts';
import type { TopicItem } from '../ledger/topic-registry.ts';
import type { Action, ItemChange, Waiting } from './action.ts';

export interface Step {
  readonly actions: readonly Action[];
  readonly waitingFor?: Waiting | undefined;
  readonly fault?: CausewayError | undefined;
}

/** `item` as it is to be stored: one version on from the one it was read with. */
export function write(reason: ItemChange, item: TopicItem): Action {
  return { kind: 'write-item', reason, item: { ...item, version: item.version + 1 } };
}
