/** Which protocol a group's members speak: `consumer` is KIP-848's, `streams` KIP-1071's. */
export const GroupType = { Classic: 'classic', Consumer: 'consumer', Streams: 'streams' } as const;
export type GroupType = (typeof GroupType)[keyof typeof GroupType];

/** `Idle` groups have no member, so that their offsets may be set from outside; all others have, or may have. */
export const GroupActivity = { Idle: 'idle', Active: 'active', Unknown: 'unknown' } as const;
export type GroupActivity = (typeof GroupActivity)[keyof typeof GroupActivity];

export interface ConsumerGroup {
  readonly id: string;
  readonly type: GroupType;
  /** As the broker calls it: `Empty`, `Stable`, `PreparingRebalance`, `Assigning`, ... */
  readonly state: string;
}

/** What a cluster's brokers told of their groups. */
export interface GroupListing {
  readonly groups: ReadonlyMap<string, ConsumerGroup>;
  /** Brokers whose groups are missing from `groups`, and why. */
  readonly silentBrokers: readonly SilentBroker[];
}

export interface SilentBroker {
  readonly broker: number;
  /** Kafka's name of the error, or Causeway's code where there was no answer. */
  readonly code: string;
}

/**
 * Whether a group has members. One that is not listed has none, provided that all brokers were heard. The broker checks
 * again when offsets are committed; this spares it what it would refuse.
 */
export function activityOf({ groups, silentBrokers }: GroupListing, id: string): GroupActivity {
  const group = groups.get(id);
  if (group === undefined) return silentBrokers.length === 0 ? GroupActivity.Idle : GroupActivity.Unknown;
  return IDLE_STATES.has(group.state) ? GroupActivity.Idle : GroupActivity.Active;
}

const IDLE_STATES = new Set(['Empty', 'Dead']);
