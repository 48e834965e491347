import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs';
import { inject, onTestFinished } from 'vitest';
import { sourceTopics, targetTopics } from '../../../functions/reconcile/topics.ts';
import { localCredentials } from '../../../local/region/addresses.ts';
import { DynamoDbReconcileNotes } from '../../../shared/adapters/dynamodb/reconcile-notes.ts';
import { DynamoDbTopicRegistry } from '../../../shared/adapters/dynamodb/topic-registry.ts';
import { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { ConsumerGroups } from '../../../shared/adapters/kafka/groups/consumer-groups.ts';
import { startOffsets } from '../../../shared/adapters/kafka/groups/start-offsets.ts';
import { LambdaEventSourceMappings } from '../../../shared/adapters/lambda/event-source-mappings.ts';
import { sourceOffset } from '../../../shared/flow/offset.ts';
import { consumerGroup } from '../../../shared/reconcile/consumer-group.ts';
import { BeginNotCommittedError } from '../../../shared/reconcile/errors.ts';
import type { ReconcilePorts } from '../../../shared/reconcile/ports.ts';
import { look } from '../../../shared/reconcile/reconcile.ts';
import { removeAll } from '../../../shared/reconcile/remove-all.ts';
import type { Wanted } from '../../../shared/reconcile/wanted.ts';
import { createTable } from '../dynamodb/table.ts';
import { zipOf } from '../event-source-mapping/zip.ts';

const WITHIN_MS = 30_000;

/** Takes whatever it is given: what was delivered shows in the group's commits. */
const TAKES_ALL = 'export const handler = async () => null;';

/** A flow between the two clusters with everything real but `replicate`, which the test plays itself. */
export class Scene {
  readonly prefix = `t${randomUUID().slice(0, 8)}`;
  readonly flow = { source: 'us-east', target: `us-west-${this.prefix}` };
  readonly source: Admin;
  readonly target: Admin;
  readonly producer: Producer;
  readonly targetProducer: Producer;
  readonly ports: ReconcilePorts;
  readonly wanted: Wanted;

  private constructor(
    made: Pick<Scene, 'source' | 'target' | 'producer' | 'targetProducer'>,
    ports: (scene: Scene) => ReconcilePorts,
    clusterArn: string,
  ) {
    this.source = made.source;
    this.target = made.target;
    this.producer = made.producer;
    this.targetProducer = made.targetProducer;
    this.ports = ports(this);
    this.wanted = {
      flow: this.flow,
      topics: {
        covers: (topic) => topic.startsWith(this.prefix),
        remoteTopic: (topic) => `us-east.${topic}`,
      },
      origin: { kind: 'msk', clusterArn },
      settings: {
        enabled: true,
        batchSize: 100,
        batchingWindowSeconds: 0,
        pollers: { minimum: 1, maximum: 2 },
        access: [],
      },
      start: 'TRIM_HORIZON',
      drainMs: 1_000,
      replicationFactor: 1,
      twoWay: false,
      configs: {
        rules: { covers: (name) => name !== 'min.insync.replicas', useDefaultsFrom: 'target' },
        sync: { enabled: true, intervalMs: 600_000 },
      },
      deletedTopics: { action: 'keep', graceMs: 3_600_000 },
      acls: { deleteRevoked: true, sync: { enabled: true, intervalMs: 600_000 } },
    };
  }

  static async set(): Promise<Scene> {
    const { awsEndpoint, clusters } = inject('regions');
    const [east, west] = clusters;
    if (awsEndpoint === undefined || east === undefined || west === undefined) throw new Error('needs both regions');
    const lambda = new LambdaClient({ endpoint: awsEndpoint, region: east.awsRegion, credentials: localCredentials });
    const dynamo = new DynamoDBClient({ endpoint: awsEndpoint, region: west.awsRegion, credentials: localCredentials });
    const tableName = `offset-map-${randomUUID()}`;
    await createTable(dynamo, tableName);
    const ours = [east, west].map(
      ({ alias, bootstrapServers }) => new KafkaCluster({ alias, bootstrapServers: bootstrapServers.split(',') }),
    );
    const [eastCluster, westCluster] = ours;
    if (eastCluster === undefined || westCluster === undefined) throw new Error('needs both clusters');
    const clients = [east, west].map(
      ({ bootstrapServers }) => new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING }),
    );
    const [source, target] = clients.map((client) => client.admin());
    const [producer, targetProducer] = clients.map((client) => client.producer());
    if (!source || !target || !producer || !targetProducer) throw new Error('needs both clusters');
    const connected = [source, target, producer, targetProducer];
    await Promise.all(connected.map((client) => client.connect()));
    const FunctionName = `replicate-${randomUUID().slice(0, 8)}`;
    await makeFunction(lambda, FunctionName);
    const scene = new Scene(
      { source, target, producer, targetProducer },
      ({ flow }) => ({
        source: sourceTopics(async () => eastCluster),
        target: targetTopics(async () => westCluster),
        mappings: new LambdaEventSourceMappings(lambda, FunctionName, flow),
        startOffsets: startOffsets(
          async () => new ConsumerGroups(eastCluster, { toOffset: sourceOffset }),
          BeginNotCommittedError,
        ),
        registry: new DynamoDbTopicRegistry(dynamo, tableName, flow),
        notes: new DynamoDbReconcileNotes(dynamo, tableName, flow),
        clock: { now: Date.now, wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
      }),
      east.arn,
    );
    onTestFinished(async () => {
      await removeAll(scene.flow, scene.ports, { until: Date.now() + WITHIN_MS, deployment: 'end' });
      await lambda.send(new DeleteFunctionCommand({ FunctionName }));
      await Promise.all(connected.map((client) => client.disconnect()));
      await Promise.all(ours.map((cluster) => cluster.close()));
      lambda.destroy();
      dynamo.destroy();
    });
    return scene;
  }

  /** Of the source; it knows the partitions that there are now. */
  async anotherProducer(): Promise<Pick<Producer, 'send'> & AsyncDisposable> {
    const brokers = inject('regions').clusters[0]?.bootstrapServers.split(',') ?? [];
    const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    return { send: producer.send, [Symbol.asyncDispose]: () => producer.disconnect() };
  }

  /** A cluster that Lambda does not find. */
  get unknownClusterArn(): string {
    const { origin } = this.wanted;
    return origin.kind === 'msk' ? origin.clusterArn.replace('/us-east/', '/nowhere/') : '';
  }

  topic(name: string): string {
    return `${this.prefix}-${name}`;
  }

  /** Looks until nothing is left to do or to wait for. @throws when errors are reported or it takes too long */
  async settle(wanted: Wanted = this.wanted): Promise<void> {
    const deadline = Date.now() + WITHIN_MS;
    for (;;) {
      const { topics, steps } = await look(wanted, this.ports);
      const errors = steps.flatMap((step) => step.errors);
      if (errors.length > 0) throw errors[0];
      const waiting = topics.filter(({ plan }) => plan.waitingFor !== undefined);
      if (waiting.length === 0 && topics.every(({ plan }) => plan.actions.length === 0)) return;
      if (Date.now() > deadline) throw new Error(`not settled: ${JSON.stringify(waiting)}`);
      await this.ports.clock.wait(200);
    }
  }

  mappings() {
    return this.ports.mappings.list();
  }

  async remotePartitions(topic: string): Promise<number> {
    const { topics } = await this.target.fetchTopicMetadata({ topics: [`us-east.${topic}`] });
    return topics[0]?.partitions.length ?? 0;
  }

  /** Offset that each partition's deliveries of a generation are committed up to; -1 none. */
  async delivered(topic: string, generation: number): Promise<number[]> {
    const groupId = consumerGroup(this.flow, topic, generation);
    const [found] = await this.source.fetchOffsets({ groupId, topics: [topic] });
    const partitions = found?.partitions.toSorted((a, b) => a.partition - b.partition) ?? [];
    return partitions.map(({ offset }) => Number(offset));
  }
}

async function makeFunction(lambda: LambdaClient, FunctionName: string): Promise<void> {
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/test',
      Code: { ZipFile: zipOf('index.mjs', TAKES_ALL) },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName });
}
