import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { physicalName } from '../../../infra/flow/names.ts';
import { DynamoDbMapReader } from '../../adapters/dynamodb/read-map/reader.ts';
import { DynamoDbTopicRegistry } from '../../adapters/dynamodb/topic-registry.ts';
import { KafkaCluster, type KafkaClusterOptions } from '../../adapters/kafka/cluster.ts';
import { ConsumerGroups } from '../../adapters/kafka/groups/consumer-groups.ts';
import type { FlowId } from '../../flow/flow.ts';
import { sourceOffset, targetOffset } from '../../flow/offset.ts';
import { defaultPolicy } from '../../policy/default-policy.ts';
import type { ReplicationPolicy } from '../../policy/replication-policy.ts';
import { readLastCheckpoints } from './last-checkpoints.ts';
import { Translator } from './translator.ts';

/** A cluster that does not answer is not waited for longer: a map's answer holds without it. */
const CLUSTER_TIMEOUT_MS = 5_000;

export interface TranslatorOptions {
  readonly flow: FlowId;
  readonly offsetMap: {
    /** The target's. */
    readonly region: string;
    /** Default `causeway-<source>-to-<target>-offset-map`, as a deployment without a prefix has it. */
    readonly tableName?: string;
    /** Credentials, an endpoint; default: the AWS SDK's. */
    readonly client?: Omit<DynamoDBClientConfig, 'region'>;
  };
  /** Brokers and login of the source. Without them no group of it is translated. */
  readonly source?: Omit<KafkaClusterOptions, 'alias'>;
  /** Of the target. With them no answer lies below the start of a remote topic's log. */
  readonly target?: Omit<KafkaClusterOptions, 'alias'>;
  /** As the flow has it, for the name of the checkpoints topic; default `DefaultReplicationPolicy`. */
  readonly policy?: ReplicationPolicy;
}

/** A translator with connections of its own, to be closed. */
export interface OpenTranslator extends AsyncDisposable {
  readonly translator: Translator;
  close(): Promise<void>;
}

/**
 * A translator over the offset map's table and, as far as they are given, the brokers of both clusters. Needs
 * `dynamodb:GetItem`, `BatchGetItem` and `Query` on the table, and to describe the groups and topics that it is asked about.
 */
export function openTranslator(options: TranslatorOptions): OpenTranslator {
  const { flow, offsetMap, policy = defaultPolicy('.', '.') } = options;
  const { region, tableName = physicalName('causeway', flow, 'offset-map') } = offsetMap;
  const table = new DynamoDBClient({ ...offsetMap.client, region });
  const source = options.source && new KafkaCluster({ ...options.source, alias: flow.source });
  const target = options.target && new KafkaCluster({ ...options.target, alias: flow.target });
  const translator = new Translator({
    flow,
    registry: new DynamoDbTopicRegistry(table, tableName, flow),
    maps: new DynamoDbMapReader(table, { tableName }),
    source: source && sideOf(source, sourceOffset),
    target: target && sideOf(target, targetOffset),
    checkpoints: target && ((group) => readLastCheckpoints(target, policy.checkpointsTopic(flow.source), group)),
  });
  const close = async () => {
    table.destroy();
    await Promise.all([source?.close(), target?.close()]);
  };
  return { translator, close, [Symbol.asyncDispose]: close };
}

function sideOf<O extends number>(cluster: KafkaCluster, toOffset: (value: number) => O) {
  const groups = new ConsumerGroups(cluster, { toOffset, timeoutMs: CLUSTER_TIMEOUT_MS });
  return async () => groups;
}
