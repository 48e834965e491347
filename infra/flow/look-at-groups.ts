import type { Grant } from './grant.ts';
import * as kafka from './kafka-permissions-beside-target.ts';
import { checkpointsTopicOf } from './mirror-topics.ts';
import * as aws from './permissions.ts';
import type { ReplicationFlowProps } from './props.ts';

/** Where groups are on both clusters and in the checkpoints, and where the offset map says that they belong. */
export function lookAtGroups(props: ReplicationFlowProps, offsetMapArn: string): Grant[] {
  const { source, target, remoteTopics = '*', offsetMapKeyArn } = props;
  return [
    ...kafka.readGroups(source),
    ...kafka.carryGroupsOver(target, remoteTopics, false),
    ...kafka.readTopic(target, checkpointsTopicOf(props)),
    ...aws.logIn('besideTarget', source, target),
    ...aws.readOffsetMap(offsetMapArn, offsetMapKeyArn),
  ];
}
