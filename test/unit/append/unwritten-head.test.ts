import { expect, test } from 'vitest';
import { PartitionAppender } from '../../../shared/append/append.ts';
import { defaultAppendSettings, silentObserver } from '../../../shared/append/context.ts';
import type { AppendRecord, HeadStore, LoggedBatch, SourceLog, TargetLog } from '../../../shared/append/ports.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { Head } from '../../../shared/offsets/head.ts';

const NOW = 1_700_000_000_000;
const TWO_DAYS_MS = 2 * 86_400_000;
const producer = { producerId: 7n, epoch: 0 };

/** A broker that has forgotten the producer by the next request, as one may whose newest record is older than a day. */
class ForgetfulTarget implements TargetLog<AppendRecord> {
  readonly maxBatchBytes = 1_000;
  readonly batches: LoggedBatch[] = [];
  async append(_producer: unknown, baseSequence: number, { length: count }: readonly AppendRecord[]) {
    const base = this.#end;
    this.batches.push({
      base,
      last: targetOffset(base + count - 1),
      producer,
      baseSequence,
      count,
      control: false,
      leaderEpoch: 0,
    });
    return { kind: 'appended', base } as const;
  }
  sizeOf = () => 1;
  topicId = async () => 'target';
  bounds = async () => ({ logStart: targetOffset(0), highWatermark: this.#end });
  scan = async (from: number) => ({
    ...(await this.bounds()),
    batches: this.batches.filter(({ last }) => last >= from),
  });
  endOfLeaderEpoch = async () => this.#end;
  describeProducer = async () => undefined;
  initProducer = async () => producer;
  requestMarker = async () => 'requested' as const;
  get #end() {
    return targetOffset(this.batches.reduce((sum, { count }) => sum + count, 0));
  }
}

const source: SourceLog<AppendRecord> = {
  state: async () => ({ topicId: 'source', leaderEpoch: 0 }),
  endOfLeaderEpoch: async () => sourceOffset(3),
  logStart: async () => sourceOffset(0),
  logEnd: async () => sourceOffset(3),
  holds: async () => true,
  hasRecords: async () => true,
};

/** Throttled for a while: nothing is written when HEAD is to say that records have landed. */
class ThrottledHeads implements HeadStore {
  head: Head | undefined;
  #refusals: number;
  constructor(refusals: number) {
    this.#refusals = refusals;
  }
  read = async () => this.head;
  runsFrom = async () => [];
  async write(_partition: unknown, expected: number, { head }: { readonly head: Head }) {
    if (head.nextSource > 0 && this.#refusals-- > 0) {
      throw new Error('throttled');
    }
    if ((this.head?.version ?? 0) !== expected) return 'conflict';
    this.head = head;
    return 'written';
  }
}

test.each([
  ['the write of HEAD', 1],
  ['that of what the log then told', 2],
])(
  'old records are looked for in the log, not sent again to a broker that may have forgotten them, when %s fails',
  async (_what, refusals) => {
    const target = new ForgetfulTarget();
    const heads = new ThrottledHeads(refusals);
    const flow = { source: 'us-east', target: 'us-west' };
    const appender = new PartitionAppender({
      partition: { flow, topic: 'orders', remoteTopic: 'us-east.orders', partition: 0, generation: 1 },
      target,
      source,
      heads,
      quarantine: { put: async () => 'nowhere' },
      clock: { now: () => NOW, wait: async () => {} },
      observer: silentObserver,
      settings: defaultAppendSettings,
    });
    const records = [0, 1, 2].map((offset) => ({ offset, timestamp: NOW - TWO_DAYS_MS }));

    const result = await appender.append({ records, firstOffset: 0, deadline: NOW + 60_000, invocation: 'one' });

    expect(result).toEqual({ kind: 'done' });
    expect(target.batches).toMatchObject([{ base: 0, count: 3 }]);
    expect(heads.head).toMatchObject({ nextSource: 3, nextTarget: 3, openRun: { source: 0, target: 0, length: 3 } });
  },
);
