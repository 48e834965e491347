import type { FlowPartition } from '../flow/flow.ts';

/**
 * First offset of the source that is yet to be copied.
 * @param head undefined: nothing was copied yet
 * @param logEnd of the source, where it is known: what was noted of a log that has not come so far says nothing of it
 */
export function dueOf(
  { begin = 0 }: Pick<FlowPartition, 'begin'>,
  head: { readonly nextSource: number } | undefined,
  logEnd = Number.POSITIVE_INFINITY,
): number {
  return head?.nextSource ?? (begin > logEnd ? 0 : begin);
}
