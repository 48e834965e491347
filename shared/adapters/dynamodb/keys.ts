import { type FlowPartition, flowName } from '../../flow/flow.ts';

/**
 * Partition key of everything that belongs to one generation of one topic partition of a flow:
 * `us-east->us-west#orders#3#1`. Kafka allows no `#` in topic names.
 */
export function partitionKey({ flow, topic, partition, generation }: FlowPartition): string {
  return `${flowName(flow)}#${topic}#${partition}#${generation}`;
}

export const HEAD_KEY = 'HEAD';

/** Runs sort by source offset: 2^53 has 16 digits, the 20 of a 64-bit offset leave room. */
export function runKey(firstSource: number): string {
  return `RUN#${padded(firstSource)}`;
}

export const LEDGER_PREFIX = 'LEDGER#';

export function ledgerKey(from: number, kind: string): string {
  return `${LEDGER_PREFIX}${padded(from)}#${kind}`;
}

function padded(offset: number): string {
  return String(offset).padStart(20, '0');
}
