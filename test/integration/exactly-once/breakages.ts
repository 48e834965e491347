import type { HeadStore, TargetLog } from '../../../shared/append/ports.ts';
import { advance, type TargetOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';

/** Ways to break the adapters on purpose, each of which the oracle has to find. */
export type Breakage = 'unconditional-writes' | 'no-sequences' | 'false-acknowledgements' | 'runs-off-by-one';

/** Where the log of a topic would end if all had arrived that was said to be well. */
const claimed = new Map<string, TargetOffset>();

export function brokenTarget(inner: TargetLog<KafkaRecord>, breakage: Breakage | undefined): TargetLog<KafkaRecord> {
  switch (breakage) {
    // What a plain producer does: the broker takes whatever comes.
    case 'no-sequences':
      return overriding(inner, {
        append: (_producer, _sequence, records) => inner.append({ producerId: -1n, epoch: -1 }, -1, records),
      });
    // acks=0 of a broker that takes nothing: all is said to be well. Were some of it taken, the next batch would be refused
    // for the gap in its sequences, and the loss be found and mended.
    case 'false-acknowledgements':
      return overriding(inner, {
        append: async (_producer, _sequence, records) => {
          const topicId = await inner.topicId();
          const base = claimed.get(topicId) ?? targetOffset(0);
          claimed.set(topicId, advance(base, records.length));
          return { kind: 'appended', base };
        },
      });
    default:
      return inner;
  }
}

export function brokenHeads(inner: HeadStore, breakage: Breakage | undefined): HeadStore {
  switch (breakage) {
    case 'unconditional-writes':
      return {
        read: (partition) => inner.read(partition),
        runsFrom: (partition, target) => inner.runsFrom(partition, target),
        write: async (partition, _expected, write) => {
          const stored = (await inner.read(partition))?.version ?? 0;
          return inner.write(partition, stored, { ...write, head: { ...write.head, version: stored + 1 } });
        },
      };
    case 'runs-off-by-one':
      return {
        read: (partition) => inner.read(partition),
        runsFrom: (partition, target) => inner.runsFrom(partition, target),
        write: (partition, expected, write) => {
          const closed = write.closed.map((run) => ({ ...run, target: advance(run.target, 1) }));
          return inner.write(partition, expected, { ...write, closed });
        },
      };
    default:
      return inner;
  }
}

function overriding(inner: TargetLog<KafkaRecord>, by: Partial<TargetLog<KafkaRecord>>): TargetLog<KafkaRecord> {
  return {
    maxBatchBytes: inner.maxBatchBytes,
    sizeOf: (record) => inner.sizeOf(record),
    topicId: () => inner.topicId(),
    append: (producer, sequence, records) => inner.append(producer, sequence, records),
    scan: (from) => inner.scan(from),
    bounds: () => inner.bounds(),
    endOfLeaderEpoch: (leaderEpoch) => inner.endOfLeaderEpoch(leaderEpoch),
    describeProducer: (producerId) => inner.describeProducer(producerId),
    initProducer: () => inner.initProducer(),
    requestMarker: (producer) => inner.requestMarker(producer),
    ...by,
  };
}
