import type { AlarmSettings, AlarmSide, AlarmStatistic } from '../../../shared/metrics/alarms.ts';
import { METRICS, type MeasuredBy, type MetricName } from '../../../shared/metrics/catalogue.ts';

/** One metric of the flow. */
export interface GraphLine {
  readonly metric: MetricName;
  readonly statistic: AlarmStatistic;
  readonly label: string;
  /** Of a metric that every function has: whose. */
  readonly service?: MeasuredBy;
}

export interface GraphFacts {
  readonly title: string;
  readonly lines?: readonly GraphLine[];
  /** A metric that topics have: a line for each, also for those that are not there yet. */
  readonly topics?: Pick<GraphLine, 'metric' | 'statistic'>;
  /** A metric of the flow, a second, on an axis of its own. */
  readonly perSecond?: MetricName;
  /** The threshold of its alarm: told in the title, as a line at it would flatten all others. */
  readonly limit?: keyof AlarmSettings;
}

const event = (metric: MetricName): GraphLine => ({ metric, statistic: 'Sum', label: metric });
const happenings = (...metrics: readonly MetricName[]) => metrics.map(event);

const LAG: readonly GraphFacts[] = [
  {
    title: 'Records that the target has not',
    lines: [{ metric: 'RecordsWaiting', statistic: 'Maximum', label: 'all topics' }],
    topics: { metric: 'RecordsWaiting', statistic: 'Maximum' },
    limit: 'recordsWaiting',
  },
  {
    title: 'Age of the oldest record that the target has not, seconds',
    lines: [{ metric: 'SecondsBehind', statistic: 'Maximum', label: 'all topics' }],
    topics: { metric: 'SecondsBehind', statistic: 'Maximum' },
    limit: 'secondsBehind',
  },
];

const LATENCY: readonly GraphFacts[] = [
  {
    title: 'Latency of replication, ms',
    lines: [
      { metric: 'ReplicationLatency', statistic: 'p50', label: 'p50' },
      { metric: 'ReplicationLatency', statistic: 'p99', label: 'p99' },
    ],
    limit: 'replicationLatencyMs',
  },
  {
    title: 'Latency of replication by topic, p99, ms',
    topics: { metric: 'ReplicationLatency', statistic: 'p99' },
  },
  {
    title: 'Latency of heartbeats, end to end, ms',
    lines: [
      { metric: 'HeartbeatLatency', statistic: 'p50', label: 'p50' },
      { metric: 'HeartbeatLatency', statistic: 'p99', label: 'p99' },
    ],
    limit: 'endToEndLatencyMs',
  },
];

const THROUGHPUT: readonly GraphFacts[] = [
  {
    title: 'Records replicated by topic; right: all of them, a second',
    topics: { metric: 'RecordsReplicated', statistic: 'Sum' },
    perSecond: 'RecordsReplicated',
  },
  {
    title: 'Bytes replicated by topic; right: all of them, a second',
    topics: { metric: 'BytesReplicated', statistic: 'Sum' },
    perSecond: 'BytesReplicated',
  },
  {
    title: 'Age of the oldest records that are delivered, ms',
    lines: [{ metric: 'RecordAge', statistic: 'p99', label: 'p99 of all topics' }],
    topics: { metric: 'RecordAge', statistic: 'p99' },
    limit: 'recordAgeMs',
  },
];

const GROUPS: readonly GraphFacts[] = [
  {
    title: 'Records before the group furthest behind, on the source',
    lines: [{ metric: 'GroupRecordsWaiting', statistic: 'Maximum', label: 'records' }],
  },
  {
    title: 'Group offsets on their way to the target, ms',
    lines: [
      { metric: 'CheckpointLatency', statistic: 'p99', label: 'from reading to checkpoint, p99' },
      { metric: 'SourceOffsetsAge', statistic: 'Maximum', label: 'age of what the source told' },
    ],
  },
];

const VERIFICATION: readonly GraphFacts[] = [
  {
    title: 'Age of the oldest replicated record that is not verified, seconds',
    lines: [{ metric: 'VerificationLag', statistic: 'Maximum', label: 'all topics' }],
    limit: 'verificationLagSeconds',
  },
  {
    title: 'Records verified; not the same',
    lines: [
      { metric: 'RecordsVerified', statistic: 'Sum', label: 'verified' },
      { metric: 'RecordsNotTheSame', statistic: 'Sum', label: 'not the same' },
    ],
  },
];

const EVENTS: readonly GraphFacts[] = [
  {
    title: 'Records and partitions: what should not happen',
    lines: [
      ...happenings('LedgerEntries', 'RecordsLostToRetention', 'RecordsQuarantined', 'PartitionsNeedingHelp'),
      ...happenings('PartitionsStopped', 'TakeOvers', 'DuplicatesDropped'),
      { ...event('InvocationsRefused'), service: 'replicate' },
    ],
  },
  {
    title: 'Topics: what should not happen',
    lines: happenings(
      'LooksFailed',
      'ReconcileFailures',
      'SyncFailures',
      'TopicsWaiting',
      'RenewalsFailed',
      'FlowHeld',
    ),
  },
  {
    title: 'The flow, its groups and runbooks: what should not happen',
    lines: [
      ...happenings('ReadingsFailed', 'TicksFailed', 'SourceReadsFailed', 'GroupsUntold', 'HeartbeatsFailed'),
      { metric: 'PartitionsUnverified', statistic: 'Maximum', label: 'PartitionsUnverified' },
      { metric: 'FlowProblems', statistic: 'Maximum', label: 'FlowProblems' },
      { metric: 'PartitionsAtRisk', statistic: 'Maximum', label: 'PartitionsAtRisk' },
      { metric: 'RunbookFailed', statistic: 'Maximum', label: 'RunbookFailed' },
    ],
  },
];

/** Rows of graphs, by what they are looked at for. */
export const GRAPHS = {
  ...{ lag: LAG, latency: LATENCY, throughput: THROUGHPUT, groups: GROUPS },
  ...{ verification: VERIFICATION, events: EVENTS },
} as const;

/** The function that publishes a line, by its name in metrics. */
export function serviceOf({ metric, service = METRICS[metric].by }: Pick<GraphLine, 'metric' | 'service'>): string {
  return service;
}

/** Where all of a graph is published. */
export function sideOf({ lines = [], topics }: GraphFacts): AlarmSide {
  const [first = topics] = lines;
  const service = first === undefined ? undefined : serviceOf(first);
  return service === 'replicate' || service === 'reconcile' ? 'source' : 'target';
}
