import { RunbookKind } from './runbook.ts';

/** What becomes of a stage's changes when the runbook is undone before applications were moved. */
export type Undo =
  /** It changes nothing. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'undone'; readonly how: string }
  /** The way back is another runbook. */
  | { readonly kind: 'not-undone'; readonly left: string };

/** One row of the table that state machines, journal, reports and docs/runbooks.md are made from. */
export interface StageDefinition {
  readonly name: string;
  /** The runbooks that have it. */
  readonly of: readonly RunbookKind[];
  /** What is certain once it has passed. */
  readonly proves: string;
  /** What it changes; empty: nothing. */
  readonly changes: string;
  /** What happens when it does not pass. */
  readonly otherwise: string;
  readonly undo: Undo;
  /** What applications see that follow the registry. */
  readonly clientsSee: string;
  /** How to do it without Causeway. */
  readonly byHand: string;
  /** Seconds from its first call after which it is not waited for any longer. */
  readonly limitSeconds: number;
}

const { Switchover, Failover, Failback, Drill } = RunbookKind;
const PLANNED = [Switchover, Failback];
const MOVES = [Switchover, Failover, Failback];
const ALL = [Switchover, Failover, Failback, Drill];
const NOTHING = { kind: 'nothing' } as const;
const NO_EFFECT = 'Nothing.';

