import type { ICustomPartitioner, KafkaConfig, logLevel } from 'kafkajs';
import type { FlowId } from '../../flow/flow.ts';
import type { ReplicationPolicy } from '../../policy/replication-policy.ts';
import type { KafkaJsConsumerOptions } from './consumer/kafkajs-consumer.ts';
import type { KafkaJsProducerOptions } from './producer/kafkajs-producer.ts';
import type { RegistrySource } from './registry/source.ts';

export const DEFAULTS = {
  pollMs: 1_000,
  readTimeoutMs: 5_000,
  firstReadMs: 30_000,
  maxHeldMessages: 10_000,
  /** As Java's `delivery.timeout.ms`. */
  maxHeldMs: 120_000,
  settleMs: 5_000,
  leaveMs: 10_000,
  topicRefreshMs: 30_000,
} as const;

/** `Aliases` are those of the flow's two clusters. */
export interface FailoverKafkaOptions<Aliases extends string = string> {
  /** The flow from the applications' home, as in `mm2.properties`. */
  readonly flow: FlowId & { readonly source: Aliases; readonly target: Aliases };
  /** Both clusters by their aliases, each as for any kafkajs client. */
  readonly clusters: Readonly<Record<Aliases, KafkaConfig>>;
  readonly registry: RegistrySource;
  /** As the flow has it; default `DefaultReplicationPolicy` with its separator `.`. */
  readonly policy?: ReplicationPolicy;
  /** Between two readings of the registry; default 1,000. */
  readonly pollMs?: number;
  /** After which a reading of the registry has failed; default 5,000. */
  readonly readTimeoutMs?: number;
  /** How long `connect()` waits for the registry's first answer; default 30,000. */
  readonly firstReadMs?: number;
  /** Where a cluster's own configuration has none. */
  readonly clientId?: string;
  /** kafkajs's, where a cluster's own configuration has none. */
  readonly logLevel?: logLevel;
}

export interface FailoverProducerOptions extends KafkaJsProducerOptions {
  /** kafkajs's; default its default, which is Java's. */
  readonly createPartitioner?: ICustomPartitioner;
  /** Messages that may be given and not acknowledged at once; default 10,000. */
  readonly maxHeldMessages?: number;
  /** ms from `send` to the acknowledgement, held or not; default 120,000. */
  readonly maxHeldMs?: number;
  /** How long the answers of a cluster that is left are awaited; default 5,000. */
  readonly settleMs?: number;
}

export interface FailoverConsumerOptions extends KafkaJsConsumerOptions {
  /** How long running handlers, their commits and the leaving of the group are awaited; default 10,000. */
  readonly leaveMs?: number;
  /** How often it is looked for topics that have come into being; default 30,000. */
  readonly topicRefreshMs?: number;
}
