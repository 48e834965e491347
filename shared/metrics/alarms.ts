import type { AlarmSettings } from './alarm-settings.ts';
import type { MetricName } from './catalogue.ts';

export { type AlarmSettings, defaultAlarmSettings } from './alarm-settings.ts';

/** Where the metric is published: beside the source by `replicate` and `reconcile`, beside the target by the others. */
export type AlarmSide = 'source' | 'target';

export type AlarmStatistic = 'Sum' | 'Minimum' | 'Maximum' | 'SampleCount' | 'p50' | 'p99';

/** Lambda's own of each call, 0 or 1, by the function's name: it tells also of those that time out, and costs nothing. */
export const LAMBDA_ERRORS = 'Errors';

export type AlarmMetric = MetricName | typeof LAMBDA_ERRORS;

export interface AlarmFacts {
  readonly side: AlarmSide;
  readonly metric: AlarmMetric;
  /** The metric's dimension `service`, or the function whose calls are counted. */
  readonly service: string;
  readonly statistic: AlarmStatistic;
  /** Minutes that one value is taken over. */
  readonly periodMinutes: number;
  /** Of so many values the alarm looks at, `breaching` have to be beyond the threshold. */
  readonly values: number;
  readonly breaching: number;
  readonly comparison: 'above' | 'below';
  readonly threshold: number;
  /** What is assumed where there is no value. */
  readonly missing: 'breaching' | 'notBreaching' | 'ignore';
  readonly why: string;
  /** Whether the flow's composite alarm tells of it; the others are for the dashboard and for those who look closer. */
  readonly pages: boolean;
  readonly means: string;
  readonly first: string;
}

/** Three of five minutes: what passes by itself pages nobody. */
const LASTING = { periodMinutes: 1, values: 5, breaching: 3 } as const;
const ONCE_IN_FIVE = { periodMinutes: 1, values: 5, breaching: 1 } as const;

const NOTHING_WRITTEN = 'nothing is written while nothing is delivered, which is no fault';
const EVENT = 'an event is published only when it happens';

/** How often a run of `verify` begins, where nothing else is said. */
export const DEFAULT_VERIFY_MINUTES = 15;

/**
 * Every alarm of a flow but those of its runbooks, by the end of its name.
 * @param verifyMinutes from the begin of a run of `verify` to that of the next one
 */
