import type { SourceOffset, TargetOffset } from '../flow/offset.ts';
import type { GroupPlan } from './plan.ts';

/** A MirrorMaker 2 checkpoint: where a group that is at `upstreamOffset` on the source is on the target. */
export interface GroupCheckpoint {
  readonly group: string;
  /** Name on the target. */
  readonly topic: string;
  readonly partition: number;
  readonly upstreamOffset: SourceOffset;
  readonly downstreamOffset: TargetOffset;
  readonly metadata: string;
}

type Emitted = Pick<GroupCheckpoint, 'upstreamOffset' | 'downstreamOffset'>;

/** What a plan has to say in checkpoints, whether or not the group may be set on the target. */
export function checkpointsOf({ group, partitions }: GroupPlan): GroupCheckpoint[] {
  return partitions.flatMap(({ partition, remoteTopic, committed, place }) => {
    if (place.kind !== 'place' || remoteTopic === undefined || committed === undefined) return [];
    const { offset: upstreamOffset, metadata } = committed;
    return [{ group, topic: remoteTopic, partition, upstreamOffset, downstreamOffset: place.offset, metadata }];
  });
}

/** MirrorMaker 2's rule: a first one, and then when the source went back or the target goes forward. */
export function isDue(before: Emitted | undefined, { upstreamOffset, downstreamOffset }: Emitted): boolean {
  if (before === undefined) return true;
  return upstreamOffset < before.upstreamOffset || downstreamOffset > before.downstreamOffset;
}

/** The newest checkpoint of each group and partition. Filled from the checkpoints topic at first, so that it outlives us. */
export class CheckpointMemory {
  readonly #newest = new Map<string, Map<string, Map<number, Emitted>>>();

  /** Those that are due. They are not remembered yet: writing them may fail. */
  due(checkpoints: readonly GroupCheckpoint[]): GroupCheckpoint[] {
    return checkpoints.filter((each) => {
      return isDue(this.#newest.get(each.group)?.get(each.topic)?.get(each.partition), each);
    });
  }

  /** @param written in the order of the topic */
  remember(written: Iterable<GroupCheckpoint>): void {
    for (const { group, topic, partition, upstreamOffset, downstreamOffset } of written) {
      const topics = inserted(this.#newest, group, () => new Map());
      inserted(topics, topic, () => new Map()).set(partition, { upstreamOffset, downstreamOffset });
    }
  }
}

function inserted<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
