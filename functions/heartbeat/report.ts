import type { Logger } from '@aws-lambda-powertools/logger';
import { messageOf } from '../../shared/flow/errors.ts';
import type { ProbeAnswer } from '../../shared/heartbeat/probe.ts';
import type { PulseObserver } from '../../shared/heartbeat/pulse.ts';
import type { SourceAnswer } from '../../shared/heartbeat/source-question.ts';
import { detailsOf } from '../describe-error.ts';
import type { Meter } from '../meter.ts';

/** Metrics are published so often, so that an alarm does not wait for the end of a run. */
const PUBLISH_EVERY_MS = 10_000;

/** Figures of every heartbeat; in the log, what begins or ends. */
export class PulseLog implements PulseObserver {
  readonly #logger: Logger;
  readonly #meter: Meter;
  readonly #now: () => number;
  #publishedAt: number;
  #fault: string | undefined;
  #silent = false;
  #endsFault: string | undefined;
  #untold: string | undefined;

  constructor(logger: Logger, meter: Meter, now: () => number) {
    this.#logger = logger;
    this.#meter = meter;
    this.#now = now;
    this.#publishedAt = now();
  }

  written(): void {
    this.#meter.add('HeartbeatsWritten', 1);
    if (this.#fault !== undefined) this.#logger.info('heartbeats are written again');
    this.#fault = undefined;
    this.#publish();
  }

  failed(error: unknown): void {
    this.#meter.add('HeartbeatsFailed', 1);
    const fault = messageOf(error);
    if (fault !== this.#fault) this.#logger.error(`a heartbeat was not written: ${fault}`, detailsOf(error));
    this.#fault = fault;
    this.#publish();
  }

  arrived(latencyMs: number): void {
    this.#meter.add('HeartbeatLatency', latencyMs);
  }

  age(ms: number): void {
    this.#meter.add('HeartbeatAge', ms);
  }

  arrivalsUnreadable(error: unknown): void {
    if (error === undefined) this.#logger.info("the source's heartbeats can be read");
    else this.#logger.warn(`the source's heartbeats cannot be read here: ${messageOf(error)}`, detailsOf(error));
  }

  probed({ answers, tookMs, error }: ProbeAnswer): void {
    this.#meter.add('SourceAnswers', answers ? 1 : 0);
    if (answers) this.#meter.add('SourceAnswerTime', tookMs);
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
    this.#meter.add('SourceEndsUnanswered', 1);
  }

  sampled({ partitions, untold, askedAt, answeredAt }: SourceAnswer): void {
    const count = [...untold.values()].reduce((sum, each) => sum + each, 0);
    this.#meter.add('SourceEndsAnswerTime', answeredAt - askedAt);
    this.#meter.add('SourceEndsUntold', count);
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
    this.#meter.add('SourceEndsWritten', 1);
    if (this.#endsFault !== undefined) this.#logger.info("where the source's topics end is stored again");
    this.#endsFault = undefined;
  }

  endsFailed(error: unknown): void {
    this.#meter.add('SourceEndsFailed', 1);
    const fault = messageOf(error);
    if (fault !== this.#endsFault)
      this.#logger.error(`where the source's topics end could not be stored: ${fault}`, detailsOf(error));
    this.#endsFault = fault;
  }

  #publish(): void {
    if (this.#now() - this.#publishedAt < PUBLISH_EVERY_MS) return;
    this.#meter.publish();
    this.#publishedAt = this.#now();
  }
}
