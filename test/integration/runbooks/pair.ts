import { wire as wireCheckpoint } from '../../../functions/checkpoint/wiring.ts';
import { parseVariables } from '../../../functions/environment.ts';
import { type RunbookEnvironment, runbookEnvironment } from '../../../functions/runbook/environment.ts';
import { appendTo } from '../../../shared/adapters/kafka/mirror-topics/append-to.ts';
import { packVariable } from '../../../shared/adapters/lambda/packed-variable.ts';
import { encodeFlow } from '../../../shared/config/flow-json.ts';
import type { Flow } from '../../../shared/config/flow-schema.ts';
import { encodeTopicChoice } from '../../../shared/config/topic-choice.ts';
import type { FlowId } from '../../../shared/flow/flow.ts';
import { BatchEncoder } from '../../../shared/records/batch.ts';
import { codecs } from '../../../shared/records/codec.ts';
import { parameterName } from '../../../shared/runbook/registry/published-entry.ts';
import { uniqueName } from '../kafka/target.ts';
import { Applications } from './applications.ts';
import {
  flowsOf,
  openFlow,
  type PairFlow,
  replicateEnvironment,
  type Servers,
  type Site,
  topicOf,
  topicsOf,
} from './pair-flow.ts';
import type { Parts } from './parts.ts';
import { Replicator } from './replicator.ts';
import { Watch } from './watch.ts';

/** Heartbeats are so far ahead of the time: an execution environment is not as far after some hundred waits. */
export const HEARTBEAT_AHEAD_MS = 300_000;
const ENCODER = new BatchEncoder({ codec: codecs.none });

/**
 * Two clusters with one topic of applications on each, flows both ways, and applications at home in the east: all that
 * runbooks of east->west find in the world, and real but for what {@link Parts} says.
 */
export class Pair implements AsyncDisposable {
  readonly parts: Parts;
  readonly east: Site;
  readonly west: Site;
  /** Of applications, on both clusters. */
  readonly topic: string;
  /** Whose runbooks these are. */
  readonly flow: FlowId;
  readonly there: PairFlow;
  readonly back: PairFlow;
  readonly applications: Applications;
  readonly watch: Watch;
  /** Whether DynamoDB refuses the next request of a runbook. */
  throttles: () => boolean = () => false;
  /** Where runbooks find the brokers of a cluster, or what stands before them. */
  serversOf = (site: Site): string => site.servers;
  /** Whether nothing of AWS in a region answers runbooks. */
  isSilent: (region: string) => boolean = () => false;
  #skippedMs = 0;
  #executions = 0;

  private constructor(parts: Parts, [east, west]: readonly [Site, Site], [there, back]: readonly [PairFlow, PairFlow]) {
    this.parts = parts;
    this.east = east;
    this.west = west;
    this.topic = topicOf(east, west);
    this.flow = there.id;
    this.there = there;
    this.back = back;
    this.applications = new Applications(this);
    this.watch = new Watch(this);
  }

  static async open(parts: Parts): Promise<Pair> {
    const sites = [
      { ...parts.east, alias: uniqueName('east') },
      { ...parts.west, alias: uniqueName('west') },
    ] as const;
    const [east, west] = sites;
    const flows = flowsOf(sites, { east: east.servers, west: west.servers });
    const topic = topicOf(east, west);
    await Promise.all([...topicsOf(topic, east, west), ...topicsOf(topic, west, east)]);
    const both = await Promise.all([
      openFlow(parts, flows[0], topic, east, west),
      openFlow(parts, flows[1], topic, west, east),
    ]);
    const pair = new Pair(parts, sites, both);
    await pair.beat();
    return pair;
  }

  /** Of the function `runbook`, with brokers where `servers` says. */
  environment(servers: Servers): RunbookEnvironment {
    const { east, west, flow, there, back, parts } = this;
    const [FLOW, reverse] = flowsOf([east, west], servers);
    return parseVariables(runbookEnvironment, {
      FLOW: packVariable(encodeFlow(FLOW)),
      OFFSET_MAP_TABLE: west.offsetMap,
      OFFSET_MAP_REGION: west.region,
      REGISTRY_TABLE: parts.registryTable,
      REGISTRY_PARAMETER: parameterName('causeway', flow),
      REPORT_BUCKET: 'reports',
      REPLICATE_FUNCTION: there.replicate,
      REPLICATE_REGION: east.region,
      REVERSE_OFFSET_MAP_TABLE: east.offsetMap,
      REVERSE_OFFSET_MAP_REGION: east.region,
      REVERSE_REPLICATE_FUNCTION: back.replicate,
      REVERSE_REPLICATE_REGION: west.region,
      REVERSE_TOPICS: packVariable(encodeTopicChoice(reverse)),
    });
  }

  /** ms since the epoch, as the world has it. */
  now(): number {
    return Date.now() + this.#skippedMs;
  }

  /** Everybody's time goes on by so much. */
  skip(ms: number): void {
    this.#skippedMs += ms;
  }

  /** Of an execution that begins; it runs until {@link ended}. */
  begins(kind: string): string {
    const execution = `arn:aws:states:${this.west.region}:000000000000:execution:${this.west.alias}-${kind}:${++this.#executions}`;
    this.parts.services.running.add(execution);
    return execution;
  }

  ended(execution: string): void {
    this.parts.services.running.delete(execution);
  }

  /** Another execution environment of a flow's `replicate`. */
  replicator({ from, to, id }: PairFlow): Promise<Replicator> {
    const FLOW = this.#flows().find(({ source }) => source.alias === from.alias);
    if (FLOW === undefined) throw new RangeError(`no flow ${id.source}->${id.target}`);
    return Replicator.open({ ...replicateEnvironment(to), FLOW });
  }

  /** Where every group is, is noted on the other cluster. */
  async checkpoint(): Promise<void> {
    const [FLOW] = this.#flows();
    const { ticker } = wireCheckpoint({
      FLOW,
      OFFSET_MAP_TABLE: this.west.offsetMap,
      OFFSET_MAP_REGION: this.west.region,
    });
    const { plans, sourceError, errors } = await ticker.tick(true);
    if (sourceError !== undefined || errors.length > 0) throw sourceError ?? errors[0];
    const missing = this.applications.groups.filter((each) => plans.every(({ group }) => group !== each));
    if (missing.length > 0) throw new Error(`no checkpoints of ${missing.join(', ')}`);
  }

  /** What `reconcile` does about mappings: those of flows that are not held are enabled. */
  async reconcile(): Promise<void> {
    for (const flow of [this.there, this.back])
      if ((await this.watch.holdOf(flow)) === undefined) await flow.source.set(true);
  }

  /** A heartbeat of each cluster that answers arrives at the other. */
  async beat(): Promise<void> {
    const timestamp = this.now() + HEARTBEAT_AHEAD_MS;
    const record = { key: Buffer.from('heartbeat'), value: Buffer.from('heartbeat'), timestamp };
    const flows = [this.there, this.back].filter(({ source }) => source.reaches);
    await Promise.all(
      flows.map(({ from, to }) => {
        const place = { topic: `${from.alias}.heartbeats`, partition: 0, signal: undefined };
        return appendTo(to.cluster, place, [record], ENCODER);
      }),
    );
  }

  #flows(): readonly [Flow, Flow] {
    return flowsOf([this.east, this.west], { east: this.east.servers, west: this.west.servers });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.there.source.set(false), this.back.source.set(false)]);
  }
}
