import { SINGLE_BROKER_REPLICATION } from '../local/kafka/mirror-maker-2.ts';

export interface MirroredTopic {
  /** Of the source, which the copy's name begins with. */
  readonly alias: string;
  readonly sourceServers: string;
  readonly targetServers: string;
  readonly topic: string;
  /** Of the groups, a regular expression. */
  readonly groups: string;
}

/**
 * MirrorMaker 2's defaults (`offset.lag.max = 100`) but for:
 * - replication factors of 1, for clusters of one broker;
 * - groups carried over, each second instead of each minute, and Connect's offsets flushed every 5 seconds instead of 60,
 *   so that it is done sooner;
 * - `isolation.level = read_committed`: by default it copies records of aborted transactions as well.
 */
export function mirrorMakerProperties({ alias, sourceServers, targetServers, topic, groups }: MirroredTopic): string {
  return `clusters = ${alias}, us-west
${alias}.bootstrap.servers = ${sourceServers}
us-west.bootstrap.servers = ${targetServers}
${alias}->us-west.enabled = true
topics = ${topic}
groups = ${groups}
emit.heartbeats.enabled = false

${alias}.consumer.isolation.level = read_committed

emit.checkpoints.interval.seconds = 1
sync.group.offsets.enabled = true
sync.group.offsets.interval.seconds = 1
refresh.groups.interval.seconds = 5
us-west.offset.flush.interval.ms = 5000

${SINGLE_BROKER_REPLICATION}`;
}
