import type { Logger } from '@aws-lambda-powertools/logger';
import { counted } from '../../shared/counted.ts';
import { firstOf } from '../../shared/first-of.ts';
import { CausewayError, messageOf } from '../../shared/flow/errors.ts';
import { describePartition, type FlowPartition } from '../../shared/flow/flow.ts';
import { describeTopicPartition } from '../../shared/mm2/topic-partition.ts';
import { describeDifference } from '../../shared/verify/describe-difference.ts';
import type { NotVerified, VerifiedNew } from '../../shared/verify/verify-new.ts';
import type { Slice } from '../../shared/verify/verify-slice.ts';
import { detailsOf } from '../describe-error.ts';
import type { Meter } from '../meter.ts';

const MS_PER_SECOND = 1_000;
/** Partitions that a line names. */
const MOST_EXAMPLES = 20;
/** Offsets of a difference that a line names. */
const MOST_OFFSETS = 20;

/** Each difference is a line of the log; why partitions are not verified is one when it begins and when it ends. */
export class VerifyLog {
  readonly #logger: Logger;
  readonly #meter: Meter;
  #reasons: ReadonlySet<string> = new Set();

  constructor(logger: Logger, meter: Meter) {
    this.#logger = logger;
    this.#meter = meter;
  }

  /** Told, and counted, before the slice's place is kept: whatever ends the function then, it is not passed over in silence. */
  different({ partition, findings }: Slice): void {
    const { told, different } = findings;
    const name = describePartition(partition);
    const place = placeOf(partition);
    // What was told to be missing and turned up elsewhere was counted then.
    if (different > 0)
      this.#logger.error(`${name}: ${counted(different, 'record')} not the same`, {
        ...place,
        records: findings.tally,
      });
    for (const difference of told)
      this.#logger.error(`${name}: ${describeDifference(difference)}`, { ...place, difference: bounded(difference) });
    this.#meter.add('RecordsNotTheSame', different);
    this.#meter.publish();
  }

  ended({ records, unverified, elsewhere, lagMs }: VerifiedNew): void {
    this.#meter.add('RecordsVerified', records);
    this.#meter.add('PartitionsUnverified', unverified.length);
    this.#meter.add('VerificationLag', lagMs / MS_PER_SECOND);
    if (elsewhere.length > 0)
      this.#logger.info(`${counted(elsewhere.length, 'partition')} left to another run that goes on with them`, {
        partitions: examples(elsewhere),
      });
    this.#tell(Map.groupBy(unverified, reasonOf));
  }

  #tell(byReason: ReadonlyMap<string, readonly NotVerified[]>): void {
    const before = this.#reasons;
    this.#reasons = new Set(byReason.keys());
    for (const [reason, all] of byReason) {
      if (before.has(reason)) continue;
      const because = all[0]?.because;
      this.#logger.warn(`${counted(all.length, 'partition')} not verified, or not wholly: ${messageFor(because)}`, {
        partitions: examples(all.map(({ partition }) => partition)),
        ...(because instanceof CausewayError && detailsOf(because)),
      });
    }
    for (const reason of before) if (!byReason.has(reason)) this.#logger.info(`no longer: ${reason}`);
  }
}

/** Messages name partitions; what is wrong with all of them is the same. */
function reasonOf({ because }: NotVerified): string {
  return because instanceof CausewayError ? because.code : because;
}

function messageFor(because: NotVerified['because'] | undefined): string {
  return typeof because === 'string' ? because : messageOf(because);
}

function placeOf({ topic, remoteTopic, partition, generation }: FlowPartition) {
  return { topic, partition, generation, remoteTopic };
}

/** Records that changed their places can be hundreds. */
function bounded(difference: Slice['findings']['told'][number]) {
  if (difference.kind !== 'reordered') return difference;
  const { kind, sources, targets } = difference;
  return { kind, sources: sources.slice(0, MOST_OFFSETS), targets: targets.slice(0, MOST_OFFSETS) };
}

function examples(partitions: readonly FlowPartition[]): readonly string[] {
  return firstOf(partitions.map(describeTopicPartition), MOST_EXAMPLES);
}
