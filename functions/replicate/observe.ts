import type { Logger } from '@aws-lambda-powertools/logger';
import type { AppendObserver } from '../../shared/append/context.ts';
import { CausewayError } from '../../shared/flow/errors.ts';
import { describePartition, type FlowPartition } from '../../shared/flow/flow.ts';
import type { LedgerEntry } from '../../shared/ledger/entry.ts';
import type { MetricName } from '../../shared/metrics/catalogue.ts';
import type { PartitionOutcome } from '../../shared/replicate/replicate-event.ts';
import { detailsOf } from '../describe-error.ts';
import type { Meter } from '../meter.ts';

const LOST: Readonly<Partial<Record<LedgerEntry['kind'], MetricName>>> = {
  'retention-gap': 'RecordsLostToRetention',
  quarantine: 'RecordsQuarantined',
};
/** As the adapters name a broker's refusal. */
const OUT_OF_ORDER = 'OUT_OF_ORDER_SEQUENCE_NUMBER';

/** Logs and counts everything that is not the steady state; nothing goes wrong in silence. */
export function observeAppends(logger: Logger, meter: Meter): AppendObserver {
  return {
    tookOver: (partition, cause) => {
      logger.warn(`${describePartition(partition)}: taken over`, { ...placeOf(partition), cause });
      meter.add('TakeOvers', 1);
    },
    settled: (partition, records) => {
      logger.info(`${describePartition(partition)}: found in the target what an earlier invocation had sent`, {
        ...placeOf(partition),
        records,
      });
      meter.add('RecordsSettled', records);
    },
    recorded: (partition, entry) => {
      logger.error(`${describePartition(partition)}: ${entry.kind} of offsets ${entry.from} to ${entry.to}`, {
        ...placeOf(partition),
        entry,
      });
      meter.add('LedgerEntries', 1);
      const metric = LOST[entry.kind];
      if (metric !== undefined) meter.add(metric, entry.to - entry.from);
    },
    dropped: (_, records) => {
      meter.add('DuplicatesDropped', records);
    },
    retried: (partition, reason) => {
      logger.info(`${describePartition(partition)}: sent again or looked up`, { ...placeOf(partition), reason });
      meter.add('Retries', 1);
      if (reason.includes(OUT_OF_ORDER)) meter.add('OutOfOrderRefusals', 1);
    },
  };
}

export interface Published {
  readonly outcomes: readonly PartitionOutcome[];
  /** When the invocation began, ms since the epoch. */
  readonly receivedAt: number;
  /** Whether a topic has metrics of its own (`causeway.metrics.topics`). */
  readonly isMeasured: (topic: string) => boolean;
}

/** One invocation's figures. */
export function publish({ outcomes, receivedAt, isMeasured }: Published, logger: Logger, meter: Meter): void {
  for (const [topic, all] of Map.groupBy(outcomes, (outcome) => outcome.topic)) {
    const landed = all.filter(({ stopped }) => stopped === undefined);
    if (landed.length === 0) continue;
    const figures = figuresOf(landed, receivedAt);
    if (isMeasured(topic)) meter.addOf({ Topic: topic }, figures);
    meter.addAll(figures);
  }
  for (const { topic, partition, stopped } of outcomes) {
    if (!stopped) continue;
    const { error, from } = stopped;
    logger.error(error.message, { topic, partition, from, ...detailsOf(error) });
    meter.add('PartitionsStopped', 1);
    const needsHelp = !(error instanceof CausewayError) || !error.retriable;
    if (needsHelp) meter.add('PartitionsNeedingHelp', 1);
  }
}

function figuresOf(outcomes: readonly PartitionOutcome[], receivedAt: number) {
  const sum = (figure: (outcome: PartitionOutcome) => number) =>
    outcomes.reduce((all, outcome) => all + figure(outcome), 0);
  return {
    RecordsReplicated: [sum(({ delivered, leftOut }) => delivered - leftOut)],
    BytesReplicated: [sum(({ bytes }) => bytes)],
    RecordAge: outcomes.flatMap(({ timestamps }) =>
      timestamps.length === 0 ? [] : Math.max(0, receivedAt - Math.min(...timestamps)),
    ),
    ReplicationLatency: outcomes.flatMap(({ timestamps, landedAt }) =>
      landedAt === undefined ? [] : timestamps.map((timestamp) => Math.max(0, landedAt - timestamp)),
    ),
  };
}

function placeOf({ topic, remoteTopic, partition, generation }: FlowPartition) {
  return { topic, remoteTopic, partition, generation };
}
