import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Kafka } from 'kafkajs';
import { wire } from '../../../functions/checkpoint/wiring.ts';
import { awsEnvironment } from '../../../local/region/addresses.ts';
import { until } from '../../../local/region/until.ts';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbTopicRegistry } from '../../../shared/adapters/dynamodb/topic-registry.ts';
import { DynamoDbVerifiedPlaces } from '../../../shared/adapters/dynamodb/verified-places.ts';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import type { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { packVariable } from '../../../shared/adapters/lambda/packed-variable.ts';
import { type OpenTranslator, openTranslator } from '../../../shared/client/translate.ts';
import { encodeFlow } from '../../../shared/config/flow-json.ts';
import type { Flow } from '../../../shared/config/flow-schema.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import type { FlowId } from '../../../shared/flow/flow.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import { flowStatusPorts } from '../../../shared/status/connect.ts';
import type { StatusPorts } from '../../../shared/status/ports.ts';
import { verifyPorts } from '../../../shared/verify/connect.ts';
import type { Difference } from '../../../shared/verify/difference.ts';
import type { FlowReport } from '../../../shared/verify/flow-report.ts';
import type { VerifyPorts } from '../../../shared/verify/ports.ts';
import { verifyFlow } from '../../../shared/verify/verify-flow.ts';
import { type VerifiedNew, verifyNew } from '../../../shared/verify/verify-new.ts';
import { createTable } from '../dynamodb/table.ts';
import { type Answer, ExecutionEnvironment } from '../functions/replicate/execution-environment.ts';
import { deliveredRecord } from './delivered.ts';

const SOURCE_REGION = 'us-east-1';
const OFFSET_MAP_REGION = 'us-west-2';
const REPLICATED_WITHIN_MS = 900_000;
const CARRIED_OVER_WITHIN_MS = 120_000;

export interface Side {
  readonly servers: string;
  /** The test's own connections, for what an application or an operator does. */
  readonly cluster: KafkaCluster;
  readonly kafka: Kafka;
}

export interface FlowScene {
  readonly flow: FlowId;
  readonly topic: string;
  readonly awsEndpoint: string;
  readonly source: Side;
  readonly target: Side;
  /** Groups with this prefix are carried over. */
  readonly groupPrefix: string;
}

export interface Polling {
  /** Nothing more is handed over then. */
  readonly hasFailed: () => boolean;
  /** @throws what `replicate` reported as failed */
  readonly stop: () => Promise<void>;
}

/** One topic's flow over real clusters and a table: `replicate` in a process of its own, and `checkpoint`'s ticker. */
export class ReplicatedFlow implements AsyncDisposable {
  /** How often partitions were taken over, by cause. */
  readonly takeOvers = new Map<string, number>();
  readonly #scene: FlowScene;
  readonly #tableName: string;
  readonly #dynamoDb: DynamoDBClient;
  readonly #replicate: ExecutionEnvironment;
  readonly #variables: Readonly<Record<string, string>>;
  #monitor: ExecutionEnvironment | undefined;
  readonly #checkpoint: ReturnType<typeof wire>;
  readonly #opened: OpenTranslator;
  /** Last offset that was answered as replicated, by partition: what Lambda's poller commits. */
  readonly #replicated = new Map<number, number>();

  private constructor(scene: FlowScene, dynamoDb: DynamoDBClient, tableName: string) {
    this.#scene = scene;
    this.#tableName = tableName;
    this.#dynamoDb = dynamoDb;
    const FLOW = configurationOf(scene);
    const table = { OFFSET_MAP_TABLE: tableName, OFFSET_MAP_REGION };
    const variables = { ...awsEnvironment(scene.awsEndpoint, SOURCE_REGION), ...table };
    this.#variables = { ...variables, FLOW: packVariable(encodeFlow(FLOW)) };
    this.#replicate = new ExecutionEnvironment(this.#variables);
    this.#checkpoint = wire({ ...table, FLOW });
    this.#opened = openTranslator({
      flow: scene.flow,
      offsetMap: { region: OFFSET_MAP_REGION, tableName },
      source: scene.source.kafka,
      target: scene.target.kafka,
    });
  }

  /** Sets this process's environment as the local AWS needs it. */
  static async open(scene: FlowScene): Promise<ReplicatedFlow> {
    Object.assign(process.env, awsEnvironment(scene.awsEndpoint, OFFSET_MAP_REGION));
    const dynamoDb = new DynamoDBClient({ region: OFFSET_MAP_REGION });
    return new ReplicatedFlow(scene, dynamoDb, await createTable(dynamoDb));
  }

  get remoteTopic(): string {
    return `${this.#scene.flow.source}.${this.#scene.topic}`;
  }

  get translator() {
    return this.#opened.translator;
  }

  /** What `reconcile` does for a topic that it finds. */
  async openTopic(partitions: number): Promise<void> {
    const { source, target, topic, flow } = this.#scene;
    const { topicId: sourceTopicId } = await source.cluster.topic(topic, true);
    const remote = { name: this.remoteTopic, partitions, replicationFactor: -1 };
    const targetTopicId = await new ClusterAdmin(target.cluster).createTopic(remote);
    await this.#registry().write(0, {
      ...{ version: 1, topic, remoteTopic: this.remoteTopic, generation: 1, sourceTopicId, targetTopicId, partitions },
      ...{ state: 'active', consumerGroup: `causeway.${flow.source}.${topic}`, mappingUuid: undefined },
      drainedAfter: undefined,
    });
  }

  /** What `reconcile` does for a topic that has grown. */
  async grow(partitions: number): Promise<void> {
    await new ClusterAdmin(this.#scene.target.cluster).createPartitions(this.remoteTopic, partitions);
    const item = await this.#registry().read(this.#scene.topic);
    if (item === undefined) throw new Error('the topic was not opened');
    await this.#registry().write(item.version, { ...item, version: item.version + 1, partitions });
  }

  /** Hands over events until all up to these offsets is replicated. @throws what `replicate` reports as failed */
  async replicate(lastOffsets: ReadonlyMap<number, number>): Promise<void> {
    const polling = await this.poll();
    const missing = () => this.notReplicated(lastOffsets);
    try {
      await until(
        async () => polling.hasFailed() || missing().length === 0,
        REPLICATED_WITHIN_MS,
        () => new Error(`not replicated to the end: partitions ${missing()}`),
      );
    } finally {
      await polling.stop();
    }
  }

  /** Partitions of which not all up to these offsets was answered as replicated. */
  notReplicated(lastOffsets: ReadonlyMap<number, number>): readonly number[] {
    const isMissing = ([partition, offset]: readonly [number, number]) =>
      (this.#replicated.get(partition) ?? -1) < offset;
    return [...lastOffsets].filter(isMissing).map(([partition]) => partition);
  }

  /**
   * Polls as an event source mapping does, committed records only and each partition in order, and hands over events, until
   * it is stopped.
   */
  async poll(): Promise<Polling> {
    const { source, topic, flow } = this.#scene;
    const poller = source.kafka.consumer({ groupId: `causeway.${flow.source}.${topic}`, maxWaitTimeInMs: 200 });
    let failed: unknown;
    const stop = async () => {
      await poller.disconnect();
      if (failed !== undefined) throw failed;
    };
    try {
      await poller.connect();
      await poller.subscribe({ topic, fromBeginning: true });
      await poller.run({
        autoCommit: false,
        eachBatch: async ({ batch: { partition, messages }, heartbeat }) => {
          const last = messages.at(-1);
          if (last === undefined || failed !== undefined) return;
          const records = messages.map((message) => deliveredRecord(topic, partition, message));
          await this.#invoke(`${topic}-${partition}`, records).catch((error: unknown) => {
            failed ??= error;
            throw error;
          });
          const offset = Number(last.offset);
          this.#replicated.set(partition, offset);
          await poller.commitOffsets([{ topic, partition, offset: String(offset + 1) }]);
          await heartbeat();
        },
      });
      return { hasFailed: () => failed !== undefined, stop };
    } catch (error) {
      await poller.disconnect();
      throw error;
    }
  }

  /** Ticks of `checkpoint` until every group is in step on the target. */
  async carryOverGroups(groups: readonly string[]): Promise<void> {
    const { ticker } = this.#checkpoint;
    let waiting: readonly string[] = [];
    await until(
      async () => {
        const { plans, sourceError, errors } = await ticker.tick(true);
        const found = plans.filter(({ group }) => groups.includes(group));
        if (sourceError !== undefined || errors.length > 0) throw sourceError ?? errors[0];
        waiting = found.flatMap(({ group, partitions }) =>
          partitions.flatMap(({ partition, decision }) =>
            decision.kind === 'left-out' && decision.reason === 'unchanged'
              ? []
              : [`${group} in ${partition}: ${decision.kind === 'left-out' ? decision.reason : decision.kind}`],
          ),
        );
        return found.length === groups.length && waiting.length === 0;
      },
      CARRIED_OVER_WITHIN_MS,
      (last) => new Error(`groups are not in step (${last}): ${waiting.join(', ')}`),
    );
  }

  /** As `causeway status` reads it, but for what is deployed. */
  statusPorts(): StatusPorts {
    const reach = {
      ...{ admin: this.#ends, data: this.#ends, tableName: this.#tableName, table: () => this.#dynamoDb },
      fromTable: <T>(_: string, read: () => Promise<T>) => read(),
      deployed: async () => ({ state: 'as-the-file' }) as const,
      nextOf: ({ next }: { readonly next: string }) => next,
    };
    return flowStatusPorts(configurationOf(this.#scene), reach, undefined);
  }

  /** What one invocation of `monitor` publishes of the flow. @throws Error with what it logged where it fails */
  async publishedLag(): Promise<{ readonly records: unknown; readonly seconds: unknown }> {
    this.#monitor ??= new ExecutionEnvironment(this.#variables, 0, 'monitor');
    const { error, log, metrics } = await this.#monitor.invoke({ action: 'monitor' });
    const ofFlow = metrics.find((line) => 'RecordsWaiting' in line && !('Topic' in line));
    if (error !== undefined || ofFlow === undefined) throw new Error(JSON.stringify({ error, log, metrics }));
    return { records: ofFlow.RecordsWaiting, seconds: ofFlow.SecondsBehind };
  }

  /** As `causeway verify` compares it. */
  async verify(): Promise<FlowReport> {
    const { signal } = new AbortController();
    return verifyFlow(this.#verifyPorts(signal), {
      // Not the heartbeats too, which others may have written to the cluster.
      ...{ topic: this.#scene.topic, times: { from: undefined, to: undefined }, windowMinutes: 60, mostApart: 1_000 },
      ...{ sideBySide: 2, states: new Map(), underway: new Map(), onProgress: () => {}, signal },
    });
  }

  /** A run of the function `verify`, which goes on where the last one ended; each turn is a slice of its own. */
  async verifyNew(): Promise<VerifiedNew & { readonly differences: readonly Difference[] }> {
    const differences: Difference[] = [];
    const places = new DynamoDbVerifiedPlaces(this.#dynamoDb, this.#tableName, this.#scene.flow);
    const found = await verifyNew(this.#verifyPorts(new AbortController().signal), places, {
      ...{ until: Number.POSITIVE_INFINITY, sliceMs: 0, sideBySide: 2, mostApart: 1_000 },
      different: ({ findings }) => differences.push(...findings.told),
    });
    return { ...found, differences };
  }

  #verifyPorts(signal: AbortSignal): VerifyPorts {
    return verifyPorts(configurationOf(this.#scene), {
      ...{ admin: this.#ends, data: this.#ends, tableName: this.#tableName, table: this.#dynamoDb, signal },
      fromTable: (_, read) => read(),
    });
  }

  /** Straight runs that the offset map is made of: one more than there are gaps. */
  async runs(partitions: number): Promise<number> {
    const map = new DynamoDbOffsetMap(this.#dynamoDb, { tableName: this.#tableName });
    const { flow, topic } = this.#scene;
    let runs = 0;
    for (let partition = 0; partition < partitions; partition++)
      runs += (await map.runs({ flow, topic, remoteTopic: this.remoteTopic, partition, generation: 1 })).length;
    return runs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      this.#opened.close(),
      this.#replicate[Symbol.asyncDispose](),
      this.#monitor?.[Symbol.asyncDispose](),
    ]);
    this.#dynamoDb.destroy();
  }

  get #ends() {
    const { source, target } = this.#scene;
    return { source: async () => source.cluster, target: async () => target.cluster };
  }

  async #invoke(name: string, records: readonly KafkaRecord[]): Promise<void> {
    const answer = await this.#replicate.invoke({ eventSource: 'aws:kafka', records: { [name]: records } });
    this.#note(answer);
    if (answer.error) throw new Error(`${answer.error.name}: ${answer.error.message}`);
    if ((answer.response?.batchItemFailures.length ?? 0) > 0) throw new Error(`${name}: ${JSON.stringify(answer.log)}`);
  }

  #registry(): DynamoDbTopicRegistry {
    return new DynamoDbTopicRegistry(this.#dynamoDb, this.#tableName, this.#scene.flow);
  }

  /** From what the function logs. */
  #note({ log }: Answer): void {
    for (const { cause } of log)
      if (typeof cause === 'string') this.takeOvers.set(cause, (this.takeOvers.get(cause) ?? 0) + 1);
  }
}

function configurationOf({ flow, topic, source, target, groupPrefix }: FlowScene): Flow {
  const text = [
    `clusters = ${flow.source}, ${flow.target}`,
    `${flow.source}.bootstrap.servers = ${source.servers}`,
    `${flow.target}.bootstrap.servers = ${target.servers}`,
    `${flow.source}->${flow.target}.enabled = true`,
    `${flow.target}.causeway.region = ${OFFSET_MAP_REGION}`,
    `topics = ${topic}`,
    `groups = ${groupPrefix}.*`,
    'checkpoints.topic.replication.factor = 1',
    'sync.group.offsets.enabled = true',
  ].join('\n');
  const { configuration } = parseConfiguration(text, { file: 'mm2.properties' });
  const [found] = configuration.flows;
  if (found === undefined) throw new Error('no flow');
  return found;
}
