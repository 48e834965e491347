import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type EventSourceMappingConfiguration,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import kafkajs, { type Admin, type Kafka, type Producer } from 'kafkajs';
import { physicalName } from '../../../infra/flow/names.ts';
import { bootstrap, deploy } from '../../../local/demo/deploy.ts';
import { compareOrder } from '../../../local/demo/proof.ts';
import { type ReadRecord, TopicReader } from '../../../local/demo/reader.ts';
import { type ClusterAddress, localCredentials } from '../../../local/region/addresses.ts';
import { createTopics } from '../../../local/region/create-topics.ts';
import { type Regions, startRegions } from '../../../local/region/regions.ts';
import { until } from '../../../local/region/until.ts';
import { decodeOffsetSync, type OffsetSync } from '../../../shared/mm2/offset-sync.ts';
import { connect, recordsIn as logOf } from '../../integration/kafka/target.ts';
import { configurationOf, type End, TOPIC } from './configuration.ts';
import { FunctionLog } from './function-log.ts';
import { Secret } from './secret.ts';
import { changePassword, grant, sourceRights, targetRights } from './user.ts';

/** Brokers end a login that is older, so that everybody logs in again soon after a password was changed. */
export const SESSION_MS = 3_000;
const PARTITIONS = 2;

const REMOTE_TOPIC = 'us-east.orders';
const OFFSET_SYNCS_TOPIC = 'mm2-offset-syncs.us-west.internal';

/**
 * A flow from us-east to us-west, deployed by the CDK: both want SCRAM over TLS from an authority of their own, and a user
 * with no more rights than docs/deploy.md asks for. What the test itself does goes over the plain listeners.
 */
export class SecuredFlow implements AsyncDisposable {
  readonly source: End;
  readonly target: End;
  /** Of functions in the source's region. */
  readonly log: FunctionLog;
  /** Of functions in the target's region. */
  readonly targetLog: FunctionLog;
  readonly #regions: Regions;
  readonly #lambda: LambdaClient;
  /** By cluster alias. */
  readonly #admins: ReadonlyMap<string, Admin>;
  readonly #producer: Producer;
  readonly #originals: TopicReader;
  readonly #copies: TopicReader;

