import type { Core } from './core.ts';
import type { Environment, Invocation } from './environment.ts';
import { invariantDCommitted, invariantEFenced, invariantJ } from './invariants.ts';
import { contextOf } from './ports.ts';
import type { Simulation } from './simulation.ts';

const INVOCATION_MS = 300_000;

/** Who invokes: Lambda with deliveries, whose answers move the group's committed offset, and `reconcile`. */
export class Lambda {
  readonly batchesRead: Invocation[] = [];
  readonly #simulation: Simulation;
  readonly #core: Core;
  #invocations = 0;

  constructor(simulation: Simulation, core: Core) {
    this.#simulation = simulation;
    this.#core = core;
  }

  /** An invocation with records as they are read now, or as somebody read them before. */
  deliver(environment: Environment, batch: Invocation): void {
    const { end } = batch;
    const invocation = this.begin(environment, batch);
    const appender = this.#appenderOf(environment);
    const { delivery } = invocation;
    this.#simulation.note(`${environment.name} gets ${delivery.records.map(({ offset }) => offset).join(' ')}`);
    const { leaderEpoch } = this.#simulation.source;
    appender.append(delivery).then((result) => {
      if (!this.ends(environment, invocation)) return;
      this.#simulation.lastError = result.kind === 'stopped' ? result.error.code : undefined;
      this.#simulation.watch.check(() =>
        invariantJ(this.#simulation, result.kind === 'stopped' ? result.error : undefined),
      );
      this.#simulation.note(
        `${environment.name} answers ${result.kind === 'done' ? 'done' : `${result.error.code} at ${result.from}`}`,
      );
      // A consumer notices that its log was cut (KIP-320), and goes back to where that happened.
      if (
        this.#simulation.wasCutBack &&
        !this.#simulation.scenario.consumerStays &&
        this.#simulation.source.leaderEpoch > leaderEpoch
      )
        return;
      // Of a delivery that failed as a whole nothing is committed, wherever it begins.
      if (result.kind === 'done') this.commit(end);
      else if (result.from > delivery.firstOffset) this.commit(result.from);
    });
  }

  /** `reconcile` has the partition's producer renewed. */
  fence(environment: Environment): void {
    const before = this.#simulation.table.head?.producer;
    this.#simulation.disturbed.add('fenced');
    this.#simulation.disturbed.add('fence');
    const invocation = this.begin(environment, this.read(this.#simulation.committed));
    this.#appenderOf(environment)
      .fence(invocation.delivery)
      .then((result) => {
        if (!this.ends(environment, invocation)) return;
        this.#simulation.note(
          `${environment.name} answers ${result.kind === 'stopped' ? result.error.code : result.kind}`,
        );
        this.#simulation.watch.check(() =>
          invariantJ(this.#simulation, result.kind === 'stopped' ? result.error : undefined),
        );
        if (result.kind === 'fenced') this.#simulation.watch.check(() => invariantEFenced(this.#simulation, before));
      });
  }

  read(end: number): Invocation {
    const found = this.#simulation.source.read(this.#simulation.committed, end);
    return {
      end,
      delivery: {
        records: found.filter(({ filtered }) => !filtered),
        last: found.at(-1),
        firstOffset: found[0]?.offset ?? this.#simulation.committed,
        deadline: 0,
        invocation: '',
      },
    };
  }

  /** Whether the last error tells an operator to set the group back. */
  get isToBeSetBack(): boolean {
    return this.#simulation.lastError === 'SOURCE_CUT_BACK' || this.#simulation.lastError === 'TARGET_CUT_BACK';
  }

  /** What the error tells an operator to do: the group goes back to what is due next. */
  setGroupBack(): void {
    this.#simulation.lastError = undefined;
    this.#simulation.committed = Math.min(
      this.#simulation.committed,
      this.#simulation.table.head?.nextSource ?? this.#simulation.committed,
    );
  }

  commit(offset: number): void {
    if (offset <= this.#simulation.committed) return;
    this.#simulation.watch.check(() => invariantDCommitted(this.#simulation, this.#simulation.committed, offset));
    this.#simulation.committed = offset;
  }

  begin(environment: Environment, { delivery: read, end }: Invocation): Invocation {
    const deadline = this.#simulation.now + environment.skewMs + INVOCATION_MS;
    const invocation = { delivery: { ...read, deadline, invocation: `i${++this.#invocations}` }, end };
    if (this.#simulation.running) this.#simulation.disturbed.add('two');
    environment.invocation = invocation;
    environment.used = true;
    environment.busy = true;
    environment.polls = 0;
    environment.takeOvers = 0;
    environment.lifting = undefined;
    return invocation;
  }

  /** Kept by the environment from one invocation to the next, with what it remembers. */
  #appenderOf(environment: Environment) {
    const { PartitionAppender } = this.#core;
    environment.appender ??= new PartitionAppender(contextOf(this.#simulation, environment, this.#simulation.settings));
    return environment.appender;
  }

  /** False: the environment died before. */
  ends(environment: Environment, invocation: Invocation): boolean {
    if (environment.invocation !== invocation) return false;
    environment.busy = false;
    environment.invocation = undefined;
    environment.calls = [];
    return true;
  }
}
