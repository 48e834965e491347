import { setTimeout as delay } from 'node:timers/promises';
import { defaultAppendSettings } from '../../../shared/append/context.ts';
import type { FlowPartition } from '../../../shared/flow/flow.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import type { Breakage } from './breakages.ts';
import type { Disturbance } from './disturbance.ts';
import type { OpenedPartition, Setting } from './environment.ts';
import { type Fault, Limbo } from './faults.ts';
import type { Kind, Move } from './kind.ts';
import { Observations } from './observations.ts';
import type { Incarnation } from './oracle.ts';
import { Random } from './random.ts';
import { SourceApplication } from './source-application.ts';
import { SourcePoller } from './source-poller.ts';
import type { World } from './world.ts';

/** All of a schedule's partition is to be copied this long after the last fault. */
const FINISH_WITHIN_MS = 60_000;
const TIMEOUT_MS = 15_000;
/** Of code that was broken on purpose it is not the question whether it ends. */
const BROKEN_FINISH_WITHIN_MS = 5_000;
const BROKEN_TIMEOUT_MS = 2_000;
const REDELIVER_AFTER_MS = 50;
/** About five records. */
const SMALL_CHUNK_BYTES = 900;

export interface ScheduleOptions {
  readonly seed: number;
  readonly kind: Kind;
  readonly topic: string;
  readonly partition: number;
  readonly disturbance: Disturbance;
  readonly breakage?: Breakage | undefined;
}

/**
 * One partition's history, drawn from a seed: an application writes, Lambda delivers with whatever boundaries, to
 * whatever environment, environments end and answers get lost, and once something happens to the clusters.
 */
export class Schedule {
  readonly seed: number;
  readonly kind: Kind;
  readonly world: World;
  readonly random: Random;
  readonly application: SourceApplication;
  readonly poller: SourcePoller;
  readonly limbo: Limbo;
  /** What happens to a whole cluster while schedules of this kind run. */
  readonly disturbance: Disturbance;
  readonly seen = new Observations();
  /** Lives of the source partition that are over. */
  readonly past: Incarnation[] = [];
  setting: Setting;
  /** Lambda's committed offset. */
  committed = 0;
  deletedBelow = 0;
  /** The target offset from which on records were lost. */
  targetCutAt: number | undefined;
  /** The source offset at which the present life began by a cut. */
  cutAt: number | undefined;
  readonly #opened = new Map<number, OpenedPartition>();
  #last: readonly KafkaRecord[] = [];
  #invocations = 0;

  constructor(world: World, options: ScheduleOptions) {
    const { seed, kind, topic, partition, disturbance, breakage } = options;
    this.seed = seed;
    this.kind = kind;
    this.world = world;
    this.random = new Random(seed);
    this.disturbance = disturbance;
    this.limbo = new Limbo(kind.latestArrivalMs);
    this.poller = new SourcePoller(world.source, topic, partition);
    const { keys = 0, ageMs = 0 } = kind.records ?? {};
    this.application = new SourceApplication(world, this.random, { topic, partition, name: `${seed}`, keys, ageMs });
    const small = this.random.chance(kind.smallChunks ?? 0.5);
    this.setting = {
      partition: {
        flow: { source: world.regions.source.alias, target: world.regions.target.alias },
        topic,
        remoteTopic: `${world.regions.source.alias}.${topic}`,
        partition,
        generation: 1,
      },
      append: { ...defaultAppendSettings, latenessBoundMs: 3_000, reserveMs: 500, ...kind.append },
      maxMessageBytes: small ? SMALL_CHUNK_BYTES : 1_048_588,
      timeoutMs: breakage ? BROKEN_TIMEOUT_MS : (kind.timeoutMs ?? TIMEOUT_MS),
      breakage,
    };
  }

  get partition(): FlowPartition {
    return this.setting.partition;
  }

  async run(): Promise<void> {
    await this.application.produce(this.random.int(5, 30));
    await this.play(this.random.int(3, 5));
    await this.kind.event?.(this);
    await this.play(this.random.int(3, 5));
    await this.#finish();
  }

  /** So many moves, between which the application writes more and late requests arrive. */
  async play(moves: number): Promise<void> {
    for (let move = 0; move < moves; move++) {
      if (this.kind.steady || this.random.chance(0.5)) await this.application.produce(this.random.int(1, 12));
      if (this.random.chance(0.4)) await this.limbo.release();
      await this.#move(this.random.pick(this.kind.moves));
    }
  }

  /** One invocation with up to `count` records from `from` on, and what Lambda makes of its answer. */
  async deliver(from: number, count: number, environment = this.#anyEnvironment(), fault = this.#drawFault()) {
    const records = (await this.poller.read(from)).slice(0, count);
    await this.#hand(records, environment, fault);
  }

  /** The last delivery once more, record for record. */
  async deliverAgain(): Promise<void> {
    await this.#hand(this.#last, this.#anyEnvironment(), this.#drawFault());
  }

