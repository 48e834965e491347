/** Why a group's offset is not carried over to the target just now. Closed: nothing is left out without one of these. */
export const Reason = {
  TopicNotReplicated: 'topic-not-replicated',
  NoRemotePartition: 'no-remote-partition',
  TopicMadeAnew: 'topic-made-anew',
  NothingReplicated: 'nothing-replicated',
  OlderThanMap: 'older-than-map',
  MapUnreadable: 'map-unreadable',
  SourceOffsetUnknown: 'source-offset-unknown',
  SourceOffsetPastEnd: 'source-offset-past-log-end',
  TargetLogUnknown: 'target-log-unknown',
  PastTargetEnd: 'past-target-log-end',
  GroupActive: 'group-active-on-target',
  TargetOffsetUnknown: 'target-offset-unknown',
  TargetOffsetPastEnd: 'target-offset-past-log-end',
  AheadOnTarget: 'ahead-on-target',
  Unchanged: 'unchanged',
  OutOfTime: 'out-of-time',
  Refused: 'refused-by-target',
} as const;
export type Reason = (typeof Reason)[keyof typeof Reason];

export interface LeftOut {
  readonly kind: 'left-out';
  readonly reason: Reason;
  /** The broker's error, the rule of the configuration, the offsets that contradict each other. */
  readonly detail?: string;
}

export function leftOut(reason: Reason, detail?: string): LeftOut {
  return detail === undefined ? { kind: 'left-out', reason } : { kind: 'left-out', reason, detail };
}

/** Each reason as a sentence: what it means for the group, and what to do if anything. */
export const REASONS: Readonly<Record<Reason, string>> = {
  'topic-not-replicated': 'The flow does not copy this topic.',
  'no-remote-partition': 'The target has no such topic or partition yet; reconcile makes it within a minute.',
  'topic-made-anew': 'The topic was made anew under its name, and the map is still that of the one before.',
  'nothing-replicated': 'Nothing of this partition was copied yet.',
  'older-than-map':
    'The group is further behind than the offset map keeps. It is set once it has moved on, or by hand to the nearest offset known.',
  'map-unreadable': 'The offset map did not answer for this partition; it is asked again at the next tick.',
  'source-offset-unknown': 'The source does not tell this offset now, often because a transaction is open.',
  'source-offset-past-log-end':
    'The group’s offset lies past the end of the source’s log, which was cut or made anew: it belongs to records that are gone.',
  'target-log-unknown':
    'The target does not tell where the partition’s log begins and ends, for want of a leader maybe.',
  'past-target-log-end':
    'The target’s log ends before what the map says of it. If it stays so, the target has lost records.',
  'group-active-on-target': 'The group has members on the target, and only they may move it.',
  'target-offset-unknown': 'The target does not tell where the group is; without that it could be set back.',
  'target-offset-past-log-end':
    'The group’s offset on the target lies past the end of the log, and offsets are never set back: its consumers will start by auto.offset.reset.',
  'ahead-on-target': 'The group is further on the target than on the source, and offsets are never set back.',
  unchanged: 'The group is where it should be.',
  'out-of-time':
    'The target did not take the offset within the time of a tick. It is tried again at the next, the group that has waited longest first.',
  'refused-by-target': 'The target’s broker refused the offset.',
};

/** What a coordinator answers to an administrator's commit while the group has members. */
const ACTIVE = new Set([
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'STALE_MEMBER_EPOCH',
  'FENCED_MEMBER_EPOCH',
]);

/** Causeway's own code: the tick's time was over before the broker answered, or was asked. */
const OUT_OF_TIME = 'KAFKA_DEADLINE_EXCEEDED';

/** What it means that a commit was not taken. `code`: as in `CommitOutcome`. */
export function reasonOfRefusal(code: string): LeftOut {
  if (code === OUT_OF_TIME) return leftOut(Reason.OutOfTime, code);
  return leftOut(ACTIVE.has(code) ? Reason.GroupActive : Reason.Refused, code);
}
