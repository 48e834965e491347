import { table } from './table.ts';

/** What is told may be so much off while records move; at rest nothing. */
const MOST_OFF = 0.01;
/** Two logs are not counted at one moment: where they are told apart by more than that, it was within so short a time. */
const LONGEST_WINDOW_MS = 1_000;
const MOST_SECONDS_OFF = 1;

export type Phase = 'load' | 'pause' | 'catch-up' | 'rest';

export interface Between {
  readonly least: number;
  readonly most: number;
}

/** What was told of the lag, and what was counted before and after that. */
export interface LagSample {
  readonly records: number;
  readonly seconds: number;
  readonly counted: Between;
  /** Seconds. */
  readonly aged: Between;
  /** Of both countings, and what is between them. */
  readonly windowMs: number;
}

export interface LagFigures {
  readonly phase: Phase;
  readonly samples: number;
  readonly mostRecords: number;
  /** From what is told to what was counted before or after it, whichever is further: so much it is off at the most. */
  readonly recordsOff: number;
  /** The same as a share of what was counted, in the middle of all samples. */
  readonly medianShareOff: number;
  /** The longest time between two countings, of samples that may be off by more than the share. */
  readonly windowMs: number;
  /** What is told beyond what was counted before and after it. */
  readonly recordsBeyond: number;
  readonly secondsBeyond: number;
  /** What `monitor` publishes, once in the phase. */
  readonly published: { readonly recordsBeyond: number; readonly secondsBeyond: number };
  readonly within: boolean;
}

export function lagFigures(phase: Phase, samples: readonly LagSample[], published: LagSample): LagFigures {
  const shares = samples.map((each) => offBy(each) / Math.max(1, each.counted.most));
  const coarse = samples.filter((_, i) => (shares[i] ?? 0) > MOST_OFF);
  const of = (all: readonly number[]) => Math.max(0, ...all);
  const beyondOf = ({ records, seconds, counted, aged }: LagSample) => {
    return { recordsBeyond: beyond(records, counted), secondsBeyond: beyond(seconds, aged) };
  };
  const figures = {
    phase,
    samples: samples.length,
    mostRecords: of(samples.map(({ records }) => records)),
    recordsOff: of(samples.map(offBy)),
    medianShareOff: shares.toSorted((a, b) => a - b)[Math.floor(shares.length / 2)] ?? 0,
    windowMs: Math.round(of(coarse.map(({ windowMs }) => windowMs))),
    recordsBeyond: of(samples.map((each) => beyondOf(each).recordsBeyond)),
    secondsBeyond: of(samples.map((each) => beyondOf(each).secondsBeyond)),
    published: beyondOf(published),
  };
  const isTold = [figures, figures.published].every(
    (each) => each.recordsBeyond === 0 && each.secondsBeyond <= MOST_SECONDS_OFF,
  );
  const isExact = phase !== 'rest' || (figures.recordsOff === 0 && offBy(published) === 0);
  const within = samples.length > 0 && isTold && isExact && figures.windowMs <= LONGEST_WINDOW_MS;
  return { ...figures, within };
}

function offBy({ records, counted: { least, most } }: LagSample): number {
  return Math.max(0, records - least, most - records);
}

function beyond(told: number, { least, most }: Between): number {
  return Math.max(0, least - told, told - most);
}

export function describeLag(figures: readonly LagFigures[], within: boolean): string {
  const rows = figures.map((each) => [
    each.phase,
    ...[each.samples, each.mostRecords, each.recordsOff].map(String),
    `${(each.medianShareOff * 100).toFixed(1)} %`,
    String(each.windowMs),
    `${each.recordsBeyond}, ${each.secondsBeyond.toFixed(2)} s`,
    `${each.published.recordsBeyond}, ${each.published.secondsBeyond.toFixed(2)} s`,
  ]);
  const columns = ['', 'samples', 'most behind', 'off at most', 'median', 'in ms', 'beyond counted', 'monitor beyond'];
  const bars = `records never beyond what was counted before and after, ages within ${MOST_SECONDS_OFF} s of it; both countings within ${MOST_OFF * 100} % or ${LONGEST_WINDOW_MS} ms; at rest exact`;
  return `${table(columns, rows).join('\n')}\n\n${within ? 'within' : 'NOT within'} the bars: ${bars}`;
}
