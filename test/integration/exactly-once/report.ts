import type { Verdict } from './verdict.ts';

/** The figures of one kind of schedule, or of all. */
export interface KindFigures {
  readonly kind: string;
  readonly schedules: number;
  readonly deliveries: number;
  readonly crashes: number;
  readonly records: number;
  /** By cause. */
  readonly takeOvers: Readonly<Record<string, number>>;
  /** Produce requests a delivery that held new records. */
  readonly producePerBatch: number;
  readonly translated: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** In the target, never committed on the source. */
  readonly foreign: number;
  readonly mistranslated: number;
  readonly failedSeeds: readonly number[];
}

export function figuresOf(kind: string, verdicts: readonly Verdict[]): KindFigures {
  const sum = (of: (verdict: Verdict) => number) => verdicts.reduce((total, verdict) => total + of(verdict), 0);
  const causes = Map.groupBy(
    verdicts.flatMap(({ seen }) => seen.takeOvers),
    (cause) => cause,
  );
  const batches = sum(({ seen }) => seen.batches);
  return {
    kind,
    schedules: verdicts.length,
    deliveries: sum(({ seen }) => seen.deliveries),
    crashes: sum(({ seen }) => seen.crashes),
    records: sum(({ records }) => records),
    takeOvers: Object.fromEntries([...causes].map(([cause, each]) => [cause, each.length])),
    producePerBatch:
      sum(({ seen }) => seen.perBatch.slice(1).reduce((all, { produce }) => all + produce, 0)) /
      Math.max(1, batches - verdicts.length),
    translated: sum(({ translated }) => translated),
    lost: sum(({ lost }) => lost),
    duplicated: sum(({ duplicated }) => duplicated),
    reordered: sum(({ reordered }) => reordered),
    foreign: sum(({ foreign }) => foreign),
    mistranslated: sum(({ wrong }) => wrong.length),
    failedSeeds: verdicts.filter(({ faults }) => faults.length > 0).map(({ seed }) => seed),
  };
}

export function figuresByKind(verdicts: readonly Verdict[]): KindFigures[] {
  const byKind = Map.groupBy(verdicts, ({ kind }) => kind);
  return [...byKind].map(([kind, ofKind]) => figuresOf(kind, ofKind));
}

const COLUMNS: readonly (readonly [title: string, width: number, cell: (figures: KindFigures) => string | number])[] = [
  ['kind of schedule', -30, ({ kind }) => kind],
  ['schedules', 10, ({ schedules }) => schedules],
  ['deliveries', 11, ({ deliveries }) => deliveries],
  ['crashes', 8, ({ crashes }) => crashes],
  ['records', 8, ({ records }) => records],
  ['produce/batch', 14, ({ producePerBatch }) => producePerBatch.toFixed(2)],
  ['lost', 5, ({ lost }) => lost],
  ['dup.', 5, ({ duplicated }) => duplicated],
  ['reord.', 7, ({ reordered }) => reordered],
  ['foreign', 8, ({ foreign }) => foreign],
  ['translated', 11, ({ translated }) => translated],
  ['wrong', 6, ({ mistranslated }) => mistranslated],
  ['failed', 7, ({ failedSeeds }) => failedSeeds.length],
  ['  take-overs', 0, ({ takeOvers }) => `  ${causesOf(takeOvers)}`],
];

export function tableOf(verdicts: readonly Verdict[]): string {
  const head = COLUMNS.map(([title, width]) => padded(title, width)).join('');
  const rows = [...figuresByKind(verdicts), figuresOf('all', verdicts)];
  return [head, ...rows.map((figures) => COLUMNS.map(([, width, cell]) => padded(cell(figures), width)).join(''))].join(
    '\n',
  );
}

/** One line for each thing that is wrong. */
export function faultLines(verdicts: readonly Verdict[]): string[] {
  return verdicts.flatMap(({ seed, kind, faults }) => faults.map((fault) => `seed ${seed} (${kind}): ${fault}`));
}

function causesOf(takeOvers: Readonly<Record<string, number>>): string {
  const causes = Object.entries(takeOvers).map(([cause, count]) => `${count} ${cause}`);
  return causes.join(', ') || 'none';
}

/** Left-aligned when the width is negative. */
function padded(value: string | number, width: number): string {
  const text = String(value);
  return width < 0 ? text.padEnd(-width) : text.padStart(width);
}
