import { rateBetween } from './rate.ts';
import type { PartitionEnds, Peak, SampleTime, SeenEnd, SourceEnds } from './source-ends.ts';

/** Of the highest rate: a rate that falls differs from its mean as well. */
const MOST_JITTER = 0.25;

/**
 * The most that a partition took in `spanMs`, records: by the highest rate of the last 15 to 30 seconds, and as much more,
 * up to a quarter, as the last seconds differed from their mean: what is random passes its highest so far now and then.
 * One record more, since no rate tells when the next one comes.
 */
export function partitionGrowth({ seen, peak }: PartitionEnds, samples: readonly SampleTime[], spanMs: number): number {
  return growth(peak, jitter(seen, samples), spanMs);
}

/**
 * The same of all partitions together, which is less than the sum of theirs: they have their peaks at different times.
 * Undefined where the last samples do not tell of every partition.
 */
export function totalGrowth({ partitions, samples, peak }: SourceEnds, spanMs: number): number | undefined {
  if (partitions.some(({ seen }) => seen[0].sample !== 0)) return undefined;
  const whole = samples.flatMap((_, sample): SeenSum[] => {
    let logEnd = 0;
    for (const { seen } of partitions) {
      const end = seen.find((each) => each.sample === sample);
      if (end === undefined) return [];
      logEnd += end.logEnd;
    }
    return [{ sample, logEnd }];
  });
  return growth(peak, jitter(whole, samples), spanMs);
}

type SeenSum = Pick<SeenEnd, 'sample'> & { readonly logEnd: number };

function growth(peak: Peak, jitterPerSecond: number, spanMs: number): number {
  if (spanMs <= 0) return 0;
  const highest = Math.max(peak.current, peak.previous);
  const perSecond = highest + Math.min(jitterPerSecond, highest * MOST_JITTER);
  return Math.ceil((perSecond * spanMs) / 1_000) + 1;
}

/** By how much the fastest of the last spans was above their mean, records a second. */
function jitter(seen: readonly SeenSum[], samples: readonly SampleTime[]): number {
  const timed = seen.map(({ sample, logEnd }) => ({ time: samples[sample], logEnd }));
  const rates = timed.flatMap((later, index) => {
    const earlier = timed[index + 1];
    return (earlier && rateBetween(earlier, later)) ?? [];
  });
  if (rates.length === 0) return 0;
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  return Math.max(...rates) - mean;
}