  private constructor(regions: Regions, source: End, target: End) {
    this.#regions = regions;
    this.source = source;
    this.target = target;
    this.#admins = new Map([source, target].map(({ cluster }) => [cluster.alias, kafka(cluster).admin()]));
    const { awsEndpoint } = regions;
    this.#lambda = new LambdaClient({
      endpoint: awsEndpoint,
      region: source.cluster.awsRegion,
      credentials: localCredentials,
    });
    this.log = new FunctionLog({ awsEndpoint, awsRegion: source.cluster.awsRegion }, functionName);
    this.targetLog = new FunctionLog({ awsEndpoint, awsRegion: target.cluster.awsRegion }, functionName);
    this.#producer = kafka(source.cluster).producer({ idempotent: true, maxInFlightRequests: 1 });
    this.#originals = new TopicReader(kafka(source.cluster), 'originals');
    this.#copies = new TopicReader(kafka(target.cluster), 'copies');
  }

  static async start(): Promise<SecuredFlow> {
    const serverProperties = { 'connections.max.reauth.ms': String(SESSION_MS) };
    const regions = await startRegions({
      clusters: [
        { alias: 'us-east', awsRegion: 'us-east-1', secured: true, serverProperties },
        { alias: 'us-west', awsRegion: 'us-west-2', secured: true, serverProperties },
      ],
    });
    try {
      // Each function looks for secrets in its own region: replicate and reconcile in the source's, the others in the target's.
      const vaults = [regions.source, regions.target].map(
        ({ awsRegion: region }) =>
          new SecretsManagerClient({ endpoint: regions.awsEndpoint, region, credentials: localCredentials }),
      );
      const ends = [await end(vaults, regions.source), await end(vaults, regions.target)] as const;
      const flow = new SecuredFlow(regions, ...ends);
      await flow.#deploy();
      return flow;
    } catch (error) {
      await regions.stop({ failed: true });
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#producer.disconnect(), this.#originals.stop(), this.#copies.stop()]);
    await Promise.all([...this.#admins.values()].map((admin) => admin.disconnect()));
    this.#lambda.destroy();
    await this.#regions.stop();
  }

  /** Records with these values, dealt to all partitions. */
  async produce(values: readonly string[]): Promise<void> {
    const messages = values.map((value, i) => ({ key: value, value, partition: i % PARTITIONS }));
    await this.#producer.send({ topic: TOPIC, messages, acks: -1 });
  }

  /** Records read so far on the source, and on the target. */
  get counts(): { readonly there: number; readonly here: number } {
    return { there: this.#originals.count, here: this.#copies.count };
  }

  /** What of the source is not on the target, there twice or not in its place, over all partitions. */
  compare(): { readonly lost: number; readonly duplicated: number; readonly reordered: number } {
    const total = { lost: 0, duplicated: 0, reordered: 0 };
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const found = compareOrder(recordsIn(this.#originals, partition), recordsIn(this.#copies, partition));
      total.lost += found.lost;
      total.duplicated += found.duplicated;
      total.reordered += found.reordered;
    }
    return total;
  }

  /** Commits these offsets of TOPIC on the source, by partition, for a group that nobody is in. */
  async commit(groupId: string, offsets: readonly number[]): Promise<void> {
    const partitions = offsets.map((offset, partition) => ({ partition, offset: String(offset) }));
    await this.#admin(this.source).setOffsets({ groupId, topic: TOPIC, partitions });
  }

  /** Of the copy, by partition; -1 where the group has committed nothing. */
  async committedOnTarget(groupId: string): Promise<readonly number[]> {
    const found = await this.#admin(this.target).fetchOffsets({ groupId, topics: [REMOTE_TOPIC] });
    const partitions = found[0]?.partitions ?? [];
    return partitions.toSorted((one, other) => one.partition - other.partition).map(({ offset }) => Number(offset));
  }

  /** Those that `replicate` has written to the source so far. */
  async offsetSyncs(): Promise<readonly OffsetSync[]> {
    const cluster = connect(this.source.cluster.bootstrapServers);
    try {
      const { topics } = await cluster.metadata([OFFSET_SYNCS_TOPIC]);
      return topics.size === 0 ? [] : (await logOf(cluster, OFFSET_SYNCS_TOPIC)).map(decodeOffsetSync);
    } finally {
      await cluster.close();
    }
  }

  /** Whether both offsets are those of one record. */
  isTrue({ topic, partition, upstreamOffset, downstreamOffset }: OffsetSync): boolean {
    const at = (reader: TopicReader, offset: number) =>
      recordsIn(reader, partition).find((record) => record.offset === offset)?.identity;
    const [original, copy] = [at(this.#originals, upstreamOffset), at(this.#copies, downstreamOffset)];
    return topic === TOPIC && original !== undefined && original === copy;
  }

  /** The one event source mapping of the flow, as Lambda tells of it. */
  async mapping(): Promise<EventSourceMappingConfiguration> {
    const { EventSourceMappings: found = [] } = await this.#lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: functionName('replicate') }),
    );
    const [mapping] = found;
    if (mapping === undefined) throw new Error('no mapping yet');
    return mapping;
  }

  /** Everything that was handed to CloudFormation. */
  get templates(): string {
    const folder = join(this.#regions.address.folder, 'cdk-deploy');
    const files = readdirSync(folder).filter((name) => name.endsWith('.template.json'));
    return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  }

  /** The password on the brokers alone. */
  async changeOnBrokers({ cluster, username }: End, password: string): Promise<void> {
    const [broker] = cluster.brokers;
    if (broker === undefined) throw new Error(`${cluster.alias} has no broker`);
    await changePassword(broker, username, password);
  }

  #admin({ cluster }: End): Admin {
    const admin = this.#admins.get(cluster.alias);
    if (admin === undefined) throw new Error(`no admin of ${cluster.alias}`);
    return admin;
  }

  async #deploy(): Promise<void> {
    const [east, west] = [this.#admin(this.source), this.#admin(this.target)];
    await Promise.all([east.connect(), west.connect(), this.#producer.connect()]);
    await createTopics(east, [{ topic: TOPIC, numPartitions: PARTITIONS }]);
    await grant(east, this.source.username, sourceRights(OFFSET_SYNCS_TOPIC));
    await grant(west, this.target.username, targetRights('us-east'));
    const configuration = join(this.#regions.address.folder, 'mm2.properties');
    writeFileSync(configuration, configurationOf(this.source, this.target, this.#regions.address.folder));
    const deployment = { address: this.#regions.address, awsEndpoint: this.#regions.awsEndpoint, configuration };
    await bootstrap(deployment);
    await deploy(deployment);
    await this.#originals.start(TOPIC);
    const isThere = async () => (await west.listTopics()).includes(REMOTE_TOPIC);
    await until(isThere, 60_000, () => new Error(`${REMOTE_TOPIC} was not made`));
    await this.#copies.start(REMOTE_TOPIC);
  }
}

async function end(vaults: readonly SecretsManagerClient[], cluster: ClusterAddress): Promise<End> {
  const { secured, alias } = cluster;
  const [user] = secured?.users ?? [];
  if (secured === undefined || user === undefined) throw new Error(`${alias} is not secured`);
  const members = { ...user, certificate: secured.certificateAuthority };
  return { cluster, secured, username: user.username, secret: await Secret.create(vaults, `kafka/${alias}`, members) };
}

function functionName(name: string): string {
  return physicalName('causeway', { source: 'us-east', target: 'us-west' }, name);
}

function kafka({ bootstrapServers }: ClusterAddress): Kafka {
  return new kafkajs.Kafka({
    clientId: 'test',
    brokers: bootstrapServers.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
  });
}

function recordsIn(reader: TopicReader, partition: number): readonly ReadRecord[] {
  return reader.records.get(partition) ?? [];
}
