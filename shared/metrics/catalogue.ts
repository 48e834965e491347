/**
 * What a metric costs decides when it is published.
 * - `always`: it has a value each minute that the flow runs. At most ten of a flow and six of a topic.
 * - `rare`: published when there is something to tell, zero included: when a runbook or its dry run has ended, or a run of
 *   `verify`
 * - `event`: published only above zero: what is not there has not happened
 * - `detail`: in the log alone, unless `causeway.metrics.detailed` asks for it
 */
export type MetricLevel = 'always' | 'rare' | 'event' | 'detail';

export type MetricUnitName = 'Count' | 'Bytes' | 'Milliseconds' | 'Seconds';

export type MeasuredBy =
  | 'replicate'
  | 'monitor'
  | 'checkpoint'
  | 'heartbeat'
  | 'reconcile'
  | 'runbook'
  | 'verify'
  | 'every function';

export interface MetricFacts {
  readonly unit: MetricUnitName;
  readonly level: MetricLevel;
  readonly by: MeasuredBy;
  /** Published once for the flow, or also for each topic; `Reason` and `Runbook` are dimensions of their own. */
  readonly of: 'flow' | 'flow and topic' | 'flow and reason' | 'flow and runbook';
  readonly means: string;
  /** What MirrorMaker 2 has in its place, by JMX. */
  readonly mirrorMaker?: string;
}

const always = { level: 'always', of: 'flow' } as const;
const perTopic = { level: 'always', of: 'flow and topic' } as const;
const event = { unit: 'Count', level: 'event', of: 'flow' } as const;
const detail = { unit: 'Count', level: 'detail', of: 'flow' } as const;

const of = <const M extends Readonly<Record<string, Omit<MetricFacts, 'by'>>>>(by: MeasuredBy, metrics: M) =>
  Object.fromEntries(Object.entries(metrics).map(([name, facts]) => [name, { by, ...facts }])) as {
    readonly [K in keyof M]: MetricFacts;
  };

