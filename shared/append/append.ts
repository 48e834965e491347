import { CausewayError } from '../flow/errors.ts';
import type { SourceOffset } from '../flow/offset.ts';
import type { Head, Lease } from '../offsets/head.ts';
import { isProducerOlderThan } from '../offsets/renewal.ts';
import { Attempt, type Delivery } from './attempt.ts';
import type { AppendContext } from './context.ts';
import { createHead } from './create.ts';
import { FlowHeld, UnexpectedFailure } from './errors.ts';
import { type FenceResult, fencePartition } from './fence.ts';
import { type HoldOrder, type HoldResult, holdPartition } from './hold.ts';
import { holdsLease, holdsOldRecords, leaseAfter, leaseAfterFailure, takeLease } from './lease.ts';
import { HeadMemory } from './memory.ts';
import type { AppendRecord } from './ports.ts';
import { checkReplay, needsReplayCheck } from './replay.ts';
import { settle } from './settle.ts';
import { checkSource, needsSourceCheck } from './source-check.ts';
import { takeOver } from './take-over.ts';
import { actUnderGrant } from './under-grant.ts';

/** done: everything of the delivery is in the target. stopped: everything below `from` is, or is in the ledger. */
export type AppendResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped'; readonly from: SourceOffset; readonly error: CausewayError };

/**
 * Appends deliveries of one partition to the target exactly once and in order (docs/protocol.md). Any number of
 * execution environments may hold one for the same partition at the same time; one calls it for one delivery at a time.
 */
export class PartitionAppender<R extends AppendRecord> {
  readonly #context: AppendContext<R>;
  readonly #memory: HeadMemory;

  /** `memory` is the environment's, kept from one invocation to the next; `context` may be an invocation's own. */
  constructor(context: AppendContext<R>, memory = new HeadMemory()) {
    this.#context = context;
    this.#memory = memory;
  }

  /** The last HEAD seen, for metrics. */
  get head(): Head | undefined {
    return this.#memory.last;
  }

  async append(delivery: Delivery<R>): Promise<AppendResult> {
    const attempt = new Attempt(this.#context, delivery, this.#memory);
    try {
      while (!(await this.#step(attempt))) attempt.checkTime('appending');
      return { kind: 'done' };
    } catch (error) {
      const head = this.#memory.recall(attempt.now, this.#context.settings.headMemoryMs);
      if (head?.lease && !head.heldBy && holdsLease(attempt, head)) {
        await this.#giveLeaseBack(attempt, head, leaseAfterFailure(attempt, head.lease));
      }
      this.#memory.forget();
      return { kind: 'stopped', from: attempt.firstUnwritten(), error: this.#known(error) };
    }
  }

  /**
   * Renews the producer without a delivery, by a take-over; asks nothing of the source. Three round trips to the target
   * and one of its offsets. Not to be called while the same appender appends.
   *
   * @param invocation `deadline`, ms since the epoch: no request is begun within `reserveMs` of it
   */
  async fence(invocation: Pick<Delivery<R>, 'deadline' | 'invocation'>): Promise<FenceResult> {
    return this.#withoutDelivery(invocation, async (attempt): Promise<FenceResult> => {
      const head = await fencePartition(attempt);
      return head ? { kind: 'fenced', head } : { kind: 'not-begun' };
    });
  }

  /**
   * Holds the partition for a runbook: from `held` on nothing is appended to it until the hold is lifted, whoever still
   * runs. To be called again until it says so; then it costs one read of HEAD. As `fence` otherwise.
   */
  async hold(order: HoldOrder, invocation: Pick<Delivery<R>, 'deadline' | 'invocation'>): Promise<HoldResult> {
    return this.#withoutDelivery(invocation, async (attempt): Promise<HoldResult> => {
      const head = await holdPartition(attempt, order);
      return head ? { kind: 'held', head } : { kind: 'not-begun' };
    });
  }

  async #withoutDelivery<T>(
    invocation: Pick<Delivery<R>, 'deadline' | 'invocation'>,
    work: (attempt: Attempt<R>) => Promise<T>,
  ): Promise<T | { readonly kind: 'stopped'; readonly error: CausewayError }> {
    const attempt = new Attempt(this.#context, { records: [], firstOffset: 0, ...invocation }, this.#memory);
    try {
      return await work(attempt);
    } catch (error) {
      this.#memory.forget();
      return { kind: 'stopped', error: this.#known(error) };
    }
  }

  /** Decides by HEAD and does one thing. True: the delivery is done. */
  async #step(attempt: Attempt<R>): Promise<boolean> {
    const head = await attempt.readHead();
    if (!head) {
      await createHead(attempt);
      return false;
    }
    // Whatever is left to be done of a held partition, its take-over too, is the runbook's.
    if (head.heldBy) throw new FlowHeld(this.#context.partition, head.heldBy);
    if (needsSourceCheck(attempt, head)) {
      await checkSource(attempt, head);
      return false;
    }
    if (head.fence.kind !== 'none') {
      await takeOver(attempt, head, 'found-pending');
      return false;
    }
    if (needsReplayCheck(attempt, head)) {
      await checkReplay(attempt, head);
      return false;
    }
    attempt.tellDropped(head);
    if (attempt.end <= head.nextSource) {
      if (holdsLease(attempt, head)) await this.#giveLeaseBack(attempt, head, leaseAfter(attempt, head.lease));
      return true;
    }
    const todo = attempt.remaining(head);
    if ((head.lease || holdsOldRecords(attempt, todo)) && !holdsLease(attempt, head)) {
      await takeLease(attempt, head);
      return false;
    }
    // Under a lease the broker may have forgotten what it took: only the log tells what must not be sent again.
    if (attempt.mustSettle || ((head.grant.kind === 'intent' || head.lease) && !attempt.level)) {
      attempt.mustSettle = false;
      await settle(attempt, head);
      return false;
    }
    if (isProducerOlderThan(head, attempt.context.settings.producerRenewalMs, attempt.now)) {
      await takeOver(attempt, head, 'renewal');
      return false;
    }
    return actUnderGrant(attempt, head, todo);
  }

  /** Not written: the lease ends by itself, only later. */
  async #giveLeaseBack(attempt: Attempt<R>, head: Head, lease: Lease | undefined): Promise<void> {
    await attempt.writeHead(head, { ...head, lease }).catch(() => undefined);
  }

  #known(error: unknown): CausewayError {
    return error instanceof CausewayError ? error : new UnexpectedFailure(this.#context.partition, error);
  }
}
