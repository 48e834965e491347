import type { CausewayError } from '../flow/errors.ts';
import type { Head } from '../offsets/head.ts';
import type { Attempt } from './attempt.ts';
import { FlowHeld } from './errors.ts';
import type { AppendRecord } from './ports.ts';
import { takeOver } from './take-over.ts';

/**
 * - fenced: nothing that was sent under an epoch before that of `head` can land any more, and `head` tells all that did
 * - not-begun: nothing was ever appended to the partition, so there is no producer to fence
 * - stopped: not, or not known to be; call again as `error` says
 */
export type FenceResult =
  | { readonly kind: 'fenced'; readonly head: Head }
  | { readonly kind: 'not-begun' }
  | { readonly kind: 'stopped'; readonly error: CausewayError };

/**
 * Takes the partition over to keep its producer, asking the target and the offset map only. Undefined: no HEAD.
 * @throws FlowHeld for one that is held: it is left as it is, for as long as that lasts
 */
export async function fencePartition<R extends AppendRecord>(attempt: Attempt<R>): Promise<Head | undefined> {
  attempt.forgetHead();
  const before = await attempt.readHead();
  for (let head = before; head; head = await attempt.readHead()) {
    if (head.heldBy) throw new FlowHeld(attempt.context.partition, head.heldBy);
    if (head.fence.kind === 'none' && !isSameProducer(head, before)) return head;
    await takeOver(attempt, head, 'renewal');
    attempt.checkTime('fencing the partition');
  }
  return undefined;
}

function isSameProducer({ producer }: Head, before: Head | undefined): boolean {
  return producer.producerId === before?.producer.producerId && producer.epoch === before.producer.epoch;
}
