import { type GroupVerdict, isExact } from '../local/applications/ledger.ts';
import type { RunbookKind } from '../shared/runbook/runbook.ts';
import { table } from './table.ts';

/** What was done to one move of the applications. */
export interface Fault {
  readonly kind: RunbookKind;
  readonly what: 'execution stopped' | 'function killed';
  /** Stages that it was done to. */
  readonly stages: readonly string[];
  /** Those that it should have been done to as well: the run had ended, or the function was between two calls. */
  readonly missed: readonly string[];
  /** Whether the applications were moved in the end. */
  readonly finished: boolean;
}

export interface FaultFigures {
  readonly bench: 'runbook-faults';
  readonly records: number;
  /** Of these nobody knows whether they were written. */
  readonly unknown: number;
  readonly faults: readonly Fault[];
  /** Looks at the registry and the parameters that had more than one cluster active. */
  readonly violations: readonly string[];
  readonly looks: number;
  /** How often the registry named another cluster. */
  readonly moves: number;
  readonly groups: readonly GroupVerdict[];
}

export function describeFaults(figures: FaultFigures): string {
  const { records, unknown, faults, violations, looks, moves, groups } = figures;
  return [
    '',
    `${records} records were acknowledged; of ${unknown} nobody knows whether they were written.`,
    '',
    ...table(
      ['runbook', 'disturbed', 'at stages', 'ended'],
      faults.map(({ kind, what, stages, missed, finished }) => [
        kind,
        what,
        `${stages.length} of ${stages.length + missed.length}`,
        finished ? 'well' : 'NOT well',
      ]),
    ),
    '',
    ...faults.flatMap(({ kind, what, stages, missed }) => [
      `${kind}, ${what}: ${stages.join(', ')}`,
      ...(missed.length === 0 ? [] : [`  NOT disturbed: ${missed.join(', ')}`]),
    ]),
    '',
    `${looks} looks at who is active, ${moves} moves: ${violations.length === 0 ? 'one cluster at any time.' : 'NOT one:'}`,
    ...violations,
    '',
    ...table(
      ['group', 'lost', 'read twice', 'out of order', 'foreign'],
      groups.map(({ group, lost, twice, reordered, foreign }) => [
        group,
        ...[lost, twice, reordered, foreign].map(String),
      ]),
    ),
    '',
    groups.every(isExact) ? 'Nothing lost, nothing read twice, all in order.' : 'NOT exact.',
  ].join('\n');
}
