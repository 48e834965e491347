import type { SourceOffset } from '../flow/offset.ts';
import { describeTopicPartition } from '../mm2/topic-partition.ts';
import type {
  EndsSample,
  PartitionEnds,
  PartitionSample,
  Peak,
  SampleTime,
  SeenEnd,
  Silence,
  SourceEnds,
} from './source-ends.ts';

/** Samples that are kept whole: enough to tell how evenly is written, and when the source passed an offset. */
export const KEPT_SAMPLES = 5;
/** Two samples closer to each other say little of a rate: the time between them is mostly that of the questions. */
const SHORTEST_SPAN_MS = 500;
const PEAKS_MS = 15_000;

/**
 * The ends with one more sample.
 * - A partition that the sample does not tell of keeps what was last known of it, with the time of that.
 * - A partition that ends below where it was seen (its log lost its end, or its topic was made anew) begins anew.
 * - A rate is what was written between two samples by the shortest time that can have passed between them.
 * - A partition stays as long as its topic is among `topics`.
 */
export function keepSample(ends: SourceEnds, sample: EndsSample, topics: ReadonlySet<string>): SourceEnds {
  const rolls = sample.askedAt - ends.peaksSince >= PEAKS_MS;
  const told = new Map(sample.partitions.map((each) => [describeTopicPartition(each), each]));
  const known = new Map(
    ends.partitions.filter(({ topic }) => topics.has(topic)).map((each) => [describeTopicPartition(each), each]),
  );
  let growth = 0;
  const partitions: PartitionEnds[] = [];
  for (const [name, before] of known) {
    const now = told.get(name);
    if (now === undefined) partitions.push({ ...before, seen: shifted(before.seen), peak: rolled(before.peak, rolls) });
    else if (!continues(before, now)) partitions.push(begun(now));
    else {
      const grown = spanTo(sample, before, ends.samples, now.logEnd);
      growth += grown?.recordsPerSecond ?? 0;
      partitions.push({
        ...before,
        committedEnd: now.committedEnd,
        seen: [{ sample: 0, logEnd: now.logEnd }, ...shifted(before.seen)],
        peak: raised(rolled(before.peak, rolls), grown?.recordsPerSecond ?? 0),
      });
    }
  }
  for (const [name, now] of told) if (!known.has(name) && topics.has(now.topic)) partitions.push(begun(now));
  const { askedAt, answeredAt } = sample;
  return {
    ...withoutUnused([{ askedAt, answeredAt }, ...ends.samples], partitions.sort(byName)),
    peak: raised(rolled(ends.peak, rolls), growth),
    peaksSince: rolls ? askedAt : ends.peaksSince,
    answeredAt,
    silence: undefined,
  };
}

/** The ends after an answer that tells of no partition. */
export function sourceAnswered(ends: SourceEnds, answeredAt: number): SourceEnds {
  return { ...ends, answeredAt, silence: undefined };
}

/** The ends after a question that no broker answered. The first one of a silence stays. */
export function sourceSilent(ends: SourceEnds, silence: Silence): SourceEnds {
  return { ...ends, silence: ends.silence ?? silence };
}

function byName(a: PartitionEnds, b: PartitionEnds): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition;
}

function continues({ topicId, seen }: PartitionEnds, now: PartitionSample): boolean {
  return topicId === now.topicId && seen[0].logEnd <= now.logEnd;
}

function begun({ topic, partition, topicId, logEnd, committedEnd }: PartitionSample): PartitionEnds {
  const seen: PartitionEnds['seen'] = [{ sample: 0, logEnd }];
  return { topic, partition, topicId, committedEnd, seen, peak: { current: 0, previous: 0 } };
}

/** As indices in a list that has one more sample in front. */
function shifted(seen: PartitionEnds['seen']): [SeenEnd, ...SeenEnd[]] {
  const [first, ...others] = seen;
  return [oneOlder(first), ...others.map(oneOlder)];
}

function oneOlder({ sample, logEnd }: SeenEnd): SeenEnd {
  return { sample: sample + 1, logEnd };
}

function rolled(peak: Peak, rolls: boolean): Peak {
  return rolls ? { current: 0, previous: peak.current } : peak;
}

function raised(peak: Peak, rate: number): Peak {
  const recordsPerSecond = Math.ceil(rate);
  return recordsPerSecond > peak.current ? { ...peak, current: recordsPerSecond } : peak;
}

function spanTo(
  { askedAt }: SampleTime,
  { seen }: PartitionEnds,
  samples: readonly SampleTime[],
  logEnd: SourceOffset,
): { readonly recordsPerSecond: number } | undefined {
  for (const earlier of seen) {
    const spanMs = askedAt - (samples[earlier.sample]?.answeredAt ?? askedAt);
    if (spanMs >= SHORTEST_SPAN_MS) return { recordsPerSecond: ((logEnd - earlier.logEnd) * 1_000) / spanMs };
  }
  return undefined;
}

/** Of older samples only what is the last word on a partition; and only samples that anything refers to. */
function withoutUnused(
  samples: readonly SampleTime[],
  partitions: readonly PartitionEnds[],
): Pick<SourceEnds, 'samples' | 'partitions'> {
  const lean = partitions.map(({ seen: [newest, ...older], ...rest }): PartitionEnds => {
    return { ...rest, seen: [newest, ...older.filter(({ sample }) => sample < KEPT_SAMPLES)] };
  });
  const used = new Set(lean.flatMap(({ seen }) => seen.map(({ sample }) => sample)));
  const kept = samples.map((_, index) => index).filter((index) => index < KEPT_SAMPLES || used.has(index));
  if (kept.length === samples.length) return { samples, partitions: lean };
  const renumbered = new Map(kept.map((index, position) => [index, position]));
  const moved = (end: SeenEnd): SeenEnd => ({ ...end, sample: renumbered.get(end.sample) ?? end.sample });
  return {
    samples: kept.flatMap((index) => samples[index] ?? []),
    partitions: lean.map((each) => {
      const [newest, ...older] = each.seen;
      return { ...each, seen: [moved(newest), ...older.map(moved)] };
    }),
  };
}
