import { z } from 'zod';
import type { Resumed } from '../local/applications/emergency.ts';
import type { GroupVerdict } from '../local/applications/ledger.ts';
import { type StoppedAt, stoppedAtIn } from '../shared/runbook/left-behind/stopped-at.ts';
import { StartedBy } from '../shared/runbook/runbook.ts';
import type { StageRecord } from '../shared/runbook/stage.ts';
import type { Move } from './moves-report.ts';
import { table } from './table.ts';

/** What `bound-loss` told. */
export interface LossTold {
  readonly atLeast: number;
  readonly atMost: number;
  readonly stoppedAt: StoppedAt;
}

export interface EmergencyFigures {
  readonly bench: 'lose-region';
  readonly startedBy: StartedBy;
  /** How long the alarm that starts it may take; 0: a person starts it at once. */
  readonly alarmMs: number;
  /** Records a second. */
  readonly rate: number;
  readonly records: number;
  /** Of these nobody knows whether they were written. */
  readonly unknown: number;
  /** From the runbook's first stage to the end of `promote`. */
  readonly machineSeconds: number;
  readonly resumed: Resumed;
  readonly told: LossTold;
  /** Records that the source's logs held, and the target not. */
  readonly lost: number;
  readonly back: Move;
  readonly groups: readonly GroupVerdict[];
  /** Mappings of functions that were not enabled, or not disabled, as they have to be after a move. */
  readonly strays: readonly string[];
}

const evidence = z.object({ atLeast: z.number(), atMost: z.number() });

/** Seconds of traffic that the interval may be wide. */
const WIDEST_S = 2;
/** From the loss of a region until applications go on in the other one. */
const RESUMED_S = 90;

export function lossTold(stages: readonly StageRecord[]): LossTold {
  const told = stages.find(({ stage }) => stage === 'bound-loss')?.evidence;
  const stoppedAt = stoppedAtIn(told);
  if (stoppedAt === undefined) throw new Error('bound-loss told nothing');
  return { ...evidence.parse(told), stoppedAt };
}

/**
 * The true loss is inside the interval, applications went on in time, and every record has arrived at every group in the
 * end: those that were left behind after later ones of their keys, and no others.
 */
export function isProven({ rate, alarmMs, resumed, told, lost, back, groups, strays }: EmergencyFigures): boolean {
  const { atLeast, atMost } = told;
  return (
    atLeast <= lost &&
    lost <= atMost &&
    atMost - atLeast <= WIDEST_S * rate &&
    slowest(resumed) <= RESUMED_S * 1_000 + alarmMs &&
    back.succeeded &&
    strays.length === 0 &&
    groups.every((each) => each.lost + each.foreign === 0 && each.reordered <= lost)
  );
}

function slowest({ writingMs, readingMs }: Resumed): number {
  return Math.max(writingMs, ...readingMs.values());
}

export function describeLoss(figures: EmergencyFigures): string {
  const { startedBy, rate, records, unknown, machineSeconds, resumed, told, lost, back, groups, strays } = figures;
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  const width = (told.atMost - told.atLeast) / rate;
  return [
    '',
    `${records} records were acknowledged; of ${unknown} nobody knows whether they were written.`,
    '',
    `${told.atLeast} to ${told.atMost} records were told to be lost (${width.toFixed(2)} s of traffic), ${lost} were.`,
    `The failover${startedBy === StartedBy.Alarm ? ', which an alarm started,' : ''} took ${machineSeconds.toFixed(1)} s; records were acknowledged again ${seconds(resumed.writingMs)} after the loss.`,
    `All of what was left behind arrived; the failback ${back.succeeded ? `took ${back.machineSeconds.toFixed(1)} s` : 'did not go through'}.`,
    '',
    ...table(
      ['group', 'reads again after', 'lost', 'read twice', 'after later ones', 'foreign'],
      groups.map(({ group, ...counts }) => {
        const { lost: never, twice, reordered, foreign } = counts;
        return [
          group,
          seconds(resumed.readingMs.get(group) ?? Number.NaN),
          ...[never, twice, reordered, foreign].map(String),
        ];
      }),
    ),
    '',
    ...strays.map((stray) => `NOT as it has to be: ${stray}`),
    isProven(figures) ? 'Proven: nothing is lost in the end, and the loss was as told.' : 'NOT proven.',
  ].join('\n');
}
