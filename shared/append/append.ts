import { CausewayError } from '../flow/errors.ts';
import { advance, type SourceOffset, sourceOffset } from '../flow/offset.ts';
import type { Head, Lease, Run, SourceRange } from '../offsets/head.ts';
import { withLanded } from '../offsets/landed.ts';
import { rangesOf, runsAt } from '../offsets/runs.ts';
import { newestTimestamp } from '../records/timestamps.ts';
import { Attempt, type Delivery } from './attempt.ts';
import type { AppendContext } from './context.ts';
import { createHead } from './create.ts';
import { RecordTooLarge, TargetDiverged, TargetUnsettled, UnexpectedFailure } from './errors.ts';
import { holdsLease, holdsOldRecords, isOld, leaseAfter, leaseAfterFailure, takeLease } from './lease.ts';
import { HeadMemory } from './memory.ts';
import type { AppendRecord } from './ports.ts';
import { checkReplay, needsReplayCheck } from './replay.ts';
import { type Acknowledged, chunksOf, type SendEnd, send } from './send.ts';
import { checkTargetTopic, settle } from './settle.ts';
import { checkSource, needsSourceCheck } from './source-check.ts';
import { takeOver } from './take-over.ts';

/** Keeps HEAD far below DynamoDB's 400 KB an item. */
const MAX_INTENT_RANGES = 5_000;

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
  /** Lowered when the broker turns out to take less than the topic's configuration said. */
  #maxBatchBytes: number;

  /** `memory` is the environment's, kept from one invocation to the next; `context` may be an invocation's own. */
  constructor(context: AppendContext<R>, memory = new HeadMemory()) {
    this.#context = context;
    this.#memory = memory;
    this.#maxBatchBytes = context.target.maxBatchBytes;
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
      if (head?.lease && holdsLease(attempt, head)) {
        await this.#giveLeaseBack(attempt, head, leaseAfterFailure(attempt, head.lease));
      }
      this.#memory.forget();
      const known = error instanceof CausewayError ? error : new UnexpectedFailure(this.#context.partition, error);
      return { kind: 'stopped', from: attempt.firstUnwritten(), error: known };
    }
  }

  /** Decides by HEAD and does one thing. True: the delivery is done. */
  async #step(attempt: Attempt<R>): Promise<boolean> {
    const head = await attempt.readHead();
    if (!head) {
      await createHead(attempt);
      return false;
    }
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
    const todo = attempt.remaining(head);
    if (attempt.end <= head.nextSource) {
      if (holdsLease(attempt, head)) await this.#giveLeaseBack(attempt, head, leaseAfter(attempt, head.lease));
      return true;
    }
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
    switch (head.grant.kind) {
      case 'open':
        return this.#underOpen(attempt, head, todo);
      case 'intent':
        return this.#underIntent(attempt, head, head.grant.ranges, todo);
      case 'closed':
        return this.#underClosed(attempt, head, todo);
    }
  }

  /** Sends the records that follow `nextSource` without a hole; a hole ends the open grant. */
  async #underOpen(attempt: Attempt<R>, head: Head, todo: readonly R[]): Promise<boolean> {
    let dense = 0;
    while (todo[dense]?.offset === head.nextSource + dense) {
      if (attempt.setAside.size > 0 && attempt.setAside.has(head.nextSource + dense)) break;
      dense++;
    }
    if (dense === 0) {
      const cause = attempt.setAside.has(head.nextSource) ? 'record-set-aside' : 'hole';
      await takeOver(attempt, head, cause);
      return false;
    }
    return this.#send(attempt, head, dense === todo.length ? todo : todo.slice(0, dense));
  }

  /** An intent is sent whole or, if this delivery does not hold it, replaced by a take-over. */
  async #underIntent(
    attempt: Attempt<R>,
    head: Head,
    ranges: readonly SourceRange[],
    todo: readonly R[],
  ): Promise<boolean> {
    const intended = recordsOf(ranges, todo);
    if (!intended || intended.some(({ offset }) => attempt.setAside.has(offset))) {
      await takeOver(attempt, head, intended ? 'record-set-aside' : 'intent-not-held');
      return false;
    }
    return this.#send(attempt, head, intended);
  }

  /** Nothing may be sent yet: open the grant where the source is dense, else write down what will be sent. */
  async #underClosed(attempt: Attempt<R>, head: Head, todo: readonly R[]): Promise<boolean> {
    const { settings, source } = attempt.context;
    const first = todo[0];
    if (!first) {
      await attempt.writeHead(head, attempt.afterLeftOut(head));
      return false;
    }
    const leader = attempt.sourceLeader(head);
    const location = attempt.setAside.get(first.offset);
    const nextSource = sourceOffset(first.offset);
    let ledger: ReturnType<typeof attempt.gapBelow> = [];
    let sparse = head.sparse;
    if (first.offset > head.nextSource) {
      const logStart = await attempt.ask(source.logStart());
      ledger = attempt.gapBelow(head, first.offset, logStart);
      sparse ||= logStart < first.offset;
    }
    if (location !== undefined) {
      const passed = { ...head, ...leader, nextSource: advance(nextSource, 1), sparse: true };
      await attempt.writeHead(head, passed, { ledger: [...ledger, attempt.setAsideEntry(first.offset, location)] });
      return false;
    }
    if (!sparse && settings.initialGrant === 'open') {
      await attempt.writeHead(head, { ...head, ...leader, nextSource, grant: { kind: 'open' } }, { ledger });
      return false;
    }
    const end = todo.findIndex(({ offset }) => attempt.setAside.has(offset));
    const wanted = firstRanges(end < 0 ? todo : todo.slice(0, end), MAX_INTENT_RANGES);
    const intended = this.#singleFile(attempt, head) ? (this.#chunks(head, wanted)[0]?.records ?? []) : wanted;
    const intent: Head = {
      ...head,
      ...leader,
      nextSource,
      sparse,
      grant: { kind: 'intent', ranges: rangesOf(intended) },
    };
    const granted = await attempt.writeHead(head, intent, { ledger });
    return granted ? this.#send(attempt, granted, intended) : false;
  }

  /** Sends what the grant allows, writes down where it landed. True: that was all of the delivery. */
  async #send(attempt: Attempt<R>, head: Head, records: readonly R[]): Promise<boolean> {
    const { target, clock, settings, observer, partition } = attempt.context;
    const all = this.#chunks(head, records);
    const single = this.#singleFile(attempt, head);
    const chunks = single ? all.slice(0, 1) : all;
    const leased = head.lease !== undefined;
    attempt.inDoubt = true;
    const { acknowledged, end } = await send(target, head.producer, chunks, clock, {
      window: leased ? 1 : settings.window,
      deadline: attempt.lastSend,
      resend: !leased,
      onRetry: (reason) => observer.retried(partition, reason),
    });
    attempt.inDoubt = end.kind === 'unknown';
    if (end.kind === 'refused') {
      attempt.refused(end.reason);
      attempt.mustSettle = true;
      return false;
    }
    if (acknowledged.length > 0) {
      attempt.singleFile = false;
      if (!(await this.#record(attempt, head, acknowledged))) return false;
    }
    return this.#afterSend(attempt, head, end, acknowledged.length === all.length);
  }

  async #record(attempt: Attempt<R>, head: Head, sent: readonly Acknowledged<R>[]): Promise<boolean> {
    const runs: Run[] = [];
    let expected: number = head.nextTarget;
    for (const { records, base } of sent) {
      if (base < expected) {
        await checkTargetTopic(attempt, head);
        throw new TargetDiverged(attempt.context.partition, base, head.nextTarget);
      }
      runs.push(...runsAt(rangesOf(records), base));
      expected = base + records.length;
    }
    const lastTimestamp = newestTimestamp(sent.at(-1)?.records ?? []);
    const next = withLanded(head, runs, lastTimestamp);
    const left = attempt.remaining(next.head).length;
    const lease = left > 0 ? head.lease : leaseAfter(attempt, head.lease);
    const sourceLeader = attempt.sourceLeader(head);
    const recorded = attempt.afterLeftOut({ ...next.head, ...sourceLeader, lease });
    return (await attempt.writeHead(head, recorded, { closed: next.closed })) !== undefined;
  }

  async #afterSend(attempt: Attempt<R>, head: Head, end: SendEnd<R>, complete: boolean): Promise<boolean> {
    const { partition, quarantine, settings, target } = attempt.context;
    switch (end.kind) {
      case 'complete':
        return complete && attempt.end <= ((await attempt.readHead()) ?? head).nextSource;
      case 'refused':
        return false;
      case 'deadline':
        attempt.checkTime('appending');
        attempt.forgetHead();
        return false;
      case 'failed':
        throw end.error;
      case 'unknown':
        if (head.lease || attempt.lastSend === attempt.lastStart) throw new TargetUnsettled(partition, end.reason);
        attempt.forgetHead();
        return false;
      case 'too-large': {
        const [record] = end.chunk.records;
        if (!record) return false;
        if (end.chunk.records.length > 1) {
          const size = end.chunk.records.reduce((sum, each) => sum + target.sizeOf(each), 0);
          this.#maxBatchBytes = Math.ceil(size / 2);
          return false;
        }
        if (settings.recordTooLarge === 'stop') {
          throw new RecordTooLarge(partition, record.offset, target.sizeOf(record), target.maxBatchBytes);
        }
        attempt.setAside.set(record.offset, await attempt.ask(quarantine.put(partition, record)));
        return false;
      }
    }
  }

  #chunks(head: Head, records: readonly R[]) {
    const { target } = this.#context;
    return chunksOf(records, head.nextSequence, this.#maxBatchBytes, (record) => target.sizeOf(record));
  }

  /** One batch, acknowledged and written down, before the next: the broker may take any sequence now (F). */
  #singleFile(attempt: Attempt<R>, head: Head): boolean {
    return head.fresh || attempt.singleFile || isOld(head.lastTimestamp, attempt.now, attempt.context.settings);
  }

  /** Not written: the lease ends by itself, only later. */
  async #giveLeaseBack(attempt: Attempt<R>, head: Head, lease: Lease | undefined): Promise<void> {
    await attempt.writeHead(head, { ...head, lease }).catch(() => undefined);
  }
}

/** The records of a delivery that the ranges name, or undefined unless it holds every one of them. */
function recordsOf<R extends AppendRecord>(ranges: readonly SourceRange[], records: readonly R[]): R[] | undefined {
  const found: R[] = [];
  let at = 0;
  for (const { from, length } of ranges) {
    for (let offset: number = from; offset < from + length; offset++) {
      while ((records[at]?.offset ?? Number.POSITIVE_INFINITY) < offset) at++;
      const record = records[at];
      if (record?.offset !== offset) return undefined;
      found.push(record);
    }
  }
  return found;
}

/** As many records as lie in the first `count` ranges without holes. */
function firstRanges<R extends AppendRecord>(records: readonly R[], count: number): readonly R[] {
  let ranges = 1;
  for (let i = 1; i < records.length; i++) {
    if (records[i]?.offset !== (records[i - 1]?.offset ?? 0) + 1 && ++ranges > count) return records.slice(0, i);
  }
  return records;
}
