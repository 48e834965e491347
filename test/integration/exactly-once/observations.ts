import { type AppendObserver, silentObserver, type TakeOverCause } from '../../../shared/append/context.ts';
import { CausewayError } from '../../../shared/flow/errors.ts';
import type { RequestCounts } from './faulty-ports.ts';

/** A redelivery cures them once the group is set back, which a schedule does. */
const UNTIL_SET_BACK: ReadonlySet<string> = new Set(['SOURCE_CUT_BACK', 'TARGET_CUT_BACK']);

/** What was seen of one schedule while it ran. */
export class Observations {
  deliveries = 0;
  /** Deliveries that held a record which was not committed before. */
  batches = 0;
  crashes = 0;
  readonly takeOvers: TakeOverCause[] = [];
  /** Codes of the errors with which deliveries stopped. */
  readonly stops: string[] = [];
  lastStop = 'nothing stopped it';
  /** An error that no redelivery cures. */
  halted = false;
  /** Why not all was copied in the end. */
  stuck: string | undefined;
  readonly requests: RequestCounts = { produce: 0, headWrites: 0, initProducer: 0, markers: 0 };
  /** Requests of each delivery with new records, in order. */
  readonly perBatch: RequestCounts[] = [];
  readonly observer: AppendObserver = {
    ...silentObserver,
    tookOver: (_partition, cause) => this.takeOvers.push(cause),
  };

  delivered(isNews: boolean, before: RequestCounts): void {
    this.deliveries++;
    if (!isNews) return;
    this.batches++;
    const { produce, headWrites, initProducer, markers } = this.requests;
    this.perBatch.push({
      produce: produce - before.produce,
      headWrites: headWrites - before.headWrites,
      initProducer: initProducer - before.initProducer,
      markers: markers - before.markers,
    });
  }

  stopped(error: Error): void {
    const code = error instanceof CausewayError ? error.code : error.name;
    this.stops.push(code);
    this.lastStop = `${code}: ${error.message}`;
    if (error instanceof CausewayError && !error.retriable && !UNTIL_SET_BACK.has(code)) this.halted = true;
  }
}
