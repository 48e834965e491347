import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { AppendObserver } from '../../shared/append/context.ts';
import { CausewayError } from '../../shared/flow/errors.ts';
import { describePartition, type FlowPartition } from '../../shared/flow/flow.ts';
import type { PartitionOutcome } from '../../shared/replicate/replicate-event.ts';
import { detailsOf } from '../describe-error.ts';

/** Logs and counts everything that is not the steady state; nothing goes wrong in silence. */
export function observeAppends(logger: Logger, metrics: Metrics): AppendObserver {
  return {
    tookOver: (partition, cause) => {
      logger.warn(`${describePartition(partition)}: taken over`, { ...placeOf(partition), cause });
      metrics.addMetric('TakeOvers', MetricUnit.Count, 1);
    },
    settled: (partition, records) => {
      logger.info(`${describePartition(partition)}: found in the target what an earlier invocation had sent`, {
        ...placeOf(partition),
        records,
      });
      metrics.addMetric('RecordsSettled', MetricUnit.Count, records);
    },
    recorded: (partition, entry) => {
      logger.error(`${describePartition(partition)}: ${entry.kind} of offsets ${entry.from} to ${entry.to}`, {
        ...placeOf(partition),
        entry,
      });
      metrics.addMetric('LedgerEntries', MetricUnit.Count, 1);
      if (entry.kind === 'retention-gap') {
        metrics.addMetric('OffsetsLostToRetention', MetricUnit.Count, entry.to - entry.from);
      }
    },
    retried: (partition, reason) => {
      logger.info(`${describePartition(partition)}: sent again or looked up`, { ...placeOf(partition), reason });
      metrics.addMetric('Retries', MetricUnit.Count, 1);
    },
  };
}

/** One invocation's figures. `RecordAge` is what a reader of the target waits, at the newest record of each partition. */
export function publish(outcomes: readonly PartitionOutcome[], now: number, logger: Logger, metrics: Metrics): void {
  for (const { topic, partition, delivered, leftOut, newestTimestamp, stopped } of outcomes) {
    if (!stopped) {
      metrics.addMetric('RecordsReplicated', MetricUnit.Count, delivered - leftOut);
      if (newestTimestamp >= 0) metrics.addMetric('RecordAge', MetricUnit.Milliseconds, now - newestTimestamp);
      continue;
    }
    const { error, from } = stopped;
    logger.error(error.message, { topic, partition, from, ...detailsOf(error) });
    metrics.addMetric('PartitionsStopped', MetricUnit.Count, 1);
    const needsHelp = !(error instanceof CausewayError) || !error.retriable;
    if (needsHelp) metrics.addMetric('PartitionsNeedingHelp', MetricUnit.Count, 1);
  }
}

function placeOf({ topic, remoteTopic, partition, generation }: FlowPartition) {
  return { topic, remoteTopic, partition, generation };
}
