import type { FlowPartition } from '../flow/flow.ts';

/** First offset of the source that is yet to be copied. @param head undefined: nothing was copied yet */
export function dueOf(
  { begin = 0 }: Pick<FlowPartition, 'begin'>,
  head: { readonly nextSource: number } | undefined,
): number {
  return head?.nextSource ?? begin;
}