export function flowAlarms(
  settings: AlarmSettings,
  verifyMinutes: number = DEFAULT_VERIFY_MINUTES,
): Readonly<Record<string, AlarmFacts>> {
  return {
    'record-age': {
      ...{ side: 'source', service: 'replicate', metric: 'RecordAge', statistic: 'p99', ...LASTING },
      ...{ comparison: 'above', threshold: settings.recordAgeMs, missing: 'notBreaching', why: NOTHING_WRITTEN },
      pages: false,
      means: 'Records wait in the source for longer than they should before Lambda delivers them.',
      first:
        'Look whether pollers and concurrency are at their limits: causeway status, then causeway.pollers.maximum.',
    },
    'replication-latency': {
      ...{ side: 'source', service: 'replicate', metric: 'ReplicationLatency', statistic: 'p99', ...LASTING },
      ...{
        comparison: 'above',
        threshold: settings.replicationLatencyMs,
        missing: 'notBreaching',
        why: NOTHING_WRITTEN,
      },
      pages: false,
      means: "Records take long from their timestamp to the target's acknowledgement.",
      first:
        'Compare with record-age: if that is low, the target or the way to it is slow; if not, they wait in the source.',
    },
    'rate-low': {
      ...{ side: 'source', service: 'replicate', metric: 'RecordsReplicated', statistic: 'Sum' },
      ...{ periodMinutes: 5, values: 3, breaching: 3 },
      ...{ comparison: 'below', threshold: 2.5 * (settings.recordsPerMinute ?? 0), missing: 'breaching' },
      why: 'no delivery is the lowest rate of all',
      pages: false,
      means: 'Fewer than half of the usual records are replicated.',
      first: 'Ask whether producers write less on purpose; if not: causeway status shows what stands still.',
    },
    gap: {
      ...{ side: 'source', service: 'replicate', metric: 'LedgerEntries', statistic: 'Sum' },
      ...{ periodMinutes: 5, values: 3, breaching: 1, comparison: 'above', threshold: 0, missing: 'notBreaching' },
      why: EVENT,
      pages: true,
      means: 'Records could not be copied, or a log was cut back: the gap ledger has the exact ranges.',
      first: 'causeway gaps lists them, with what can be done about each.',
    },
    'partition-stopped': {
      ...{ side: 'source', service: 'replicate', metric: 'PartitionsNeedingHelp', statistic: 'Sum', ...ONCE_IN_FIVE },
      ...{ comparison: 'above', threshold: 0, missing: 'notBreaching', why: EVENT },
      pages: true,
      means:
        'A partition stopped and will not go on by itself; the others do. Nothing is lost before its retention ends.',
      first: 'Look at the log of replicate: its errors name the partition, what is safe and what to do next.',
    },
    refused: {
      ...{ side: 'source', service: 'replicate', metric: 'InvocationsRefused', statistic: 'Sum', ...ONCE_IN_FIVE },
      ...{ comparison: 'above', threshold: 0, missing: 'notBreaching', why: EVENT },
      pages: true,
      means: 'The function replicate cannot begin, or got an event that it does not know: nothing is copied by it.',
      first: 'Look at its log: it says which configuration or secret cannot be used.',
    },
    'topics-not-looked-at': {
      ...{ side: 'source', service: 'reconcile', metric: LAMBDA_ERRORS, statistic: 'Minimum' },
      ...{ periodMinutes: 1, values: 5, breaching: 5, comparison: 'above', threshold: 0, missing: 'breaching' },
      why: 'it is called each minute',
      pages: true,
      means: 'Topics cannot be looked at: new ones are not replicated, settings not followed. What runs goes on.',
      first:
        'Look at the log of reconcile: a cluster, the table or Lambda does not answer, it cannot begin, or nothing calls it.',
    },
    'topics-failing': {
      ...{ side: 'source', service: 'reconcile', metric: 'ReconcileFailures', statistic: 'Sum' },
      ...{ periodMinutes: 1, values: 10, breaching: 10, comparison: 'above', threshold: 0, missing: 'notBreaching' },
      why: EVENT,
      pages: true,
      means: 'A topic cannot be made, grown or connected; the others are.',
      first: 'Look at the log of reconcile, or ask causeway plan: it names the topic and the reason.',
    },
    'records-waiting': {
      ...{ side: 'target', service: 'monitor', metric: 'RecordsWaiting', statistic: 'Maximum', ...LASTING },
      ...{ comparison: 'above', threshold: settings.recordsWaiting, missing: 'ignore' },
      why: 'where the lag is not known it is what it was: lag-unknown tells of that',
      pages: true,
      means: 'More records than allowed are in the source and not in the target.',
      first: 'causeway status shows which topics; if all are behind, look at throttles, pollers and the target.',
    },
    'seconds-behind': {
      ...{ side: 'target', service: 'monitor', metric: 'SecondsBehind', statistic: 'Maximum', ...LASTING },
      ...{ comparison: 'above', threshold: settings.secondsBehind, missing: 'ignore' },
      why: 'where the lag is not known it is what it was: lag-unknown tells of that',
      pages: true,
      means:
        'The oldest record that the target has not is older than allowed: so much would be lost with the source now.',
      first: 'causeway status shows the topic and the partition; its log lines in replicate say why.',
    },
    'lag-unknown': {
      ...{ side: 'target', service: 'monitor', metric: 'RecordsWaiting', statistic: 'SampleCount' },
      ...{ periodMinutes: 1, values: 5, breaching: 5, comparison: 'below', threshold: 1, missing: 'breaching' },
      why: 'nothing tells how far the flow is behind',
      pages: true,
      means: 'The function monitor cannot read the source, the target or the offset map, or does not run.',
      first: 'causeway status from a machine that reaches the brokers; then the log of monitor.',
    },
    'end-to-end-latency': {
      ...{ side: 'target', service: 'heartbeat', metric: 'HeartbeatLatency', statistic: 'p99', ...LASTING },
      ...{ comparison: 'above', threshold: settings.endToEndLatencyMs, missing: 'ignore' },
      why: 'heartbeats-missing tells of that',
      pages: true,
      means: 'A heartbeat takes too long from the source to a reader of the target: so does everything.',
      first: 'Compare with records-waiting; if nothing waits, look at the network and the brokers of both clusters.',
    },
    'end-to-end-latency-strict': {
      ...{ side: 'target', service: 'heartbeat', metric: 'HeartbeatLatency', statistic: 'p50' },
      ...{ periodMinutes: 1, values: 15, breaching: 15 },
      ...{ comparison: 'above', threshold: settings.endToEndLatencyStrictMs, missing: 'ignore' },
      why: 'heartbeats-missing tells of that',
      pages: false,
      means: 'Half of the heartbeats take longer than the strict limit, for a quarter of an hour.',
      first: 'Nothing is wrong yet: look at the dashboard for what has grown with it.',
    },
    'heartbeats-missing': {
      ...{ side: 'target', service: 'heartbeat', metric: 'HeartbeatLatency', statistic: 'SampleCount' },
      ...{ periodMinutes: 1, values: settings.heartbeatsMissingMinutes, breaching: settings.heartbeatsMissingMinutes },
      ...{ comparison: 'below', threshold: 1, missing: 'breaching' },
      why: 'no heartbeat is what it is about',
      pages: true,
      means: 'No heartbeat of the source arrives: its region, the way from there, or what writes them is lost.',
      first: 'Look at the source. If it is gone: causeway failover start proves it before it moves anything.',
    },
    'checkpoint-latency': {
      ...{ side: 'target', service: 'checkpoint', metric: 'CheckpointLatency', statistic: 'p99', ...LASTING },
      ...{ comparison: 'above', threshold: settings.checkpointLatencyMs, missing: 'ignore' },
      why: 'checkpoint-age tells of that',
      pages: true,
      means: "Groups' offsets reach the target late: after a failover, records would be read again.",
      first: 'Look at the log of checkpoint: causeway.checkpoint.memory.mb helps where groups are very many.',
    },
    'checkpoint-age': {
      ...{ side: 'target', service: 'checkpoint', metric: 'SourceOffsetsAge', statistic: 'Maximum' },
      ...{ periodMinutes: 1, values: 3, breaching: 3, comparison: 'above', threshold: settings.checkpointAgeMs },
      missing: 'breaching',
      why: 'the function tells an age at each tick, whatever it finds',
      pages: true,
      means: 'What is known of the groups on the source is old, or checkpoint does not run.',
      first: 'Look at the log of checkpoint: the source does not tell its groups, or some of them.',
    },
    'flow-problems': {
      ...{ side: 'target', service: 'monitor', metric: 'FlowProblems', statistic: 'Maximum', ...LASTING },
      ...{ comparison: 'above', threshold: 0, missing: 'notBreaching', why: EVENT },
      pages: true,
      means: 'What causeway status calls wrong has been so for minutes.',
      first: 'causeway status, or the log of monitor: both name it.',
    },
    'verify-differences': {
      ...{ side: 'target', service: 'verify', metric: 'RecordsNotTheSame', statistic: 'Sum' },
      ...{ periodMinutes: 5, values: 3, breaching: 1, comparison: 'above', threshold: 0, missing: 'notBreaching' },
      why: EVENT,
      pages: true,
      means: 'What the target holds is not what the source holds: records are missing, changed, too many or misplaced.',
      first:
        'Look at the log of verify: it names each, partition and offsets; causeway verify --topic finds all of a topic.',
    },
    'verify-behind': {
      ...{ side: 'target', service: 'verify', metric: 'VerificationLag', statistic: 'Maximum' },
      ...{ periodMinutes: verifyMinutes, values: 3, breaching: 3 },
      ...{ comparison: 'above', threshold: settings.verificationLagSeconds, missing: 'breaching' },
      why: 'each run that ends tells how far it is',
      pages: true,
      means:
        'What was replicated long ago is not verified yet, or verify does not run. Replication is not touched by it.',
      first:
        'Nothing is lost: look at the log of verify for what it cannot read. New on a flow with history: let it catch up.',
    },
    placement: {
      ...{ side: 'target', service: 'monitor', metric: 'PartitionsAtRisk', statistic: 'Maximum', ...LASTING },
      ...{ comparison: 'above', threshold: 0, missing: 'notBreaching', why: EVENT },
      pages: true,
      means:
        'Partitions have too few replicas in step, or too many of them in one rack: one failure more loses or stops them.',
      first:
        'The log of monitor names cluster and partitions: bring the broker back, or reassign replicas over the racks.',
    },
  };
}

export const ALARM_PAGE = 'docs/operating.md';

/** What an alarm says of itself. @param section of the page, the end of its name */
export function alarmDescription(section: string, { means, first }: Pick<AlarmFacts, 'means' | 'first'>): string {
  return `${means} First: ${first} ${ALARM_PAGE}#${section}`;
}
