import kafkajs from 'kafkajs';
import type { ClusterAddress, RegionsAddress } from '../../../local/region/addresses.ts';
import { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { ConsumerGroups } from '../../../shared/adapters/kafka/groups/consumer-groups.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { uniqueName } from '../kafka/target.ts';
import { type GapFigures, GappyTopic } from './gappy-topic.ts';
import { commit, committedOffset, positionsAfter } from './positions.ts';
import { firstRecords } from './read-records.ts';
import { difference, type TopicRecords } from './record-list.ts';
import { ReplicatedFlow, type Side } from './replicated-flow.ts';
import { consumedOf, judgeMove, type MoveVerdict, SHARES, type Share } from './verdict.ts';

const { Kafka, logLevel } = kafkajs;

export interface SceneOptions {
  /** That both clusters hold in the end. */
  readonly records: number;
  readonly seed: number;
  /** Told of what is done next. */
  readonly say?: (line: string) => void;
}

export interface SceneFigures extends GapFigures {
  /** Straight runs that the offset map is made of. */
  readonly runs: number;
  /** By cause. */
  readonly takeOvers: Readonly<Record<string, number>>;
}

/** A topic with gaps of every kind, replicated as it is written, and the groups that are to be moved with it. */
export class TranslationScene implements AsyncDisposable {
  readonly source: Side;
  readonly target: Side;
  readonly flow: ReplicatedFlow;
  readonly #topic: GappyTopic;
  readonly #options: SceneOptions;
  /** As the target has them. */
  #copied: TopicRecords = new Map();
  readonly #consumed = new Map<Share, Map<number, number>>();

  private constructor(topic: string, source: Side, target: Side, flow: ReplicatedFlow, options: SceneOptions) {
    this.source = source;
    this.target = target;
    this.flow = flow;
    this.#options = options;
    this.#topic = new GappyTopic(topic, source, options.seed);
  }

  static async set({ clusters, awsEndpoint }: RegionsAddress, options: SceneOptions): Promise<TranslationScene> {
    const [east, west] = clusters;
    if (!east || !west || awsEndpoint === undefined) throw new Error('two clusters and a table are needed');
    const [source, target] = [sideOf(east), sideOf(west)];
    const topic = uniqueName('orders');
    const flow = { source: uniqueName('us-east'), target: 'us-west' };
    const replicated = await ReplicatedFlow.open({ flow, topic, awsEndpoint, source, target, groupPrefix: topic });
    const scene = new TranslationScene(topic, source, target, replicated, options);
    try {
      await scene.#write();
      await scene.#compareLogs();
    } catch (error) {
      await scene[Symbol.asyncDispose]();
      throw error;
    }
    return scene;
  }

  get topic(): string {
    return this.#topic.name;
  }

  /** In the order in which both clusters have them. */
  get records(): TopicRecords {
    return this.#topic.records;
  }

  group(share: Share): string {
    return `${this.topic}-${share}-percent`;
  }

  async figures(): Promise<SceneFigures> {
    const { figures, partitions } = this.#topic;
    return {
      ...figures,
      runs: await this.flow.runs(partitions),
      takeOvers: Object.fromEntries(this.flow.takeOvers),
    };
  }

  /** Groups stop on the source, each after its share of every partition, and are carried over to the target. */
  async moveGroups(): Promise<void> {
    this.#say('groups commit on the source and are carried over');
    const groups = new ConsumerGroups(this.source.cluster, { toOffset: sourceOffset });
    for (const share of SHARES) {
      const consumed = new Map([...this.records].map(([each, { length }]) => [each, consumedOf(share, length)]));
      this.#consumed.set(share, consumed);
      const offsets = positionsAfter(this.records, consumed, this.#topic.starts);
      await commit(groups, this.group(share), this.topic, offsets);
    }
    await this.flow.carryOverGroups(SHARES.map((share) => this.group(share)));
  }

  /** Other groups stop on the target after the same shares, and go to where they belong on the source. */
  async moveGroupsBack(): Promise<void> {
    this.#say('groups of the target go back');
    const source = new ConsumerGroups(this.source.cluster, { toOffset: sourceOffset });
    const target = new ConsumerGroups(this.target.cluster, { toOffset: targetOffset });
    for (const share of SHARES) {
      const group = returning(this.group(share));
      const consumed = this.#consumed.get(share) ?? new Map<number, number>();
      await commit(target, group, this.flow.remoteTopic, positionsAfter(this.#copied, consumed, new Map()));
      const { partitions, untranslated } = await this.flow.translator.translateGroup(group, 'backward');
      const [first] = untranslated;
      if (first) throw first.error;
      await commit(source, group, this.topic, new Map(partitions.map(({ to }) => [to.partition, to.offset])));
    }
  }

  /** Sets a group in a partition of the target so many offsets from where it has been set. */
  async misplace(share: Share, partition: number, by: number): Promise<void> {
    const groups = new ConsumerGroups(this.target.cluster, { toOffset: targetOffset });
    const group = this.group(share);
    const offset = await committedOffset(groups, group, { topic: this.flow.remoteTopic, partition });
    await commit(groups, group, this.flow.remoteTopic, new Map([[partition, offset + by]]));
  }

  /** One more record in each partition, so that there is one to read for groups that have consumed all. */
  async writeNext(): Promise<void> {
    await this.#topic.writeOneEach();
    await this.flow.replicate(this.#topic.lastOffsets);
  }

  /** A record that somebody else writes to the copy. */
  async writeStray(partition: number): Promise<void> {
    const producer = this.target.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    await producer.send({ topic: this.flow.remoteTopic, messages: [{ partition, value: 'stray' }] });
    await producer.disconnect();
  }

  /** What the groups read on the target, after {@link writeNext}, in any copy of the topic that they have offsets of. */
  async judgeForward(remoteTopic = this.flow.remoteTopic): Promise<MoveVerdict[]> {
    this.#say(`groups read in ${remoteTopic}`);
    return this.#judge(this.target, remoteTopic, (share) => this.group(share));
  }

  /** What the groups that went back read on the source. */
  async judgeBack(): Promise<MoveVerdict[]> {
    this.#say(`groups read in ${this.topic}`);
    return this.#judge(this.source, this.topic, (share) => returning(this.group(share)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flow[Symbol.asyncDispose]();
    await Promise.all([this.source.cluster.close(), this.target.cluster.close()]);
  }

  async #judge({ kafka }: Side, topic: string, groupOf: (share: Share) => string): Promise<MoveVerdict[]> {
    const { records } = this;
    const verdicts: MoveVerdict[] = [];
    for (const share of SHARES) {
      const first = await firstRecords(kafka, groupOf(share), topic, this.#topic.partitions);
      verdicts.push(judgeMove(share, records, this.#consumed.get(share) ?? new Map(), first));
    }
    return verdicts;
  }

  async #write(): Promise<void> {
    const [topic, { records }] = [this.#topic, this.#options];
    await topic.create();
    this.#say(`writing the first half into ${topic.partitions} partitions`);
    await topic.writeFirst(Math.floor(records / 2));
    this.#say('waiting for the log cleaner');
    await topic.compactAndCut();
    this.#say('replicating it');
    await this.flow.openTopic(topic.partitions);
    await this.flow.replicate(topic.lastOffsets);
    await topic.grow();
    await this.flow.grow(topic.partitions);
    this.#say(`writing the second half into ${topic.partitions} partitions`);
    await topic.writeRest(records);
    this.#say('replicating it');
    await this.flow.replicate(topic.lastOffsets);
  }

  /** @throws Error unless both clusters hold exactly what the application wrote and compaction and retention left */
  async #compareLogs(): Promise<void> {
    this.#say('comparing both logs record for record');
    const wrong = await this.#topic.wrong();
    if (wrong !== undefined) throw new Error(`the source does not hold what was written: ${wrong}`);
    this.#copied = await this.#topic.read(this.target.kafka, this.flow.remoteTopic, true);
    const copiedWrong = difference(this.records, this.#copied);
    if (copiedWrong !== undefined) throw new Error(`the target is not equal to the source: ${copiedWrong}`);
  }

  #say(line: string): void {
    this.#options.say?.(line);
  }
}

export function sideOf({ alias, bootstrapServers: servers }: ClusterAddress): Side {
  const brokers = servers.split(',');
  return {
    servers,
    cluster: new KafkaCluster({ alias, bootstrapServers: brokers }),
    kafka: new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 30, maxRetryTime: 1_000 } }),
  };
}

/** Of a group that goes the other way. */
function returning(group: string): string {
  return `returning-${group}`;
}
