import { CausewayError } from '../flow/errors.ts';
import { advance, type SourceOffset, sourceOffset, type TargetOffset } from '../flow/offset.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { Head, Run } from '../offsets/head.ts';
import { isReplaying } from '../offsets/replay.ts';
import type { AppendContext, TakeOverCause } from './context.ts';
import {
  ClusterUnavailable,
  FlowHeld,
  OffsetMapUnavailable,
  TakeOverSpent,
  TargetUnsettled,
  TimeRanOut,
} from './errors.ts';
import type { HeadMemory } from './memory.ts';
import type { AppendRecord } from './ports.ts';
import { needsReplayCheck } from './replay.ts';

export interface Delivery<R extends AppendRecord> {
  /** Ascending by offset; records that the flow's filter leaves out are not among them. */
  readonly records: readonly R[];
  /** First offset of the delivery, before filtering. */
  readonly firstOffset: number;
  /** Its last record, before filtering; by default the last one of `records`. */
  readonly last?: R | undefined;
  /** ms since the epoch; the invocation ends here. */
  readonly deadline: number;
  /** Names the invocation, as the holder of a lease. */
  readonly invocation: string;
}

/** Unanswered or refused operations on the offset map that one invocation bears. */
const STORE_TRIES = 3;
/** Refusals without progress that one invocation bears. */
const SETTLE_TRIES = 4;

/** What one invocation knows and has used up while it appends one delivery to one partition. */
export class Attempt<R extends AppendRecord> {
  readonly context: AppendContext<R>;
  readonly delivery: Delivery<R>;
  /** Offsets that are set aside because the target does not take them, with where they are. */
  readonly setAside = new Map<number, string>();
  /** True once HEAD is known to agree with the log, as far as this invocation's last look goes. */
  level = false;
  /** True while a request is on its way, and after one stayed without an answer: it may still arrive. */
  inDoubt = false;
  /** True when the log has to be looked at before anything is sent. */
  mustSettle = false;
  /** True once the broker was found not to know the producer: one batch in flight until it does. */
  singleFile = false;
  /** True until the source was asked whether it is still the log that HEAD speaks of. */
  sourceUnchecked = true;
  sourceLeaderEpoch = -1;
  /** `nextSource` of the HEAD that the source was last asked for. */
  sourceCheckedTo = -1;
  /** From there to the delivery's begin the source was found to have nothing, while HEAD is set back. */
  nothingDueFrom = Number.POSITIVE_INFINITY;
  readonly #memory: HeadMemory;
  #takeOvers = 0;
  #toldDropped = false;
  #storeFailures = 0;
  #settles = 0;

  constructor(context: AppendContext<R>, delivery: Delivery<R>, memory: HeadMemory) {
    this.context = context;
    this.delivery = delivery;
    this.#memory = memory;
  }

  /** The offset after the last one delivered: what Lambda commits when all is done. */
  get end(): number {
    const { last, records, firstOffset } = this.delivery;
    return ((last ?? records.at(-1))?.offset ?? firstOffset - 1) + 1;
  }

