import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { deleteRecordsV2 } from '@platformatic/kafka';
import kafkajs, { type Admin, type Kafka as KafkaClient, type Producer } from 'kafkajs';
import { awsEnvironment, type ClusterAddress } from '../../../local/region/addresses.ts';
import type { ClusterOptions } from '../../../local/region/options.ts';
import { type Regions, startRegions } from '../../../local/region/regions.ts';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbQuarantine } from '../../../shared/adapters/dynamodb/quarantine.ts';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { rights } from '../../../shared/adapters/kafka/rights.ts';
import { createTable } from '../dynamodb/table.ts';
import { ExecutionEnvironment } from './environment.ts';

const { Kafka, logLevel } = kafkajs;

const DELETE_WITHIN_MS = 5_000;
const ENVIRONMENTS = 6;
const AWS_REGION = 'us-west-2';
const TABLE = 'OffsetMap';

/** One broker, so that it can be stopped and its log cut back; a cleaner that does not let one wait. */
const SOURCE: ClusterOptions = {
  alias: 'us-east',
  awsRegion: 'us-east-1',
  serverProperties: {
    'log.cleaner.backoff.ms': '50',
    'log.cleaner.dedupe.buffer.size': '33554432',
    'log.initial.task.delay.ms': '1000',
    // Else a broker that is killed forgets for a minute what was deleted, and shows it again.
    'log.flush.start.offset.checkpoint.interval.ms': '200',
  },
};

/** Three brokers that notice a lost one quickly, and that forget producers of old records within a second. */
const TARGET: ClusterOptions = {
  alias: 'us-west',
  awsRegion: AWS_REGION,
  brokers: 3,
  serverProperties: {
    'min.insync.replicas': '2',
    'broker.session.timeout.ms': '2000',
    'broker.heartbeat.interval.ms': '500',
    'replica.lag.time.max.ms': '3000',
    'producer.id.expiration.check.interval.ms': '1000',
  },
};

/** Two clusters, the offset map's table, and the execution environments that are shared by all schedules. */
export class World implements AsyncDisposable {
  readonly regions: Regions;
  readonly table = TABLE;
  readonly dynamoDb: DynamoDBClient;
  readonly offsetMap: DynamoDbOffsetMap;
  readonly environments: readonly ExecutionEnvironment[];
  /** Connections of the schedules' own, apart from those of the environments. */
  readonly source: KafkaCluster;
  readonly target: KafkaCluster;
  readonly sourceClient: KafkaClient;
  readonly targetClient: KafkaClient;
  readonly sourceAdmin: Admin;
  readonly targetAdmin: Admin;
  readonly producer: Producer;

  private constructor(regions: Regions) {
    this.regions = regions;
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = awsEnvironment(
      regions.awsEndpoint,
      AWS_REGION,
    );
    this.dynamoDb = new DynamoDBClient({
      endpoint: regions.awsEndpoint,
      region: AWS_REGION,
      credentials: { accessKeyId, secretAccessKey },
    });
    this.offsetMap = new DynamoDbOffsetMap(this.dynamoDb, { tableName: TABLE });
    const quarantine = new DynamoDbQuarantine(this.dynamoDb, TABLE);
    this.environments = Array.from({ length: ENVIRONMENTS }, (_, index) => {
      const clusters = { source: regions.source, target: regions.target };
      return new ExecutionEnvironment(index, clusters, this.offsetMap, quarantine);
    });
    this.source = inspector(regions.source);
    this.target = inspector(regions.target);
    this.sourceClient = client(regions.source);
    this.targetClient = client(regions.target);
    this.sourceAdmin = this.sourceClient.admin();
    this.targetAdmin = this.targetClient.admin();
    this.producer = this.sourceClient.producer({ retry: { retries: 30, maxRetryTime: 1_000 } });
  }

  static async start(): Promise<World> {
    const world = new World(await startRegions({ clusters: [SOURCE, TARGET] }));
    try {
      await Promise.all([
        world.sourceAdmin.connect(),
        world.targetAdmin.connect(),
        world.producer.connect(),
        world.#createTable(),
      ]);
      return world;
    } catch (error) {
      await world[Symbol.asyncDispose]();
      throw error;
    }
  }

  async createSourceTopic(topic: string, partitions: number, configs: Readonly<Record<string, string>>): Promise<void> {
    await createTopic(this.source, topic, partitions, configs);
  }

  async createRemoteTopic(topic: string, partitions: number): Promise<void> {
    await createTopic(this.target, topic, partitions, {});
  }

  /** Moves a source partition's log start to `offset`, as retention does. */
  async deleteSourceRecords(name: string, partitionIndex: number, offset: number): Promise<void> {
    await this.source.callLeader(name, partitionIndex, {
      request: `DeleteRecords of ${name}-${partitionIndex}`,
      subject: `partition ${name}-${partitionIndex}`,
      needs: rights.alterTopic(name),
      signal: undefined,
      run: (connection) => {
        const partitions = [{ partitionIndex, offset: BigInt(offset) }];
        return connection.call([deleteRecordsV2.api], [{ name, partitions }], DELETE_WITHIN_MS);
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([
      this.sourceAdmin.disconnect(),
      this.targetAdmin.disconnect(),
      this.producer.disconnect(),
      this.source.close(),
      this.target.close(),
      ...this.environments.map((environment) => environment.close()),
    ]);
    this.dynamoDb.destroy();
    await this.regions.stop();
  }

  async #createTable(): Promise<void> {
    await createTable(this.dynamoDb, TABLE);
  }
}

function inspector({ alias, bootstrapServers }: ClusterAddress): KafkaCluster {
  return new KafkaCluster({ alias, bootstrapServers: bootstrapServers.split(','), clientId: 'exactly-once-inspector' });
}

function client({ alias, bootstrapServers }: ClusterAddress): KafkaClient {
  return new Kafka({
    clientId: `exactly-once-${alias}`,
    brokers: bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 30, initialRetryTime: 50, maxRetryTime: 1_000 },
  });
}

async function createTopic(
  cluster: KafkaCluster,
  name: string,
  partitions: number,
  configs: Readonly<Record<string, string>>,
): Promise<void> {
  await new ClusterAdmin(cluster).createTopic({ name, partitions, replicationFactor: -1, configs });
}
