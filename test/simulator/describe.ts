import type { Head, Producer } from '../../shared/offsets/head.ts';

export function describeBatch(batch: { producer: Producer; baseSequence: number; ids: readonly number[] }): string {
  const { producer, baseSequence, ids } = batch;
  return `records ${ids.join(' ')} at sequence ${baseSequence} of ${producer.producerId}/${producer.epoch}`;
}

export function describeHead(head: Head): string {
  const { producer, grant, fence, heldBy, lease } = head;
  const intent = grant.kind === 'intent' ? grant.ranges.map(({ from, length }) => `${from}+${length}`).join(' ') : '';
  return (
    `${producer.producerId}/${producer.epoch} seq ${head.nextSequence} source ${head.nextSource} target ${head.nextTarget} ` +
    `${grant.kind} ${intent} ${fence.kind === 'none' ? '' : `fence ${fence.kind}`} ${heldBy ? `held by ${heldBy.generation}` : ''} ${lease ? `lease ${lease.holder}` : ''}`
  ).trimEnd();
}
