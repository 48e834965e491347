import { LogQueryWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { logGroupOf } from '../causeway-function.ts';

/** Rows of logs, by Logs Insights: of the time that the dashboard shows. */
export interface LogTable {
  readonly title: string;
  /** Joined by `|`. */
  readonly query: readonly string[];
}

const NEWEST = ['sort @timestamp desc', 'limit 20'];

/** Of `replicate`: each range as it was written to the ledger. */
export const GAP_LEDGER: LogTable = {
  title: 'Gap ledger: what was entered',
  query: [
    'filter ispresent(entry.kind)',
    'fields @timestamp, topic, partition, entry.kind, entry.from, entry.to',
    ...NEWEST,
  ],
};

/** Of `monitor`, which tells each minute of the groups that are furthest behind. */
export const GROUP_TABLE: LogTable = {
  title: 'Groups, those furthest behind first',
  query: [
    'filter message = "groups"',
    'fields jsonParse(@message) as reading',
    'unnest reading.groups into row',
    'stats latest(row.records) as waiting, latest(row.seconds) as seconds, latest(row.notReplicated) as notReplicated, ' +
      'latest(row.problem) as problem, max(@timestamp) as lastTold by row.group',
    'sort waiting desc',
    'limit 20',
  ],
};

/** Of `runbook`, which tells how each run and dry run ended. */
export const RUNS: LogTable = {
  title: 'Runbooks: runs in earnest',
  query: [
    'filter message = "run ended" and outcome not like /^would/',
    'fields @timestamp, runbook, outcome, stoppedAt, says, startedBy, reason',
    ...NEWEST,
  ],
};

export const DRY_RUNS: LogTable = {
  title: 'Runbooks: what the last dry runs say',
  query: [
    'filter message = "run ended" and outcome like /^would/',
    'stats latest(outcome) as now, latest(stoppedAt) as stoppedAt, latest(says) as says, max(@timestamp) as lastRun by runbook',
  ],
};

/** Of any function: whatever begins to be wrong, with what to do. */
export const COMPLAINTS: LogTable = {
  title: 'Warnings and errors of functions',
  query: ['filter level in ["WARN", "ERROR", "CRITICAL"]', 'fields @timestamp, service, message, next', ...NEWEST],
};

export function logTable(
  { title, query }: LogTable,
  {
    functions,
    region,
    width,
  }: { readonly functions: readonly string[]; readonly region: string; readonly width: number },
): LogQueryWidget {
  const own = { title, region, width, height: 7 };
  return new LogQueryWidget({ ...own, logGroupNames: functions.map(logGroupOf), queryLines: [...query] });
}
