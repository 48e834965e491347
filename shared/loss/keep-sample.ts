import type { SourceOffset } from '../flow/offset.ts';
import { describeTopicPartition } from '../mm2/topic-partition.ts';
import { rateBetween } from './rate.ts';
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
/** Peaks are of so long, and of as long before. */
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
  let growth = 0;
  const partitions: PartitionEnds[] = [];
  for (const before of ends.partitions) {
    if (!topics.has(before.topic)) continue;
    const name = describeTopicPartition(before);
    const now = told.get(name);
    told.delete(name);
    if (now === undefined) partitions.push({ ...before, seen: shifted(before.seen), peak: rolled(before.peak, rolls) });
    else if (!continues(before, now)) partitions.push(begun(now));
    else {
      const recordsPerSecond = rateUpTo(sample, before, ends.samples, now.logEnd);
      growth += recordsPerSecond;
      partitions.push({
        ...before,
        committedEnd: now.committedEnd,
        seen: [{ sample: 0, logEnd: now.logEnd }, ...shifted(before.seen)],
        peak: raised(rolled(before.peak, rolls), recordsPerSecond),
      });
    }
  }
  const added = [...told.values()].filter(({ topic }) => topics.has(topic)).map(begun);
  const all = added.length === 0 ? partitions : [...partitions, ...added].sort(byName);
  const { askedAt, answeredAt } = sample;
  return {
    ...withoutUnused([{ askedAt, answeredAt }, ...ends.samples], all),
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

/** The ends after a question that no broker answered. The first one of a silence stays; of that, what was told last. */
export function sourceSilent(ends: SourceEnds, silence: Silence): SourceEnds {
  const isFirst = ends.silence === undefined || ends.silence.since === silence.since;
  return { ...ends, silence: isFirst ? silence : { ...ends.silence, confirmedAt: silence.confirmedAt } };
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

/** Records a second since the newest sample that is not too close; 0: there is none. */
function rateUpTo(
  time: SampleTime,
  { seen }: PartitionEnds,
  samples: readonly SampleTime[],
  logEnd: SourceOffset,
): number {
  for (const earlier of seen) {
    const rate = rateBetween({ time: samples[earlier.sample], logEnd: earlier.logEnd }, { time, logEnd });
    if (rate !== undefined) return rate;
  }
  return 0;
}

/** Of older samples only what is the last word on a partition; and only samples that anything refers to. */
function withoutUnused(
  samples: readonly SampleTime[],
  partitions: readonly PartitionEnds[],
): Pick<SourceEnds, 'samples' | 'partitions'> {
  const used = new Set<number>();
  const lean = partitions.map((each): PartitionEnds => {
    const [newest, ...older] = each.seen;
    used.add(newest.sample);
    const oldest = older.at(-1);
    if (oldest === undefined || oldest.sample < KEPT_SAMPLES) return each;
    return { ...each, seen: [newest, ...older.filter(({ sample }) => sample < KEPT_SAMPLES)] };
  });
  const kept = samples.map((_, index) => index).filter((index) => index < KEPT_SAMPLES || used.has(index));
  const keptSamples = kept.flatMap((index) => samples[index] ?? []);
  if (kept.every((index, position) => index === position)) return { samples: keptSamples, partitions: lean };
  const positions = new Map(kept.map((index, position) => [index, position]));
  const moved = (end: SeenEnd): SeenEnd => ({ ...end, sample: positions.get(end.sample) ?? end.sample });
  return {
    samples: keptSamples,
    partitions: lean.map((each) => {
      const [newest, ...older] = each.seen;
      return { ...each, seen: [moved(newest), ...older.map(moved)] };
    }),
  };
}
