import type { Head, Lease } from '../offsets/head.ts';
import type { Attempt } from './attempt.ts';
import type { AppendSettings } from './context.ts';
import { OldRecordsWait, PartitionLeased } from './errors.ts';
import type { AppendRecord } from './ports.ts';

/** Holder of a lease that was given back: whoever appends next has to take it, so that two never do at once. */
const NOBODY = 'nobody';

/** Half the expiry leaves half of it for everything that an invocation and its late requests can last. */
export function isOld(timestamp: number, now: number, { producerExpiryMs }: AppendSettings): boolean {
  return timestamp < now - producerExpiryMs / 2;
}

/** A broker may forget a producer as soon as it has such a record of it, and with it what was appended (docs/protocol.md, I). */
export function holdsOldRecords<R extends AppendRecord>(attempt: Attempt<R>, records: readonly R[]): boolean {
  const { now } = attempt;
  let oldest = now;
  for (const { timestamp } of records) if (timestamp < oldest) oldest = timestamp;
  return isOld(oldest, now, attempt.context.settings);
}

/** The lease that a new HEAD begins with: nobody can have sent anything without one yet. */
export function firstLease<R extends AppendRecord>(attempt: Attempt<R>): Lease | undefined {
  return holdsOldRecords(attempt, attempt.delivery.records) ? { holder: NOBODY, until: 0 } : undefined;
}

export function holdsLease<R extends AppendRecord>(attempt: Attempt<R>, head: Head): boolean {
  return head.lease?.holder === attempt.delivery.invocation;
}

/**
 * Takes the exclusive right to append, and has the log looked at before anything is sent under it. Where no lease was
 * needed before, requests sent without one, by HEADs read before, have to arrive or be lost first.
 * @throws PartitionLeased or OldRecordsWait until it may be taken
 */
export async function takeLease<R extends AppendRecord>(attempt: Attempt<R>, head: Head): Promise<void> {
  const { partition, settings } = attempt.context;
  const { latenessBoundMs, headMemoryMs } = settings;
  if (!head.lease) {
    const until = attempt.now + headMemoryMs + latenessBoundMs;
    if (await attempt.writeHead(head, { ...head, lease: { holder: NOBODY, until } })) {
      throw new OldRecordsWait(partition, until);
    }
    return;
  }
  const { holder, until } = head.lease;
  if (attempt.now <= until) {
    throw holder === NOBODY ? new OldRecordsWait(partition, until) : new PartitionLeased(partition, holder, until);
  }
  attempt.mustSettle = true;
  const { invocation, deadline } = attempt.delivery;
  await attempt.writeHead(head, { ...head, lease: { holder: invocation, until: deadline + latenessBoundMs } });
}

/** What becomes of a lease when the delivery is done: without an old record in it nobody needs one any more. */
export function leaseAfter<R extends AppendRecord>(attempt: Attempt<R>, lease: Lease | undefined): Lease | undefined {
  return lease && holdsOldRecords(attempt, attempt.delivery.records) ? { holder: NOBODY, until: 0 } : undefined;
}

/** The same after a failure. With a request unanswered the lease stays until that one can no longer arrive. */
export function leaseAfterFailure<R extends AppendRecord>(attempt: Attempt<R>, lease: Lease): Lease {
  if (!attempt.inDoubt) return { holder: NOBODY, until: 0 };
  return { ...lease, until: attempt.now + attempt.context.settings.latenessBoundMs };
}
