import type { Checkpoint } from '../mm2/checkpoint.ts';
import type { GroupPlan } from './plan.ts';

/**
 * What a plan has to say in MirrorMaker 2's checkpoints, whether or not the group may be set on the target. Which of them
 * are due is `shared/mm2`'s to say.
 */
export function checkpointsOf({ group, partitions }: GroupPlan): Checkpoint[] {
  return partitions.flatMap(({ partition, remoteTopic, committed, place }) => {
    if (place.kind !== 'place' || remoteTopic === undefined || committed === undefined) return [];
    const { offset: upstreamOffset, metadata } = committed;
    return [{ group, topic: remoteTopic, partition, upstreamOffset, downstreamOffset: place.offset, metadata }];
  });
}
