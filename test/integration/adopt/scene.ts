import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import kafkajs, { type Kafka } from 'kafkajs';
import { inject } from 'vitest';
import { physicalName } from '../../../infra/flow/names.ts';
import { SINGLE_BROKER_REPLICATION } from '../../../local/kafka/mirror-maker-2.ts';
import { awsEnvironment, localCredentials } from '../../../local/region/addresses.ts';
import { projectRoot } from '../../../local/setup/project.ts';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { readEvidence } from '../../../shared/cli/adopt/read-evidence.ts';
import { hasMembers } from '../../../shared/cli/adopt/worker-group.ts';
import { run } from '../../../shared/cli/run.ts';
import { UNSTYLED } from '../../../shared/cli/terminal/page.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import { createTable } from '../dynamodb/table.ts';
import { type Logs, readLogs } from '../exactly-once/read-logs.ts';
import { uniqueName } from '../kafka/target.ts';
import { Causeway } from './causeway.ts';

const { Kafka: KafkaJs, logLevel } = kafkajs;
export const PARTITIONS = 2;

export interface CommandOutcome {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** A flow between the two clusters, under a name of its own for the source, and the offset map that it is to have. */
export class Scene implements AsyncDisposable {
  readonly flow = { source: uniqueName('us-east'), target: 'us-west' };
  readonly source: Kafka;
  readonly target: Kafka;
  readonly awsEndpoint: string;
  /** Topics of the source that it covers, all of them made here. */
  readonly topics: string[] = [];
  readonly tableName = physicalName('causeway', this.flow, 'offset-map');
  readonly #clusters: { readonly source: KafkaCluster; readonly target: KafkaCluster };
  readonly #servers: readonly [string, string];
  readonly #folder: string;
  readonly #table: DynamoDBClient;

  private constructor() {
    const { awsEndpoint = '', clusters } = inject('regions');
    const [east = '', west = ''] = clusters.map(({ bootstrapServers }) => bootstrapServers);
    this.awsEndpoint = awsEndpoint;
    this.#servers = [east, west];
    const kafka = (servers: string) => new KafkaJs({ brokers: servers.split(','), logLevel: logLevel.NOTHING });
    const cluster = (alias: string, servers: string) =>
      new KafkaCluster({ alias, bootstrapServers: servers.split(',') });
    this.source = kafka(east);
    this.target = kafka(west);
    this.#clusters = { source: cluster(this.flow.source, east), target: cluster(this.flow.target, west) };
    const logs = join(projectRoot, '.causeway', 'logs');
    mkdirSync(logs, { recursive: true });
    this.#folder = mkdtempSync(join(logs, 'adopt-'));
    this.#table = new DynamoDBClient({ endpoint: awsEndpoint, region: 'us-west-2', credentials: localCredentials });
  }