  /** What an operator does whom TARGET_CUT_BACK has told so. */
  async setGroupBack(): Promise<void> {
    if (this.seen.stops.at(-1) !== 'TARGET_CUT_BACK') return;
    const head = await this.world.offsetMap.read(this.partition);
    this.committed = Math.min(this.committed, head?.nextSource ?? 0);
  }

  /** The source partition's log is not what it was: cut back at `cutAt`, or, undefined, begun anew. */
  endLife(cutAt: number | undefined): void {
    this.past.push({ ...this.life, whole: false });
    this.application.written = [];
    this.cutAt = cutAt;
  }

  /** The source partition's present log, which is copied as a whole. */
  get life(): Incarnation {
    return { written: this.application.written, whole: true, cutAt: this.cutAt };
  }

  /** Every environment is new, and so is the source's, or the target's, topic: copied under another generation. */
  beginGeneration(): void {
    const { partition } = this.setting;
    this.#opened.clear();
    this.#last = [];
    this.committed = 0;
    this.setting = {
      ...this.setting,
      partition: { ...partition, generation: partition.generation + 1 },
    };
  }

  async #move(move: Move): Promise<void> {
    const { random, committed } = this;
    const [first, second] = this.#twoEnvironments();
    switch (move) {
      case 'next':
        // Lambda comes back to the environment that is warm.
        return this.deliver(committed, random.int(1, 20), 0);
      case 'same-again':
        await this.deliver(committed, random.int(1, 20));
        return this.deliverAgain();
      case 'other-boundaries':
        await this.deliver(committed, random.int(1, 20));
        return this.deliver(Math.max(0, committed - random.int(0, 10)), random.int(1, 30));
      case 'at-once': {
        const from = Math.max(0, committed - random.int(0, 5));
        await Promise.all([
          this.deliver(committed, random.int(1, 20), first),
          this.deliver(random.chance(0.4) ? committed : from, random.int(1, 25), second),
        ]);
        return;
      }
      case 'stale-environment':
        await this.deliver(committed, random.int(1, 5), first, undefined);
        await this.deliver(this.committed, random.int(1, 10), second);
        await this.application.produce(random.int(1, 8));
        return this.deliver(random.chance(0.5) ? committed : this.committed, random.int(1, 30), first);
    }
  }

  async #hand(records: readonly KafkaRecord[], environment: number, fault: Fault | undefined): Promise<void> {
    const last = records.at(-1);
    if (last === undefined) return;
    this.#last = records;
    const opened = this.#open(environment);
    const { setting, seen } = this;
    const before = { ...seen.requests };
    const invocation = `${this.seed}/${++this.#invocations}`;
    const isNews = last.offset >= this.committed;
    const outcome = await opened.invoke({ setting, records, fault, invocation });
    seen.delivered(isNews, before);
    if (outcome === 'crashed') {
      seen.crashes++;
      this.#opened.delete(environment);
    } else if (outcome.stopped) {
      seen.stopped(outcome.stopped.error);
      if (setting === this.setting) this.committed = Math.max(this.committed, outcome.stopped.from);
    } else if (setting === this.setting) this.committed = Math.max(this.committed, last.offset + 1);
  }

  /** No more faults: what is on its way arrives, and Lambda delivers until all is committed. */
  async #finish(): Promise<void> {
    await this.limbo.release();
    await this.application.produce(1);
    const end = (this.application.written.at(-1)?.offset ?? 0) + 1;
    const deadline = Date.now() + (this.setting.breakage ? BROKEN_FINISH_WITHIN_MS : FINISH_WITHIN_MS);
    while (this.committed < end) {
      const before = this.committed;
      await this.deliver(before, 40, this.#anyEnvironment(), undefined);
      if (this.committed > before) continue;
      await this.setGroupBack();
      if (this.seen.halted || Date.now() > deadline) {
        this.seen.stuck = `at ${this.committed} of ${end}: ${this.seen.lastStop}`;
        return;
      }
      await delay(REDELIVER_AFTER_MS);
    }
  }

  #open(environment: number): OpenedPartition {
    const known = this.#opened.get(environment);
    if (known) return known;
    const { observer, requests } = this.seen;
    const opened = this.world.environments[environment]?.open(this.setting, this.limbo, observer, requests);
    if (opened === undefined) throw new RangeError(`no environment ${environment}`);
    this.#opened.set(environment, opened);
    return opened;
  }

  #anyEnvironment(): number {
    return this.random.int(0, this.world.environments.length - 1);
  }

  #twoEnvironments(): [number, number] {
    const first = this.#anyEnvironment();
    const other = this.random.int(1, this.world.environments.length - 1);
    return [first, (first + other) % this.world.environments.length];
  }

  #drawFault(): Fault | undefined {
    const { probability, points, effects } = this.kind.faults;
    if (!this.random.chance(probability)) return undefined;
    const [point, effect] = [this.random.pick(points), this.random.pick(effects)];
    return { point, effect, nth: this.random.int(1, 2), arrives: this.random.chance(0.6) };
  }
}
