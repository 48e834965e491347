import type { PartitionOutcome } from './adoption.ts';
import type { Refusal } from './refusal.ts';

/** First source offset that has to be delivered; undefined where that is not known. */
export function firstDue(outcome: PartitionOutcome): number | undefined {
  switch (outcome.kind) {
    case 'adopt':
      return outcome.position.nextSource;
    case 'begin':
      return outcome.from;
    case 'replicated':
      return outcome.nextSource;
    case 'refused':
      return undefined;
  }
}

/**
 * Whether an event source mapping that is there already delivers what is due: it goes on from its group's commit, or began
 * where new mappings do. Records below HEAD that it delivers are passed over.
 * @param committed undefined: the group has none
 */
export function checkStart(
  outcome: PartitionOutcome,
  committed: number | undefined,
  startsEarliest: boolean,
): Refusal | undefined {
  const due = firstDue(outcome);
  if (due === undefined || outcome.kind === 'replicated') return undefined;
  if (committed === undefined) return startsEarliest ? undefined : { kind: 'mapping-began-late', due };
  return committed <= due ? undefined : { kind: 'group-ahead', due, committed };
}
