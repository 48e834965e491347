import type { Logger } from '@aws-lambda-powertools/logger';
import { messageOf } from '../../shared/flow/errors.ts';
import type { OffsetSyncObserver } from '../../shared/replicate/offset-syncs.ts';
import { detailsOf } from '../describe-error.ts';
import type { Meter } from '../meter.ts';

/** Counts offset syncs; in the log, when they begin to fail and when they are written again. */
export class OffsetSyncLog implements OffsetSyncObserver {
  readonly #logger: Logger;
  readonly #meter: Meter;
  #fault: string | undefined;

  constructor(logger: Logger, meter: Meter) {
    this.#logger = logger;
    this.#meter = meter;
  }

  written(count: number): void {
    this.#meter.add('OffsetSyncsWritten', count);
    if (this.#fault !== undefined) this.#logger.info('offset syncs are written again');
    this.#fault = undefined;
  }

  lost(count: number, error: unknown): void {
    this.#meter.add('OffsetSyncsLost', count);
    if (error === undefined) return;
    const fault = messageOf(error);
    if (fault !== this.#fault) {
      this.#logger.warn(
        `offset syncs are not written, and records are copied all the same: ${fault}`,
        detailsOf(error),
      );
    }
    this.#fault = fault;
  }
}
