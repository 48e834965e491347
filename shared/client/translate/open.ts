import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { physicalName } from '../../../infra/flow/names.ts';
import { DynamoDbMapReader } from '../../adapters/dynamodb/read-map/reader.ts';
import { DynamoDbTopicRegistry } from '../../adapters/dynamodb/topic-registry.ts';
import type { FlowId } from '../../flow/flow.ts';
import { defaultPolicy } from '../../policy/default-policy.ts';
import type { ReplicationPolicy } from '../../policy/replication-policy.ts';
import type { KafkaJsConnection } from '../kafkajs/connection.ts';
import { KafkaJsCluster } from '../kafkajs/kafkajs-cluster.ts';
import { KafkaJsGroups } from '../kafkajs/kafkajs-groups.ts';
import { connectionOf, type MirrorClientProperties } from '../kafkajs/open.ts';
import { lastCheckpointsOf } from './last-checkpoints.ts';
import type { TranslatorPorts } from './ports.ts';
import { Translator } from './translator.ts';

const CHECKPOINTS_TIMEOUT_MS = 10_000;

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
  /** The application's kafkajs for the source. Without them no group of it is translated. */
  readonly source?: MirrorClientProperties['kafka'];
  /** Of the target. With them no answer lies below the start of a remote topic's log. */
  readonly target?: MirrorClientProperties['kafka'];
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
  const source = options.source && connectionOf(options.source);
  const target = options.target && connectionOf(options.target);
  const translator = new Translator({
    flow,
    registry: new DynamoDbTopicRegistry(table, tableName, flow),
    maps: new DynamoDbMapReader(table, { tableName }),
    source: source && (async () => new KafkaJsGroups(source)),
    target: target && (async () => new KafkaJsGroups(target)),
    checkpoints: target && checkpointsOn(target, policy.checkpointsTopic(flow.source)),
  });
  const close = async () => {
    table.destroy();
    await Promise.all([source?.close(), target?.close()]);
  };
  return { translator, close, [Symbol.asyncDispose]: close };
}

function checkpointsOn(target: KafkaJsConnection, topic: string): TranslatorPorts['checkpoints'] {
  const cluster = new KafkaJsCluster(target);
  return async (group) => {
    const { records, complete } = await cluster.readCheckpoints(topic, CHECKPOINTS_TIMEOUT_MS);
    return complete ? lastCheckpointsOf(records, group) : undefined;
  };
}
