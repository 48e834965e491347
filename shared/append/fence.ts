import type { CausewayError } from '../flow/errors.ts';
import type { Head } from '../offsets/head.ts';
import type { Attempt } from './attempt.ts';
import type { AppendRecord } from './ports.ts';
import { takeOver } from './take-over.ts';

/** Why a partition is taken over without a delivery: its producer is to be kept alive, or its old senders locked out. */
export type FenceCause = 'renewal' | 'failover';

/**
 * - fenced: nothing that was sent under an epoch before that of `head` can land any more, and `head` tells all that did
 * - not-begun: nothing was ever appended to the partition, so there is no producer to fence
 * - stopped: not, or not known to be; call again as `error` says
 */
export type FenceResult =
  | { readonly kind: 'fenced'; readonly head: Head }
  | { readonly kind: 'not-begun' }
  | { readonly kind: 'stopped'; readonly error: CausewayError };

/** Takes the partition over, asking the target and the offset map only: the source may be gone. Undefined: no HEAD. */
export async function fencePartition<R extends AppendRecord>(
  attempt: Attempt<R>,
  cause: FenceCause,
): Promise<Head | undefined> {
  attempt.forgetHead();
  const before = await attempt.readHead();
  for (let head = before; head; head = await attempt.readHead()) {
    if (head.fence.kind === 'none' && !isSameProducer(head, before)) return head;
    await takeOver(attempt, head, cause);
    attempt.checkTime('fencing the partition');
  }
  return undefined;
}

function isSameProducer({ producer }: Head, before: Head | undefined): boolean {
  return producer.producerId === before?.producer.producerId && producer.epoch === before.producer.epoch;
}
