/**
 * `causeway/client`: where a consumer goes on, on the other cluster.
 *
 * {@link openMirrorClient} answers from Kafka alone as MirrorMaker 2's client does; {@link openTranslator} in
 * `causeway/client/translate` answers exactly, from the offset map.
 */

import '../runtime/check-node.ts';

export { CausewayError } from '../flow/errors.ts';
export type { FlowId } from '../flow/flow.ts';
export type { TopicPartition } from '../mm2/topic-partition.ts';
export { defaultPolicy } from '../policy/default-policy.ts';
export { identityPolicy } from '../policy/identity-policy.ts';
export { NamePatternRefusal, patternPolicy } from '../policy/pattern-policy.ts';
export type { ReplicationPolicy } from '../policy/replication-policy.ts';
export { CheckpointsTopicMissingError, CheckpointsUnreadableError, ClusterUnavailableError } from './errors.ts';
export { type MirrorClientProperties, openMirrorClient, remoteClusterUtils } from './kafkajs/open.ts';
export { MirrorClient, type RemoteConsumerOffset, type RemoteConsumerOffsets } from './mirror-client.ts';
export type { CheckpointsRead, MirrorCluster } from './mirror-cluster.ts';
export { RemoteClusterUtils } from './remote-cluster-utils.ts';
