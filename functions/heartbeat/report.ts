import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { messageOf } from '../../shared/flow/errors.ts';
import type { ProbeAnswer } from '../../shared/heartbeat/probe.ts';
import type { PulseObserver } from '../../shared/heartbeat/pulse.ts';
import type { SourceAnswer } from '../../shared/heartbeat/source-question.ts';
import { detailsOf } from '../describe-error.ts';

/** Metrics are published so often, so that an alarm does not wait for the end of a run. */
const PUBLISH_EVERY_MS = 10_000;

/** Figures of every heartbeat; in the log, what begins or ends. */
export class PulseLog implements PulseObserver {
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  readonly #now: () => number;
  #publishedAt: number;
  #fault: string | undefined;
  #silent = false;
  #endsFault: string | undefined;
  #untold: string | undefined;

  constructor(logger: Logger, metrics: Metrics, now: () => number) {
    this.#logger = logger;
    this.#metrics = metrics;
    this.#now = now;
    this.#publishedAt = now();
  }

  written(): void {
    this.#metrics.addMetric('HeartbeatsWritten', MetricUnit.Count, 1);
    if (this.#fault !== undefined) this.#logger.info('heartbeats are written again');
    this.#fault = undefined;
    this.#publish();
  }

  failed(error: unknown): void {
    this.#metrics.addMetric('HeartbeatsFailed', MetricUnit.Count, 1);
    const fault = messageOf(error);
    if (fault !== this.#fault) this.#logger.error(`a heartbeat was not written: ${fault}`, detailsOf(error));
    this.#fault = fault;
    this.#publish();
  }

  arrived(latencyMs: number): void {
    this.#metrics.addMetric('HeartbeatLatency', MetricUnit.Milliseconds, latencyMs);
  }

  age(ms: number): void {
    this.#metrics.addMetric('HeartbeatAge', MetricUnit.Milliseconds, ms);
  }

  arrivalsUnreadable(error: unknown): void {
    if (error === undefined) this.#logger.info("the source's heartbeats can be read");
    else this.#logger.warn(`the source's heartbeats cannot be read here: ${messageOf(error)}`, detailsOf(error));
  }

  probed({ answers, tookMs, error }: ProbeAnswer): void {
    this.#metrics.addMetric('SourceAnswers', MetricUnit.Count, answers ? 1 : 0);
    if (answers) this.#metrics.addMetric('SourceAnswerTime', MetricUnit.Milliseconds, tookMs);
    if (answers === !this.#silent) return;
    this.#silent = !answers;
    if (answers) this.#logger.info(`the source answers again, after ${tookMs} ms`);
    else {
      const why = error === undefined ? `within ${tookMs} ms` : `: ${messageOf(error)}`;
      this.#logger.warn(`the source does not answer ${why}`, error === undefined ? {} : detailsOf(error));
    }
  }

  /** That the source is silent is the probe's to tell. */
  unanswered(): void {
    this.#metrics.addMetric('SourceEndsUnanswered', MetricUnit.Count, 1);
  }

  sampled({ partitions, untold, askedAt, answeredAt }: SourceAnswer): void {
    const count = [...untold.values()].reduce((sum, each) => sum + each, 0);
    this.#metrics.addMetric('SourceEndsAnswerTime', MetricUnit.Milliseconds, answeredAt - askedAt);
    this.#metrics.addMetric('SourceEndsUntold', MetricUnit.Count, count);
    const why = count === 0 ? undefined : [...untold.keys()].sort().join(', ');
    if (why === this.#untold) return;
    this.#untold = why;
    if (why === undefined) this.#logger.info('the source tells where all partitions end');
    else
      this.#logger.warn(
        `the source does not tell where ${count} of ${count + partitions.length} partitions end: ${why}`,
      );
  }

  endsWritten(): void {
    this.#metrics.addMetric('SourceEndsWritten', MetricUnit.Count, 1);
    if (this.#endsFault !== undefined) this.#logger.info("where the source's topics end is stored again");
    this.#endsFault = undefined;
  }

  endsFailed(error: unknown): void {
    this.#metrics.addMetric('SourceEndsFailed', MetricUnit.Count, 1);
    const fault = messageOf(error);
    if (fault !== this.#endsFault)
      this.#logger.error(`where the source's topics end could not be stored: ${fault}`, detailsOf(error));
    this.#endsFault = fault;
  }

  #publish(): void {
    if (this.#now() - this.#publishedAt < PUBLISH_EVERY_MS) return;
    this.#metrics.publishStoredMetrics();
    this.#publishedAt = this.#now();
  }
}