/** Every metric, under the name that it has in CloudWatch's namespace `Causeway`. */
export const METRICS = {
  ...of('replicate', {
    RecordsReplicated: {
      ...perTopic,
      unit: 'Count',
      means:
        'records that a delivery brought, and that are in the target; those that were there before are counted too',
      mirrorMaker: '`record-count`, `record-rate`',
    },
    BytesReplicated: {
      ...perTopic,
      unit: 'Bytes',
      means: 'their keys and values, before compression',
      mirrorMaker: '`byte-count`, `byte-rate`, of values alone',
    },
    RecordAge: {
      ...perTopic,
      unit: 'Milliseconds',
      means:
        'age of the oldest record of each partition of a delivery when it reached the function: what it waited in the source',
      mirrorMaker: '`record-age-ms`, with `-min`, `-max`, `-avg`',
    },
    ReplicationLatency: {
      ...perTopic,
      unit: 'Milliseconds',
      means:
        "from a record's timestamp until its partition's delivery was acknowledged by the target and in the offset map; evenly spread records of each delivery, the oldest always",
      mirrorMaker: '`replication-latency-ms`, with `-min`, `-max`, `-avg`',
    },
    DuplicatesDropped: {
      ...event,
      means: 'records that Lambda delivered again, of which the offset map knew that they were in the target',
    },
    RecordsLostToRetention: { ...event, means: 'offsets that the source had deleted before they could be copied' },
    RecordsQuarantined: { ...event, means: 'records set aside that the target does not take' },
    LedgerEntries: { ...event, means: 'ranges written to the gap ledger, of whatever kind' },
    PartitionsNeedingHelp: {
      ...event,
      means: 'partitions that stopped and will not go on by themselves; the log names each, with what to do',
    },
    PartitionsStopped: { ...event, means: 'partitions that stopped, also those that go on at the next delivery' },
    TakeOvers: { ...event, means: 'ways to go on after a time-out or a crash: nothing is lost by them' },
    OutOfOrderRefusals: {
      ...event,
      means: 'batches that a broker refused because one before them was missing: sent again in order',
    },
    Retries: { ...detail, means: 'batches sent again or looked up in the log' },
    RecordsSettled: { ...detail, means: 'records found in the target that an earlier invocation had sent' },
    OffsetSyncsWritten: { ...detail, means: 'offset syncs, where they are wanted' },
    OffsetSyncsLost: { ...event, means: 'offset syncs that could not be written; records are copied all the same' },
  }),
  ...of('monitor', {
    RecordsWaiting: {
      ...perTopic,
      unit: 'Count',
      means:
        'offsets from the first committed record that the target has not to the end of what is committed at the source',
      mirrorMaker: 'none (KIP-971)',
    },
    SecondsBehind: {
      ...perTopic,
      unit: 'Seconds',
      means:
        'age of the oldest committed record that the target has not; 0 where it has all; where some could not be read, of the others, and `FlowProblems` counts it',
      mirrorMaker: 'none',
    },
    GroupRecordsWaiting: {
      ...always,
      unit: 'Count',
      means: 'offsets that the group furthest behind has before it on the source',
      mirrorMaker: 'none',
    },
    FlowProblems: { ...event, means: 'what `causeway status` would call wrong: the log names each' },
    PartitionsAtRisk: {
      ...event,
      means:
        'partitions with too few replicas in step, or with more of them in one rack than there must be, on either cluster',
    },
    ReadingsFailed: { ...event, means: 'a cluster or the offset map did not answer, so that there is no lag to tell' },
  }),
  ...of('checkpoint', {
    CheckpointLatency: {
      ...always,
      unit: 'Milliseconds',
      means: 'from the reading of offsets on the source to their checkpoints on the target',
      mirrorMaker: '`checkpoint-latency-ms`, which begins later and is one figure for all groups',
    },
    SourceOffsetsAge: {
      ...always,
      unit: 'Milliseconds',
      means: 'age of the oldest source offsets that are translated',
    },
    TickTime: { ...detail, unit: 'Milliseconds', means: 'one tick' },
    CheckpointsWritten: { ...detail, means: 'of one tick' },
    OffsetsCommitted: { ...detail, means: 'of one tick' },
    GroupsCarriedOver: { ...detail, means: 'all groups, once a minute' },
    PartitionsInStep: { ...detail, means: 'of all groups, once a minute' },
    PartitionsLeftOut: { ...detail, of: 'flow and reason', means: 'of all groups, once a minute' },
    GroupsUntold: { ...event, means: 'groups of which the source has told nothing yet' },
    GroupsLastKnown: { ...event, means: 'groups that are translated from what was told before' },
    SourceReadsFailed: { ...event, means: 'ticks at which the source did not answer at all' },
    TicksFailed: { ...event, means: 'ticks, or parts of them, of which nothing came: the target or the offset map' },
    ForeignCheckpointRecords: { ...event, means: 'records of the checkpoints topic that are no checkpoints' },
    CheckpointsUnwritable: { ...event, means: 'checkpoints that the format has no room for' },
  }),
  ...of('heartbeat', {
    HeartbeatLatency: {
      ...always,
      unit: 'Milliseconds',
      means:
        'true end-to-end latency of each heartbeat: from its writing on the source until a reader of the target has it',
      mirrorMaker: '`replication-latency-ms` of `heartbeats`, without its last step',
    },
    HeartbeatAge: {
      ...detail,
      unit: 'Milliseconds',
      means: 'since the newest heartbeat of the source was made',
    },
    HeartbeatsWritten: { ...detail, means: 'heartbeats for the flow back' },
    HeartbeatsFailed: { ...event, means: 'heartbeats that could not be written' },
    SourceAnswers: { ...detail, means: 'questions that a broker of the source answered' },
    SourceAnswerTime: { ...detail, unit: 'Milliseconds', means: 'of one question' },
    SourceEndsAnswerTime: {
      ...detail,
      unit: 'Milliseconds',
      means: "one question where the source's topics end",
    },
    SourceEndsUntold: { ...event, means: 'partitions whose end an answer does not tell; the log has the reason' },
    SourceEndsUnanswered: { ...event, means: 'questions for ends that no broker answered in time' },
    SourceEndsWritten: { ...detail, means: 'the item with the ends was stored' },
    SourceEndsFailed: {
      ...event,
      means: 'it, or the list of topics, could not be: tried again, and no heartbeat waits for it',
    },
  }),
  ...of('reconcile', {
    LooksFailed: {
      ...event,
      means: 'looks that could not be made: a cluster, the table or Lambda did not answer',
    },
    ReconcileFailures: { ...event, means: 'topics of which a step failed; the others go on' },
    TopicsWaiting: { ...event, means: 'topics that wait for something, such as a mapping that is draining' },
    SyncFailures: { ...event, means: 'settings or ACLs that could not be put right' },
    RenewalsFailed: { ...event, means: 'producers that could not be renewed' },
    FlowHeld: { ...event, means: 'a runbook has stopped the flow' },
    TopicsCovered: { ...detail, means: 'topics of the flow' },
    RemoteTopicsOrphaned: { ...event, means: 'copies whose source is gone or no longer covered' },
    ConfigsDrifted: { ...event, means: 'settings that differed, and were put right' },
    AclsCreated: { ...event, means: 'rights given to the copies' },
    AclsRevoked: { ...event, means: 'rights taken back' },
    RemoteTopicsCreated: { ...event, means: 'done' },
    RemoteTopicsGrown: { ...event, means: 'done' },
    RemoteTopicsDeleted: { ...event, means: 'done' },
    MappingsCreated: { ...event, means: 'done' },
    MappingsUpdated: { ...event, means: 'done' },
    MappingsRemoved: { ...event, means: 'done' },
    ProducersRenewed: { ...event, means: 'done' },
  }),
  ...of('runbook', {
    RunbookFailed: {
      unit: 'Count',
      level: 'rare',
      of: 'flow',
      means: '1: a run in earnest did not end well; 0: it did',
    },
    RunbookDryRunFailed: {
      unit: 'Count',
      level: 'rare',
      of: 'flow and runbook',
      means: '1: a dry run says that the runbook would not succeed; 0: it would',
    },
    DrillAge: {
      unit: 'Seconds',
      level: 'rare',
      of: 'flow',
      means: 'since the last drill that succeeded, told at the end of each run and dry run; nothing before the first',
    },
  }),
  ...of('verify', {
    RecordsVerified: {
      ...{ unit: 'Count', level: 'rare', of: 'flow' },
      means: 'records compared for the first time that are the same in both logs, to the byte and in order',
      mirrorMaker: 'none',
    },
    VerificationLag: {
      ...{ unit: 'Seconds', level: 'rare', of: 'flow' },
      means:
        'what was replicated so long ago is verified, of the partition furthest behind: by the time of its last verified record, or by that of the look that found nothing beyond it; of one that could never be compared, since a run saw it for the first time',
      mirrorMaker: 'none',
    },
    RecordsNotTheSame: {
      ...event,
      means:
        'records found missing, changed, too many, in another order, or elsewhere than the offset map says; each once',
    },
    PartitionsUnverified: {
      ...event,
      means: 'partitions that cannot be read, were cut back, or had no time yet; the log says which, and why',
    },
  }),
  ...of('every function', {
    InvocationsRefused: {
      ...event,
      means:
        'events, or starts of an environment, of which nothing came: a configuration or a secret that cannot be used',
    },
  }),
} as const satisfies Readonly<Record<string, MetricFacts>>;

export type MetricName = keyof typeof METRICS;

export const NAMESPACE = 'Causeway';
