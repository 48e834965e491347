import { createHash } from 'node:crypto';
import { type FlowId, flowName } from '../flow/flow.ts';
import { POLLING_GROUP_PREFIX } from '../policy/group-selection.ts';

/** Longest consumer group id that an event source mapping takes (Lambda API, `ConsumerGroupId`). */
const MAX_LENGTH = 200;
/** Characters that it may consist of (same source). */
const ALLOWED = /^[a-zA-Z0-9\-/*:_+=.@]+$/;

/**
 * Consumer group of the mapping that feeds one generation of a topic: `causeway.<source>.<target>.<topic>.g<n>`. Never
 * used by another generation, since a group with commits makes Lambda ignore the starting position. Names that would
 * be too long, of other characters, or ambiguous (an alias with a dot) are hashed.
 */
export function consumerGroup(flow: FlowId, topic: string, generation: number): string {
  const plain = `${POLLING_GROUP_PREFIX}${flow.source}.${flow.target}.${topic}.g${generation}`;
  const ambiguous = `${flow.source}${flow.target}`.includes('.');
  if (!ambiguous && plain.length <= MAX_LENGTH && ALLOWED.test(plain)) return plain;
  const digest = createHash('sha256')
    .update(`${flowName(flow)}\n${topic}`)
    .digest('hex');
  return `${POLLING_GROUP_PREFIX}${digest}.g${generation}`;
}

/** Whether a mapping with this group was made by Causeway; others on the same function are left alone. */
export function isCausewayGroup(group: string): boolean {
  return group.startsWith(POLLING_GROUP_PREFIX);
}
