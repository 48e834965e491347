import { until } from '../../../../local/region/until.ts';
import type { Schedule } from '../schedule.ts';

const CLEANED_WITHIN_MS = 30_000;
/** Beyond the topic's `segment.ms`: the next record begins a segment, and the one before may be cleaned. */
const NEXT_SEGMENT_MS = 1_000;

/** The cleaner removes records, some of which were delivered before and some not. */
export async function compactSource(schedule: Schedule): Promise<void> {
  const { application, random } = schedule;
  for (let round = 1; round <= 2; round++) {
    await application.produce(random.int(8, 20));
    await schedule.deliver(schedule.committed, random.int(1, 8));
    await application.produce(1, round * NEXT_SEGMENT_MS);
    const activeFrom = application.written.at(-1)?.offset ?? 0;
    await until(
      () => isCompacted(schedule, activeFrom),
      CLEANED_WITHIN_MS,
      () => new Error(`seed ${schedule.seed}: records below ${activeFrom} were not compacted`),
    );
    await schedule.play(random.int(1, 2));
  }
}

/** Whether no key has two records below the active segment. */
async function isCompacted({ poller }: Schedule, activeFrom: number): Promise<boolean> {
  const keys = (await poller.read(0)).filter(({ offset }) => offset < activeFrom).map(({ key }) => key);
  return new Set(keys).size === keys.length;
}

/** Retention removes the front of the log: delivered records, and mostly some that were not. */
export async function deleteSourceRecords(schedule: Schedule): Promise<void> {
  const { application, random, world, partition } = schedule;
  for (let round = 1; round <= 2; round++) {
    await application.produce(random.int(5, 15));
    await schedule.deliver(schedule.committed, random.int(1, 5));
    const end = application.written.at(-1)?.offset ?? 0;
    const offset = random.int(Math.max(schedule.deletedBelow, Math.min(schedule.committed, end)), end);
    await world.deleteSourceRecords(partition.topic, partition.partition, offset);
    schedule.deletedBelow = offset;
    await schedule.play(random.int(1, 2));
  }
}

/** Transactions among plain records, one of them aborted at least. */
export async function writeTransactions(schedule: Schedule): Promise<void> {
  const { application, random } = schedule;
  for (const end of ['commit', 'abort', random.pick(['commit', 'abort'] as const)] as const) {
    await application.produceInTransaction(random.int(1, 6), end);
    if (random.chance(0.5)) await application.produce(random.int(1, 4));
    await schedule.play(1);
  }
}