  static async set(...topics: readonly string[]): Promise<Scene> {
    const scene = new Scene();
    Object.assign(process.env, awsEnvironment(scene.awsEndpoint, 'us-east-1'));
    await createTable(scene.#table, scene.tableName);
    for (const topic of topics) await scene.makeTopic(topic);
    return scene;
  }

  /** One file for both: MirrorMaker 2 passes over what is Causeway's. @returns its path */
  configure(...others: readonly Scene[]): string {
    const file = join(this.#folder, 'mm2.properties');
    writeFileSync(
      file,
      [COMMON, ...[this, ...others].map((scene) => scene.#properties), clusters(this, ...others)].join(''),
    );
    return file;
  }

  remote(topic: string): string {
    return `${this.flow.source}.${topic}`;
  }

  async makeTopic(name: string): Promise<void> {
    await new ClusterAdmin(this.#clusters.source).createTopic({ name, partitions: PARTITIONS, replicationFactor: -1 });
    this.topics.push(name);
  }

  /** Runs the command as it is called. */
  async causeway(...args: readonly string[]): Promise<CommandOutcome> {
    this.configure();
    const written = { out: '', err: '' };
    const channel = (name: keyof typeof written) => ({
      page: UNSTYLED,
      write: (text: string) => {
        written[name] += text;
      },
    });
    const exitCode = await run(args, {
      folder: this.#folder,
      out: channel('out'),
      err: channel('err'),
      setVariables: (variables) => Object.assign(process.env, variables),
      resolve: () => Promise.reject(new Error('the file refers to nothing')),
    });
    return { exitCode, ...written };
  }

  /** `replicate` as it is deployed with this file. */
  deployed(): Causeway {
    const { awsEndpoint, tableName, source } = this;
    const text = readFileSync(this.configure(), 'utf8');
    const { configuration } = parseConfiguration(text, { file: 'mm2.properties' });
    const flow = configuration.flows.find(({ enabled }) => enabled);
    if (flow === undefined) throw new Error('no flow');
    return new Causeway({ flow, tableName, awsEndpoint, source });
  }

  /** What MirrorMaker 2 has recorded as copied last, by `topic-partition`. */
  async recorded(): Promise<ReadonlyMap<string, number>> {
    const evidence = await this.#evidence();
    return new Map(
      this.topics.flatMap((topic) =>
        NUMBERS.flatMap((partition) => {
          const { recorded } = evidence.of({ topic, partition });
          return recorded === undefined ? [] : [[`${topic}-${partition}`, recorded] as const];
        }),
      ),
    );
  }

  /**
   * Whether MirrorMaker 2 has recorded that it copied records of each partition, and written a pair of offsets down, and
   * has copied more of each since.
   * @param before it is to have recorded more than this; default: the first record of each partition, so that something
   * lies before what is compared
   */
  async isBeyondRecord(before: ReadonlyMap<string, number> = new Map()): Promise<boolean> {
    const evidence = await this.#evidence();
    const ends = await this.#ends(
      'target',
      this.topics.map((topic) => this.remote(topic)),
    );
    return this.topics.every((topic) =>
      NUMBERS.every((partition) => {
        const { recorded = -1, syncs } = evidence.of({ topic, partition });
        const end = ends.get(`${this.remote(topic)}-${partition}`) ?? 0;
        const isNew = recorded > (before.get(`${topic}-${partition}`) ?? 0);
        return isNew && end > recorded + 1 && syncs.some(({ upstreamOffset }) => upstreamOffset > 0);
      }),
    );
  }

  /** Whether its workers are members of their group; one that could not say good-bye is, until its session times out. */
  hasWorkers(): Promise<boolean> {
    return hasMembers(this.#clusters.target, `${this.flow.source}-mm2`);
  }

  /** Log ends on the source, by partition. */
  async sourceEnds(topic: string): Promise<ReadonlyMap<number, number>> {
    const ends = await this.#ends('source', [topic]);
    return new Map(NUMBERS.map((partition) => [partition, ends.get(`${topic}-${partition}`) ?? 0]));
  }

  /** What a consumer that is not ours finds in both logs of a topic, by partition. */
  async logs(topic: string): Promise<readonly { readonly source: string[]; readonly target: string[] }[]> {
    const [here, there] = [await this.#read(this.source, topic), await this.#read(this.target, this.remote(topic))];
    return NUMBERS.map((partition) => ({
      source: here.get(`${topic}-${partition}`)?.map(({ identity }) => identity) ?? [],
      target: there.get(`${this.remote(topic)}-${partition}`)?.map(({ identity }) => identity) ?? [],
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#clusters.source.close(), this.#clusters.target.close()]);
    this.#table.destroy();
    rmSync(this.#folder, { recursive: true });
  }

  get #properties(): string {
    const { source } = this.flow;
    const [servers] = this.#servers;
    return `
${source}.bootstrap.servers = ${servers}
${source}.causeway.region = us-east-1
${source}->us-west.enabled = true
${source}->us-west.topics = ${this.topics.join(', ')}
us-west->${source}.enabled = false
`;
  }

  #evidence() {
    const { source, target } = this.#clusters;
    return readEvidence({
      source: this.flow.source,
      offsets: { cluster: async () => target, topic: `mm2-offsets.${this.flow.source}.internal` },
      offsetSyncs: { cluster: async () => source, topic: `mm2-offset-syncs.${this.flow.target}.internal` },
    });
  }

  #ends(side: 'source' | 'target', topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const asked = topics.flatMap((topic) => NUMBERS.map((partition) => ({ topic, partition })));
    return new ClusterAdmin(this.#clusters[side]).logEnds(asked);
  }

  async #read(kafka: Kafka, topic: string): Promise<Logs> {
    const admin = kafka.admin();
    await admin.connect();
    try {
      return await readLogs(kafka, admin, [topic], { groupId: uniqueName('reader'), ends: 'record' });
    } finally {
      await admin.disconnect();
    }
  }
}

const NUMBERS = Array.from({ length: PARTITIONS }, (_, partition) => partition);

function clusters(...scenes: readonly Scene[]): string {
  const servers = inject('regions').clusters[1]?.bootstrapServers;
  const aliases = [...scenes.map(({ flow }) => flow.source), 'us-west'];
  return `\nclusters = ${aliases.join(', ')}\nus-west.bootstrap.servers = ${servers}\n`;
}

/**
 * Offsets are recorded every two seconds instead of every minute, and a worker that was killed is replaced at once instead
 * of after five minutes, so that a test does not wait for that; the rest is for small clusters.
 */
const COMMON = `us-west.causeway.region = us-west-2
emit.heartbeats.enabled = false

us-west.offset.flush.interval.ms = 2000
us-west.session.timeout.ms = 6000
us-west.heartbeat.interval.ms = 1000
us-west.scheduled.rebalance.max.delay.ms = 0
us-west.offset.storage.partitions = 2
us-west.status.storage.partitions = 1

${SINGLE_BROKER_REPLICATION}`;
