import type { RunSummary } from '../../runbook/registry/run-summary.ts';
import type { StartedBy } from '../../runbook/runbook.ts';
import { printable } from '../terminal/one-line.ts';

const STARTERS: Readonly<Record<StartedBy, string>> = {
  person: 'a person',
  schedule: 'the schedule',
  alarm: 'an alarm',
  plan: 'a plan',
};

/** `started by an alarm: no heartbeat arrives from the source`. The reason is in whoever's words. */
export function describeStart({ startedBy, reason }: Pick<RunSummary, 'startedBy' | 'reason'>): string {
  const by = `started by ${STARTERS[startedBy]}`;
  return reason === '' ? by : `${by}: ${printable(reason)}`;
}

/** `switchover us-east to us-west, generation 3, begun 2030-01-02T03:04:05.000Z: finished; started by a person`. */
export function describeRun(run: RunSummary): string {
  const { kind, from, to, generation, startedAt, outcome, stoppedAt } = run;
  const at = stoppedAt === undefined ? '' : ` at ${stoppedAt}`;
  const began = new Date(startedAt).toISOString();
  return `${kind} ${from} to ${to}, generation ${generation}, begun ${began}: ${outcome}${at}; ${describeStart(run)}`;
}
