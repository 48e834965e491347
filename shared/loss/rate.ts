import type { SampleTime } from './source-ends.ts';

/** Closer to each other, two samples tell the time of the questions rather than a rate. */
const SHORTEST_SPAN_MS = 500;

/** Where a log ended, as told by a sample. */
export interface TimedEnd {
  readonly time: SampleTime | undefined;
  readonly logEnd: number;
}

/**
 * Records a second from one sample to a later one, by the shortest time that can have passed between the moments that they
 * tell of; undefined when they are too close.
 */
export function rateBetween(earlier: TimedEnd, later: TimedEnd): number | undefined {
  if (!earlier.time || !later.time) return undefined;
  const spanMs = later.time.askedAt - earlier.time.answeredAt;
  return spanMs < SHORTEST_SPAN_MS ? undefined : ((later.logEnd - earlier.logEnd) * 1_000) / spanMs;
}
