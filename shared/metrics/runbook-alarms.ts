import type { AlarmFacts } from './alarms.ts';

export interface RunbookAlarmFacts extends Pick<AlarmFacts, 'means' | 'first' | 'missing' | 'why'> {
  /** What it looks at, as a clause. */
  readonly when: string;
  /** The composite alarm that tells of it, beside the target. */
  readonly toldBy?: 'target-unhealthy' | 'target-not-ready';
  /** One for each runbook, whose name comes before this one. */
  readonly ofEach?: true;
}

/** Every alarm of a flow's runbooks, by the end of its name; all are beside the target. */
export const RUNBOOK_ALARMS = {
  'runbook-failed': {
    when: 'the Maximum of `RunbookFailed` over 5 minutes is 1',
    missing: 'ignore',
    why: 'one that has failed is not made good by time: the next run that ends well clears it',
    toldBy: 'target-unhealthy',
    means: 'A run in earnest stopped, or its execution was stopped or timed out: clients may still be fenced.',
    first: 'causeway failover status (or of the runbook that it was): where it stands, and how to go on or abort it.',
  },
  'runbook-cannot-run': {
    when: "the Minimum of Lambda's own `Errors` of `runbook` over 5 minutes is 1: every call of it fails",
    missing: 'ignore',
    why: 'the next call tells, which a dry run makes each hour',
    toldBy: 'target-unhealthy',
    means: 'The function runbook fails whenever it is called: no runbook can run, and none that runs goes on.',
    first: 'Look at its log: it names the configuration, the secret or the right that it lacks.',
  },
  'would-stop': {
    when: 'the Maximum of `RunbookDryRunFailed` of the runbook over 5 minutes is 1',
    missing: 'ignore',
    why: 'what the last dry run said stands until another says otherwise',
    toldBy: 'target-not-ready',
    ofEach: true,
    means: 'The runbook would not succeed now: its last dry run says so.',
    first: 'Look at that execution in Step Functions: its cause names each stage that would stop it, and why.',
  },
  'not-tried': {
    when: '`RunbookDryRunFailed` of the runbook has no sample for two intervals of its dry runs and an hour',
    missing: 'breaching',
    why: 'that none ended is what it is about',
    toldBy: 'target-not-ready',
    ofEach: true,
    means: 'No dry run of the runbook has ended lately: nobody knows whether it would succeed.',
    first: 'Look at the rule that starts it, at its state machine, and at the log of runbook.',
  },
  'drill-overdue': {
    when: 'the Minimum of `DrillAge` over a day is `causeway.drill.every.days` or more (90)',
    missing: 'breaching',
    why: 'there never was a drill, or no dry run to tell of it',
    toldBy: 'target-not-ready',
    means: 'No drill has succeeded for longer than drills may be apart: a plan that was never executed is no plan.',
    first: 'causeway drill start, with people told of it.',
  },
  'source-lost': {
    when: '`HeartbeatLatency` has no sample for `causeway.failover.alarm.minutes`, where that is set',
    missing: 'breaching',
    why: 'the function that waits for heartbeats cannot tell of those that do not come',
    means: 'No heartbeat of the source arrives: a failover is started, which proves that the source is gone.',
    first: 'causeway failover status: what it found, and whether it waits for approval.',
  },
} as const satisfies Readonly<Record<string, RunbookAlarmFacts>>;

export type RunbookAlarmName = keyof typeof RUNBOOK_ALARMS;
