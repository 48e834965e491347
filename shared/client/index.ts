/**
 * `causeway/client`: where applications go on, on the other cluster.
 *
 * {@link createFailoverKafka} gives kafkajs producers and consumers that follow the runbooks by themselves.
 * {@link openMirrorClient} answers from Kafka alone as MirrorMaker 2's client does; {@link openTranslator} in
 * `causeway/client/translate` answers exactly, from the offset map. Nothing here loads the AWS SDK before a registry
 * that needs it is read.
 */

import '../runtime/check-node.ts';

export { CausewayError } from '../flow/errors.ts';
export type { FlowId } from '../flow/flow.ts';
export type { TopicPartition } from '../mm2/topic-partition.ts';
export { defaultPolicy } from '../policy/default-policy.ts';
export { identityPolicy } from '../policy/identity-policy.ts';
export { NamePatternRefusal, patternPolicy } from '../policy/pattern-policy.ts';
export type { ReplicationPolicy } from '../policy/replication-policy.ts';
export { ClientState } from '../runbook/registry/entry.ts';
export { CheckpointsTopicMissingError, CheckpointsUnreadableError, ClusterUnavailableError } from './errors.ts';
export type { FailoverConsumer } from './failover/consumer/failover-consumer.ts';
export type {
  ClusterOffset,
  FailoverEachBatchPayload,
  FailoverEachMessagePayload,
  FailoverRunConfig,
  MessageOrigin,
} from './failover/consumer/payload.ts';
export { createFailoverKafka } from './failover/create.ts';
export {
  ConsumerMovedError,
  type DeliveryParts,
  DeliveryUnknownError,
  ProducerBacklogError,
  ProducerClosedError,
  ProducerFencedError,
  RegistryNotPublishedError,
  RegistryUnreadableError,
  SubscriptionToCopyError,
  type TopicMessage,
  TopicNotFoundError,
  UnknownActiveClusterError,
} from './failover/errors.ts';
export type { FailoverEvent, FailoverEvents, FailoverListener } from './failover/events.ts';
export type { FailoverKafka } from './failover/failover-kafka.ts';
export type { FailoverConsumerOptions, FailoverKafkaOptions, FailoverProducerOptions } from './failover/options.ts';
export type { FailoverProducer } from './failover/producer/failover-producer.ts';
export { type DynamoDbRegistryOptions, dynamoDbRegistry } from './failover/registry/dynamodb.ts';
export { MemoryRegistry } from './failover/registry/memory.ts';
export type { RegistrySource } from './failover/registry/source.ts';
export { type SsmRegistryOptions, ssmRegistry } from './failover/registry/ssm.ts';
export type { RegistryState } from './failover/registry/state.ts';
export { type MirrorClientProperties, openMirrorClient, remoteClusterUtils } from './kafkajs/open.ts';
export { MirrorClient, type RemoteConsumerOffset, type RemoteConsumerOffsets } from './mirror-client.ts';
export type { CheckpointsRead, MirrorCluster } from './mirror-cluster.ts';
export { RemoteClusterUtils } from './remote-cluster-utils.ts';
