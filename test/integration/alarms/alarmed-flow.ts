import type { Admin } from 'kafkajs';
import { kafkaAt } from '../../../local/kafka/clients.ts';
import { createTopics } from '../../../local/region/create-topics.ts';
import { until } from '../../../local/region/until.ts';
import { RunbookKind, StartedBy } from '../../../shared/runbook/runbook.ts';
import { DeployedFlow } from '../deployed/deployed-flow.ts';
import { AlarmChanges, type AlarmState, type Moment, type Wait } from './alarm-changes.ts';
import { Applications } from './applications.ts';
import { FlowParts } from './flow-parts.ts';
import { SETTINGS } from './settings.ts';
import { FRAIL, MINUTE_S, ShortMinutes, STEADY } from './short-minutes.ts';
import { withMinutesOf } from './with-minutes-of.ts';

const COPIED_MS = 60_000;
/** Topics of the source, by the ends of their names. Copies are made before, so that it is known where they are. */
const TOPICS = ['orders', 'payments', 'clicks', 'parcels', 'ledger', 'archive'] as const;
/** Brokers that have the copies' replicas, where it is not the steady one alone. */
const REPLICAS: Partial<Readonly<Record<string, number[]>>> = { ledger: [STEADY, FRAIL], archive: [FRAIL] };
const CONFIGS: Partial<Readonly<Record<string, ConfigEntry[]>>> = {
  parcels: [{ name: 'max.message.bytes', value: '3000000' }],
};
/** Where producers would write, of which the frail broker has as many partitions as most of what a failover looks at. */
const FAR_MORE = 'archive';
const MOST = 40;
type ConfigEntry = { readonly name: string; readonly value: string };

/** A flow with all of its alarms in a pair of regions with short minutes, and what can be done to it. */
export class AlarmedFlow {
  /** The clusters themselves, past what is between them and the flow. */
  readonly source: Admin;
  readonly target: Admin;
  readonly parts: FlowParts;
  readonly #pair: ShortMinutes;
  readonly #changes: AlarmChanges;
  readonly #deployed: DeployedFlow;
  #applications: Applications | undefined;

  private constructor(pair: ShortMinutes, changes: AlarmChanges) {
    const { regions } = pair;
    this.#pair = pair;
    this.#changes = changes;
    this.#deployed = new DeployedFlow(regions.address);
    this.parts = new FlowParts(regions, this.#deployed);
    this.source = kafkaAt(regions.source.bootstrapServers).admin();
    this.target = kafkaAt(regions.target.bootstrapServers).admin();
  }

  static async deploy(): Promise<AlarmedFlow> {
    const pair = await ShortMinutes.start();
    const { awsEndpoint, address } = pair.regions;
    const places = address.clusters.map(({ awsRegion }) => ({ awsEndpoint, awsRegion }));
    const flow = new AlarmedFlow(pair, await AlarmChanges.in(places));
    try {
      await flow.#deploy();
    } catch (error) {
      await flow.stop(true);
      throw error;
    }
    return flow;
  }

  /** @param failed keeps the logs of the regions */
  async stop(failed: boolean): Promise<void> {
    await this.#applications?.[Symbol.asyncDispose]();
    await Promise.all([this.source.disconnect(), this.target.disconnect()]);
    await this.#changes[Symbol.asyncDispose]();
    this.parts[Symbol.dispose]();
    await this.#pair.stop(failed);
  }

  /** Of the alarms, to wait for what changes from then on. */
  get now(): Moment {
    return this.#changes.now;
  }

  /** Waits until each of these alarms has been in a state, be it that it has left it since. */
  until(alarms: readonly string[], state: AlarmState, wait: Wait): Promise<void> {
    const names = alarms.map((each) => this.parts.name(each));
    return this.#changes.until(names, state, wait);
  }

  /** Alarms that people were told of, as often as they were. */
  get told(): readonly string[] {
    return this.#changes.told.map((name) => name.replace(this.parts.name(''), ''));
  }

  /** How often an alarm, of whatever kind, came into alarm. */
  get fired(): number {
    return this.#changes.fired;
  }

  set writesTakeMs(takeMs: number) {
    this.#pair.writesTakeMs = takeMs;
  }

  topic(name: string): string {
    return this.#deployed.topic(name);
  }

  remoteTopic(name: string): string {
    return `us-east.${this.topic(name)}`;
  }

  makeTopic(topic: string, configEntries: ConfigEntry[] = []): Promise<void> {
    return createTopics(this.source, [{ topic, configEntries }]);
  }

  async write(to: 'source' | 'target', topic: string, values: readonly (string | Buffer)[]): Promise<void> {
    const producer = kafkaAt(this.#pair.regions[to].bootstrapServers).producer();
    await producer.connect();
    await producer.send({ topic, messages: values.map((value) => ({ value })) });
    await producer.disconnect();
  }

  async untilCopied(topic: string, records: number): Promise<void> {
    const copied = async () => (await this.#deployed.endInTarget(this.remoteTopic(topic))) >= records;
    await until(copied, COPIED_MS, (last) => new Error(`${topic} is not copied: ${last}`));
  }

  async startApplications(): Promise<void> {
    const topics = [this.topic('orders'), this.topic('payments')];
    this.#applications = await Applications.start(this.#pair.regions.source.bootstrapServers, topics);
  }

  /** As their schedules do. */
  async runDry(...runbooks: readonly RunbookKind[]): Promise<void> {
    for (const kind of runbooks) await this.parts.start(kind, { dryRun: true, startedBy: StartedBy.Schedule });
  }

  /** @returns ARN of the execution */
  drill(): Promise<string> {
    return this.parts.start(RunbookKind.Drill, {});
  }

  killBroker(): Promise<void> {
    return this.#pair.killBroker();
  }

  startBroker(): Promise<void> {
    return this.#pair.startBroker();
  }

  /** @returns what gives them back */
  loseTables(): Promise<() => Promise<void>> {
    return this.#pair.loseTargetsApis();
  }

  async #deploy(): Promise<void> {
    await Promise.all([this.source.connect(), this.target.connect()]);
    await this.#makeTopics();
    const own = {
      'us-west.bootstrap.servers': this.#pair.slowWay,
      'causeway.alarms.topic.arns': this.#changes.topicArns.join(', '),
    };
    await this.#deployed.deploy({ ...SETTINGS, ...own }, (template) => withMinutesOf(MINUTE_S, template));
  }

  async #makeTopics(): Promise<void> {
    for (const name of TOPICS) await this.makeTopic(this.topic(name), CONFIGS[name]);
    const copies = TOPICS.map((name) => copyOf(this.remoteTopic(name), REPLICAS[name]));
    const others = ['heartbeats', 'us-east.heartbeats', 'us-east.checkpoints.internal'];
    // Where producers would write, if they were moved.
    const own = TOPICS.filter((name) => name !== FAR_MORE).map((name) => this.topic(name));
    const most = Array.from({ length: MOST }, (_, partition) => ({ partition, replicas: [FRAIL] }));
    const topics = [
      ...copies,
      ...[...own, ...others].map((name) => copyOf(name)),
      { topic: this.topic(FAR_MORE), replicaAssignment: most },
    ];
    await createTopics(this.target, topics);
  }
}

function copyOf(topic: string, replicas: number[] = [STEADY]) {
  return { topic, replicaAssignment: [{ partition: 0, replicas }] };
}
