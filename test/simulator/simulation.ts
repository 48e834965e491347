import { type AppendSettings, defaultAppendSettings, type TakeOverCause } from '../../shared/append/context.ts';
import type { HeadWrite, HeadWriteOutcome } from '../../shared/append/ports.ts';
import { BORN, bornHead } from './born.ts';
import { Coordinator } from './coordinator.ts';
import { type Core, realCore } from './core.ts';
import { describeHead } from './describe.ts';
import { type Call, Environment, newConnection } from './environment.ts';
import { invariantH } from './invariants.ts';
import { Lambda } from './lambda.ts';
import { Network } from './network.ts';
import { OffsetMapTable } from './offset-map.ts';
import { Runbooks } from './runbooks.ts';
import type { Faults, Scenario } from './scenario.ts';
import { SourcePartition } from './source-partition.ts';
import { TargetPartition } from './target-partition.ts';
import { Violation } from './violation.ts';
import { Watch } from './watch.ts';

/** What a broken world leaves out, to see that the protocol needs it (mutations.ts). */
export interface Flaws {
  readonly scanToLogEnd?: boolean;
  readonly unconditionalWrites?: boolean;
  /** HEAD is begun whether or not the flow is held. */
  readonly beginsUnderHold?: boolean;
  /** Letters that are not checked, to see the harm behind them. */
  readonly unchecked?: string;
}

const START_MS = 1_000_000_000;
/** Microtasks that the core may need from an answer to its next call. */
const LONGEST_CHAIN = 60;

const simulatedSettings: AppendSettings = {
  ...defaultAppendSettings,
  producerExpiryMs: 100_000_000,
  latenessBoundMs: 60_000,
  producerRenewalMs: 10_000_000,
  headMemoryMs: 30_000,
  reserveMs: 2_000,
};

/** One partition of a flow with everything around it. The real code runs; what surrounds it does as it is told, step by step. */
export class Simulation {
  readonly scenario: Scenario;
  readonly flaws: Flaws;
  readonly source: SourcePartition;
  readonly target = new TargetPartition();
  readonly coordinator: Coordinator;
  readonly table = new OffsetMapTable();
  readonly environments: Environment[];
  readonly left: { -readonly [fault in keyof Faults]: number };
  readonly settings: AppendSettings;
  readonly network: Network;
  readonly lambda: Lambda;
  readonly runbooks: Runbooks;
  readonly watch: Watch;
  readonly disturbed = new Set<string>();
  readonly trace: string[] | undefined;
  targetTopicId = 'target-1';
  now = START_MS;
  committed = 0;
  deliveries: number;
  takeOvers = 0;
  wasCutBack = false;
  /** Rises with everything that somebody who polls may be waiting for. */
  progress = 0;
  /** The last error of an invocation. */
  lastError: string | undefined;

  constructor(scenario: Scenario, options: { core?: Core; flaws?: Flaws; trace?: string[] } = {}) {
    this.scenario = scenario;
    this.flaws = options.flaws ?? {};
    this.trace = options.trace;
    this.settings = { ...simulatedSettings, ...scenario.settings };
    this.source = new SourcePartition(scenario, START_MS);
    this.left = { ...scenario.faults };
    this.deliveries = scenario.deliveries;
    this.environments = Array.from(
      { length: scenario.environments },
      (_, i) => new Environment(i, scenario.skewMs[i] ?? 0),
    );
    this.coordinator = new Coordinator(
      this.target,
      scenario.lastEpoch,
      scenario.bornAt === undefined ? undefined : BORN,
    );
    this.network = new Network(this);
    this.lambda = new Lambda(this, options.core ?? realCore);
    this.runbooks = new Runbooks(this, options.core ?? realCore);
    this.watch = new Watch(this);
    if (scenario.bornAt !== undefined) {
      const head = bornHead(this, scenario.bornAt);
      this.table.write(0, { head, closed: [], ledger: [] });
      this.watch.a.granted(head);
    }
    this.watch.noteIds();
  }