/** The stages in the order in which they come. A runbook has those that name it. */
export const STAGES = [
  {
    name: 'lock',
    of: ALL,
    proves: 'No other runbook of the flow is running, and the applications are where it moves them from.',
    changes: 'Registry: the lock, under a new generation. Whatever an earlier run still sends is refused from here on.',
    otherwise: 'Ends; whoever holds the lock is named.',
    undo: { kind: 'undone', how: 'The lock is given back.' },
    clientsSee: NO_EFFECT,
    byHand: 'Agree on one operator.',
    limitSeconds: 60,
  },
  {
    name: 'prove-source',
    of: ALL,
    proves:
      'Planned: all brokers that the source names answer, and its heartbeats arrive. Failover: two signs that do not depend on each other say that the source is gone, its heartbeats stay away and its brokers do not answer. Where an earlier run has stopped the flow, heartbeats prove nothing: a WARN.',
    changes: '',
    otherwise:
      'Planned: ends; use failover if the region is lost. Failover: ends while the source is there; use switchover. Started by an alarm, it looks again while heartbeats stay away.',
    undo: NOTHING,
    clientsSee: NO_EFFECT,
    byHand:
      'kafka-broker-api-versions.sh --bootstrap-server <source>; kafka-console-consumer.sh on <source>.heartbeats at the target.',
    limitSeconds: 60,
  },
  {
    name: 'check-target',
    of: ALL,
    proves:
      'The target can be written to and read: every broker answers; every partition of the remote topics, and of the topics that producers will write to, has a leader and its replicas in sync; there are as many as on the source; a record can be written and read back. Disks and spare capacity are not looked at.',
    changes: 'One record in the canary topic. ACLs that an earlier run left on the target against writers are deleted.',
    otherwise:
      'Ends; each partition or broker that is not well is named. A topic that producers have no room for ends a switchover if it was written to within a week, and is a WARN otherwise. Failover: all of it is a WARN, unless most partitions cannot be written to.',
    undo: NOTHING,
    clientsSee: NO_EFFECT,
    byHand:
      'kafka-topics.sh --bootstrap-server <target> --describe --under-replicated-partitions, --unavailable-partitions.',
    limitSeconds: 120,
  },
  {
    name: 'check-flow',
    of: ALL,
    proves:
      'Planned: every topic that is to be copied has been taken on, its mapping is enabled, the offset map reads, every partition with something to copy was seen to move on, and no more is left than can be drained. Failover: the offset map reads; its dry runs look at the rest too. Drills, and dry runs of a failover: no group has consumed for longer than a minute since its last checkpoint, or WARN. Without a reverse flow, and for Lambda consumers that could not go on exactly where they are, a WARN.',
    changes: '',
    otherwise:
      'Ends; each topic partition that is not copied is named with the reason: one that stands still after 30 s, a topic that nobody has taken on after 90 s. Failover: a WARN.',
    undo: NOTHING,
    clientsSee: NO_EFFECT,
    byHand: 'npx causeway status.',
    limitSeconds: 120,
  },
  {
    name: 'approve',
    of: MOVES,
    proves: 'A person has seen what the checks found and wants it, where approval is asked for.',
    changes: '',
    otherwise: 'Is undone when it is refused or nobody answers.',
    undo: NOTHING,
    clientsSee: NO_EFFECT,
    byHand: 'Decide.',
    limitSeconds: 86_400,
  },
  {
    name: 'fence-writers',
    of: MOVES,
    proves:
      'Nobody writes to the source any more: the end offsets of every copied partition stay as they are for a whole window. An emergency does not wait for a source that does not answer.',
    changes:
      'Registry: producers are fenced. With causeway.fence.acls: DENY Write for User:* on the copied topics of the cluster that is left.',
    otherwise:
      'Planned: is undone at once, and writers go on; the partitions that grew are named, with the producers that wrote. Failover: stays here, to be started again.',
    undo: { kind: 'undone', how: 'The ACLs are deleted, producers go on where they were.' },
    clientsSee:
      'Producers hold what they are given, up to their bounds. With causeway.fence.acls those that do not follow the registry are refused.',
    byHand: 'Stop the producers; kafka-get-offsets.sh --bootstrap-server <source> twice, some seconds apart.',
    limitSeconds: 90,
  },
  {
    name: 'drain',
    of: PLANNED,
    proves:
      'Every record of every copied partition is in the target: lag 0, counted from the source log and the offset map.',
    changes: '',
    otherwise: 'Is undone; the partitions that did not get there are named, with their lag.',
    undo: NOTHING,
    clientsSee: 'Producers hold; consumers read to the end.',
    byHand: 'npx causeway status until every topic is 0 records behind.',
    limitSeconds: 300,
  },
  {
    name: 'stop-flow',
    of: MOVES,
    proves:
      'Nothing is appended to the remote topics any more, whatever still runs: mappings are disabled with their deliveries ended, every partition is taken over at the target and held, and its end offset stays as it is.',
    changes:
      'The flow is held under the generation of the run. Event source mappings are disabled where the source region answers.',
    otherwise:
      'Planned: is undone. Failover: stays here, to be started again; a partition without a leader on the target is not waited for, and named with WARN.',
    undo: { kind: 'undone', how: 'The hold is lifted and the mappings are enabled.' },
    clientsSee: NO_EFFECT,
    byHand:
      'aws lambda update-event-source-mapping --no-enabled for each mapping; wait for State Disabled. Late invocations cannot be fenced by hand.',
    limitSeconds: 180,
  },
  {
    name: 'bound-loss',
    of: MOVES,
    proves:
      'What of the source is not in the target, per partition: none in a planned run; in an emergency at least and at most so many records, and so many seconds.',
    changes: '',
    otherwise:
      'Planned: is undone. Failover: goes on with WARN where the source was not seen lately, or more is lost than allowed.',
    undo: NOTHING,
    clientsSee: NO_EFFECT,
    byHand: 'Compare the last known end offsets of the source with the offset map.',
    limitSeconds: 60,
  },
  {
    name: 'fence-consumers',
    of: PLANNED,
    proves:
      'No consumer of a group that is to be moved reads from the cluster that is left: mappings of the listed Lambda consumers are disabled, every group is empty, its commits are final.',
    changes: 'Registry: consumers are fenced. Mappings of the listed Lambda consumers are disabled.',
    otherwise: 'Is undone; groups that have members are named, with the members.',
    undo: {
      kind: 'undone',
      how: 'Consumers go on where they were; of the mappings, those that the run has disabled are enabled.',
    },
    clientsSee: 'Consumers commit what they have done and leave their groups.',
    byHand:
      'Stop the consumers, and aws lambda update-event-source-mapping --no-enabled for those of Lambda; kafka-consumer-groups.sh --describe --state until each is Empty.',
    limitSeconds: 180,
  },
  {
    name: 'move-groups',
    of: MOVES,
    proves:
      'Every group goes on at the first record that it has not consumed: each offset translated by the map, within the range of the log, not behind an earlier commit, committed and read back; a group moves whole or not at all.',
    changes: 'Offsets of idle groups on the cluster that is moved to.',
    otherwise:
      'Planned: is undone, also where a broker does not tell its groups. Failover: checkpoints stand in for what the source does not tell; groups that cannot be moved are named with the reason, the others go on.',
    undo: {
      kind: 'not-undone',
      left: 'Offsets committed on the other cluster; they are right there, and nobody reads by them.',
    },
    clientsSee: NO_EFFECT,
    byHand: 'npx causeway translate --group <group>, then kafka-consumer-groups.sh --reset-offsets --to-offset.',
    limitSeconds: 120,
  },
  {
    name: 'promote',
    of: MOVES,
    proves: 'The registry names the other cluster, and only that one.',
    changes:
      'Registry and SSM parameters: the active cluster. Mappings of Lambda consumers are enabled on the other cluster, those alone that were enabled on the one that is left.',
    otherwise: 'Stays here, to be started again.',
    undo: { kind: 'not-undone', left: 'Applications are on the other cluster. The way back is failback.' },
    clientsSee: 'Producers send what they held to the other cluster; consumers resume there.',
    byHand:
      'Point the applications to the other bootstrap servers, and restart them; aws lambda update-event-source-mapping --enabled for those of Lambda.',
    limitSeconds: 60,
  },
  {
    name: 'canary',
    of: MOVES,
    proves: 'A record produced to the cluster that was moved to is consumed there.',
    changes: 'One record in the canary topic.',
    otherwise: 'Stays here; the cluster is not well.',
    undo: NOTHING,
    clientsSee: NO_EFFECT,
    byHand: 'kafka-console-producer.sh and kafka-console-consumer.sh.',
    limitSeconds: 60,
  },
  {
    name: 'start-reverse',
    of: MOVES,
    proves: 'The reverse flow copies what is now written, or stands ready for when the lost cluster comes back.',
    changes: 'A hold on the reverse flow is lifted. ACLs of fence-writers are deleted.',
    otherwise: 'Goes on with WARN: until it runs, there is no way back without loss.',
    undo: NOTHING,
    clientsSee: NO_EFFECT,
    byHand: 'npx causeway status for the reverse flow.',
    limitSeconds: 60,
  },
  {
    name: 'watch-lag',
    of: MOVES,
    proves: 'The moved groups consume: their lag, looked at twice, falls or is 0 (PASS), stays (WARN) or rises (FAIL).',
    changes: '',
    otherwise: 'Goes on with WARN or FAIL, for applications have moved; the groups are named.',
    undo: NOTHING,
    clientsSee: NO_EFFECT,
    byHand: 'kafka-consumer-groups.sh --describe twice, 30 seconds apart.',
    limitSeconds: 120,
  },
  {
    name: 'release',
    of: MOVES,
    proves: 'The flow runs again, so that whatever was left behind on the source is copied once it can be.',
    changes:
      'The hold is lifted, mappings are enabled, or being enabled, where the source region answers, ACLs of fence-writers are deleted. The lock is given back.',
    otherwise: 'Stays here, to be started again.',
    undo: NOTHING,
    clientsSee: NO_EFFECT,
    byHand: 'aws lambda update-event-source-mapping --enabled for each mapping.',
    limitSeconds: 120,
  },
  {
    name: 'shadow-groups',
    of: [Drill],
    proves:
      'Every group could be moved: each offset is translated as move-groups would, and committed to a group of another name.',
    changes: 'Groups named causeway-drill-<generation>-<group> on the target.',
    otherwise: 'Is undone; groups that could not be moved are named with the reason.',
    undo: { kind: 'undone', how: 'The shadow groups are deleted.' },
    clientsSee: NO_EFFECT,
    byHand: 'npx causeway translate --group <group>.',
    limitSeconds: 120,
  },
  {
    name: 'compare-records',
    of: [Drill],
    proves:
      'A consumer that resumes at the shadow offsets reads exactly what one at the source would: compared record by record, none skipped, none read twice.',
    changes: '',
    otherwise:
      'Is undone; the first difference is shown, without payloads. A WARN where there was no record to compare, or positions could not be compared: they are named.',
    undo: NOTHING,
    clientsSee: NO_EFFECT,
    byHand: 'Consume from both offsets and compare keys, values and timestamps.',
    limitSeconds: 180,
  },
  {
    name: 'remove-shadows',
    of: [Drill],
    proves: 'Nothing of the drill is left: no shadow group, and production groups are as they were before.',
    changes: 'The shadow groups are deleted. The lock is given back.',
    otherwise: 'Stays here, to be started again.',
    undo: NOTHING,
    clientsSee: NO_EFFECT,
    byHand: 'kafka-consumer-groups.sh --delete.',
    limitSeconds: 60,
  },
  {
    name: 'report',
    of: ALL,
    proves: 'What was done, how long it took, and what was lost is written down.',
    changes: 'The report, as JSON and as a page.',
    otherwise: 'Ends; everything else is done, the lock is given back, and the journal has what the report would say.',
    undo: NOTHING,
    clientsSee: NO_EFFECT,
    byHand: 'Write times, applications hit and the loss into a dated file.',
    limitSeconds: 60,
  },
] as const satisfies readonly StageDefinition[];

export type StageName = (typeof STAGES)[number]['name'];

/** What takes back what a run has changed before applications were moved; it comes after the stage that did not pass. */
export const UNDO = 'undo';

/** A call of the function `runbook`: a stage, or what takes back the ones before. */
export type StepName = StageName | typeof UNDO;

/** The stages of one runbook, in order. */
export function stagesOf(kind: RunbookKind): readonly (StageDefinition & { readonly name: StageName })[] {
  return STAGES.filter(({ of }) => of.some((each) => each === kind));
}

/** Applications have moved once it has passed: nothing before it is undone after it. */
export const POINT_OF_NO_RETURN: StageName = 'promote';