  get maxBatchBytes(): number {
    return Math.min(this.context.target.maxBatchBytes, this.#memory.batchLimit);
  }

  get now(): number {
    return this.context.clock.now();
  }

  /** No new request is begun after this. */
  get lastStart(): number {
    return this.delivery.deadline - this.context.settings.reserveMs;
  }

  /** Nothing is sent under the HEAD in memory after this: somebody may be waiting for it to be so old. */
  get lastSend(): number {
    return Math.min(this.lastStart, this.#memory.asOf + this.context.settings.headMemoryMs);
  }

  lowerBatchLimit(bytes: number): void {
    this.#memory.batchLimit = bytes;
  }

  checkTime(doing: string): void {
    if (this.now >= this.lastStart) throw new TimeRanOut(this.context.partition, doing);
  }

  /** Records that HEAD does not cover yet. */
  remaining(head: Head): readonly R[] {
    const { records } = this.delivery;
    const [first, last] = [records[0], records.at(-1)];
    if (!last || last.offset < head.nextSource) return [];
    if (first && first.offset >= head.nextSource) return records;
    return records.slice(records.findIndex((record) => record.offset >= head.nextSource));
  }

  /** What HEAD covers of the delivery was delivered again: told once. */
  tellDropped(head: Head): void {
    if (this.#toldDropped) return;
    this.#toldDropped = true;
    const dropped = this.delivery.records.length - this.remaining(head).length;
    if (dropped > 0) this.context.observer.dropped(this.context.partition, dropped);
  }

  /**
   * Where HEAD goes on when nothing is left of the delivery: past records at its end that the flow leaves out, as Lambda
   * commits them. Under a grant `nextSource` may not move without a record.
   */
  afterLeftOut(head: Head): Head {
    const passes = head.grant.kind === 'closed' && this.end > head.nextSource && this.remaining(head).length === 0;
    return passes ? { ...head, nextSource: sourceOffset(this.end) } : head;
  }

  /** The source's leader as this invocation found it, for HEAD. */
  sourceLeader({ sourceLeaderEpoch, sourceLeaderSince }: Head): Pick<Head, 'sourceLeaderEpoch' | 'sourceLeaderSince'> {
    if (this.sourceLeaderEpoch === sourceLeaderEpoch) return { sourceLeaderEpoch, sourceLeaderSince };
    return { sourceLeaderEpoch: this.sourceLeaderEpoch, sourceLeaderSince: this.now };
  }

  /**
   * From here on the delivery is reported as failed: a record of it at or below `nextSource`, so that no offset is
   * committed that HEAD has not passed, not even a hole.
   */
  firstUnwritten(): SourceOffset {
    // Until the source was asked HEAD may speak of a log that was cut back since.
    const head = this.sourceUnchecked ? undefined : this.#memory.last;
    if (head && needsReplayCheck(this, head)) return head.nextSource;
    const reached = head && this.delivery.records.findLast(({ offset }) => offset <= head.nextSource);
    return sourceOffset(reached?.offset ?? this.delivery.firstOffset);
  }

  /** HEAD as last seen by this execution environment, if that was lately (safe by invariant A), else as stored. */
  async readHead(): Promise<Head | undefined> {
    const { partition, heads, settings } = this.context;
    const remembered = this.#memory.recall(this.now, settings.headMemoryMs);
    if (remembered) return remembered;
    let asOf = this.now;
    const head = await this.askMap(() => {
      asOf = this.now;
      return heads.read(partition);
    });
    this.#memory.keep(head, asOf);
    this.level = false;
    return head;
  }

  /** What the offset map's stored runs say of the target's log from `from` on. */
  async storedRuns(from: TargetOffset): Promise<readonly Run[]> {
    const { partition, heads } = this.context;
    return this.askMap(() => heads.runsFrom(partition, from));
  }

  /** Asks the offset map, again where it gave no answer. */
  async askMap<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      this.#storeFailed(error);
      return this.askMap(question);
    }
  }

  forgetHead(): void {
    this.#memory.forget();
    this.level = false;
  }

  /**
   * Writes HEAD if its stored version is still the one that `from` has, and returns it as it is stored now. undefined:
   * somebody else was quicker, or the answer was lost; HEAD is read again and everything decided anew (invariant B).
   * @throws FlowHeld where HEAD would be a new one, and the flow is held
   */
  async writeHead(
    from: Head | undefined,
    to: Head,
    more: { closed?: readonly Run[]; ledger?: readonly LedgerEntry[]; cutFrom?: SourceOffset } = {},
  ): Promise<Head | undefined> {
    const { partition, heads, observer } = this.context;
    const { closed = [], ledger = [], cutFrom } = more;
    const { replay, ...others } = to;
    const head = { ...others, ...(isReplaying(to) && { replay }), version: (from?.version ?? 0) + 1 };
    const asOf = this.now;
    const cut = cutFrom === undefined ? {} : { cutFrom };
    const outcome = await heads
      .write(partition, from?.version ?? 0, { head, closed, ledger, ...cut })
      .catch((error: unknown) => this.#storeFailed(error));
    if (outcome !== 'written') {
      this.forgetHead();
      if (typeof outcome === 'object') throw new FlowHeld(partition, outcome.hold);
      return undefined;
    }
    this.#memory.keep(head, asOf);
    for (const entry of ledger) observer.recorded(partition, entry);
    return head;
  }

  /** Asks one of the clusters; what goes wrong there fails this partition's delivery, to be tried again. */
  async ask<T>(question: Promise<T>): Promise<T> {
    try {
      return await question;
    } catch (error) {
      throw error instanceof CausewayError ? error : new ClusterUnavailable(this.context.partition, error);
    }
  }

  /** @throws TakeOverSpent when this invocation has had its one take-over */
  checkTakeOver(cause: TakeOverCause): void {
    if (this.#takeOvers > 0) throw new TakeOverSpent(this.context.partition, cause);
  }

  countTakeOver(cause: TakeOverCause): void {
    this.#takeOvers++;
    this.context.observer.tookOver(this.context.partition, cause);
  }

  /** Called when the broker refused a batch: the log has to be looked at before anything else is sent. */
  refused(reason: string): void {
    this.forgetHead();
    this.context.observer.retried(this.context.partition, reason);
    if (++this.#settles > SETTLE_TRIES) throw new TargetUnsettled(this.context.partition, reason);
  }

  gapBelow(head: Head, first: number, logStart: SourceOffset): LedgerEntry[] {
    const to = sourceOffset(Math.min(logStart, first));
    if (to <= head.nextSource) return [];
    return [{ kind: 'retention-gap', from: head.nextSource, to, at: this.now }];
  }

  setAsideEntry(offset: number, location: string): LedgerEntry {
    const from = sourceOffset(offset);
    return { kind: 'quarantine', from, to: advance(from, 1), location, at: this.now };
  }

  #storeFailed(error: unknown): void {
    if (error instanceof CausewayError && !error.retriable) throw error;
    if (++this.#storeFailures >= STORE_TRIES) throw new OffsetMapUnavailable(this.context.partition, error);
    this.checkTime('waiting for the offset map');
  }
}