  get violation(): Violation | undefined {
    return this.watch.violation;
  }

  get running(): boolean {
    return this.environments.some(({ invocation }) => invocation);
  }

  note(what: string): void {
    this.trace?.push(what);
  }

  /** Runs the environments' own code until each of them waits for the world. */
  async settle(): Promise<void> {
    for (const environment of this.environments) {
      for (let i = 0; environment.busy && i < LONGEST_CHAIN; i++) await undefined;
      environment.busy = false;
    }
  }

  /** Called by the core's ports: waits until the schedule says that it happens. */
  call<T>(
    environment: Environment,
    kind: Call['kind'],
    label: string,
    apply: () => { value: T } | undefined,
  ): Promise<T> {
    environment.busy = false;
    return new Promise((resolve, reject) => {
      const answer = (value: unknown) => resolve(value as T);
      environment.calls.push({ kind, label, apply, answer, fail: reject, due: 0, since: this.progress });
    });
  }

  wait(environment: Environment, ms: number): Promise<void> {
    environment.busy = false;
    return new Promise((resolve, reject) => {
      environment.calls.push({
        kind: 'timer',
        label: `waits ${ms} ms`,
        apply: () => ({ value: undefined }),
        answer: () => resolve(),
        fail: reject,
        due: this.now + ms,
        since: this.progress,
      });
    });
  }

  /** @param lifting the generation of the run that writes, where it lifts */
  writeHead(expected: number, write: HeadWrite, lifting?: number): HeadWriteOutcome {
    const { head: before, hold } = this.table;
    if (this.flaws.beginsUnderHold) this.table.hold = undefined;
    const outcome = this.table.write(this.flaws.unconditionalWrites ? (before?.version ?? 0) : expected, write);
    this.table.hold = hold;
    this.note(`  ${typeof outcome === 'string' ? outcome : outcome.kind}: ${describeHead(write.head)}`);
    if (outcome !== 'written') return outcome;
    const { head } = write;
    if (head.fence.kind !== 'none') this.disturbed.add('fence');
    this.watch.headWritten(before, head, lifting);
    this.progress++;
    return outcome;
  }

  tookOver(environment: Environment, cause: TakeOverCause): void {
    this.takeOvers++;
    if (++environment.takeOvers > 1) this.fail(new Violation('H', 'a second take-over in one invocation'));
    this.note(`${environment.name} takes over: ${cause}`);
    this.watch.check(() => invariantH(this, cause, this.disturbed));
  }

  replicate(): void {
    this.target.replicate();
    this.progress++;
  }

  /** An environment dies; what it had sent or asked for may still happen. */
  crash(environment: Environment): void {
    this.network.abandon(environment.connection);
    environment.connection = newConnection();
    for (const call of environment.calls) {
      if (call.kind === 'write' || call.kind === 'init' || call.kind === 'marker') {
        this.network.arriveLate(call);
      }
    }
    environment.calls = [];
    environment.appender = undefined;
    environment.invocation = undefined;
    environment.busy = false;
  }

  /** Time passes: what could not arrive any more is gone, and who ran too long is dead. */
  passTo(now: number): void {
    this.now = Math.max(this.now, now);
    this.network.forgetLate();
    for (const environment of this.environments) {
      const deadline = environment.invocation?.delivery.deadline ?? Number.POSITIVE_INFINITY;
      if (this.now + environment.skewMs > deadline) {
        this.note(`${environment.name} is stopped at its deadline`);
        this.crash(environment);
      }
    }
  }

  cutBack(offset: number): void {
    this.wasCutBack = true;
    if (!this.scenario.consumerStays) this.committed = Math.min(this.committed, offset);
    this.source.cutBack(offset);
    this.watch.noteIds();
  }

  appendToSource(): void {
    this.source.append();
    this.watch.noteIds();
  }

  makeSourceAnew(): void {
    this.source.makeAnew();
    this.watch.noteIds();
  }

  fail(violation: Violation): void {
    this.watch.check(() => {
      throw violation;
    });
  }
}
