import type { Applications } from '../local/applications/applications.ts';
import { type GroupVerdict, isExact } from '../local/applications/ledger.ts';
import type { RunbookKind } from '../shared/runbook/runbook.ts';
import type { LambdaConsumers } from './lambda-consumers.ts';
import { table } from './table.ts';

/** One run of a runbook, as applications and the operator saw it. */
export interface Move {
  readonly kind: RunbookKind;
  readonly succeeded: boolean;
  /** From the first stage to the last, without the wait of watch-lag. */
  readonly machineSeconds: number;
  /** The longest that no record was acknowledged meanwhile. */
  readonly pauseSeconds: number;
}

export interface MoveFigures {
  readonly bench: 'move-applications';
  readonly records: number;
  /** Of these nobody knows whether they were written. */
  readonly unknown: number;
  readonly moves: readonly Move[];
  readonly medianSeconds: number;
  readonly groups: readonly GroupVerdict[];
  /** Records that functions had still to read when they were first called on the other cluster, move by move. */
  readonly unread: Readonly<Record<string, readonly number[]>>;
  /** Mappings of functions that were not enabled, or not disabled, as they have to be after a move. */
  readonly strays: readonly string[];
}

export function figuresOf(
  moves: readonly Move[],
  groups: readonly GroupVerdict[],
  { ledger, writers }: Applications,
  lambda: LambdaConsumers | undefined,
): MoveFigures {
  const sorted = moves.map(({ machineSeconds }) => machineSeconds).toSorted((a, b) => a - b);
  return {
    bench: 'move-applications',
    records: ledger.acknowledged,
    unknown: writers.unknown,
    moves,
    medianSeconds: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    groups,
    unread: Object.fromEntries((lambda?.readers ?? []).map(({ group, unread }) => [group, unread])),
    strays: lambda?.strays ?? [],
  };
}

export function describeMoves(figures: MoveFigures): string {
  const { records, unknown, moves, medianSeconds, groups, unread, strays } = figures;
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  return [
    '',
    `${records} records were acknowledged; of ${unknown} nobody knows whether they were written.`,
    '',
    ...table(
      ['move', 'machine time', 'writing stood still'],
      moves.map(({ kind, machineSeconds, pauseSeconds }) => [kind, seconds(machineSeconds), seconds(pauseSeconds)]),
    ),
    '',
    `Median machine time ${seconds(medianSeconds)}.`,
    '',
    ...table(
      ['group', 'lost', 'read twice', 'out of order', 'foreign'],
      groups.map(({ group, ...counts }) => {
        const { lost, twice, reordered, foreign } = counts;
        return [group, ...[lost, twice, reordered, foreign].map(String)];
      }),
    ),
    '',
    ...Object.entries(unread).map(([name, counts]) => `${name} was moved with ${counts.join(', ')} records to read.`),
    ...strays.map((stray) => `NOT as it has to be: ${stray}`),
    groups.every(isExact) ? 'Nothing lost, nothing read twice, all in order.' : 'NOT exact.',
  ].join('\n');
}
