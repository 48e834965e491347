import type { HoldPorts } from '../../shared/hold/ports.ts';
import type { TopicItem } from '../../shared/ledger/topic-registry.ts';
import type { Core } from './core.ts';
import type { Environment } from './environment.ts';
import { invariantEFenced, invariantJ } from './invariants.ts';
import { contextOf } from './ports.ts';
import type { Simulation } from './simulation.ts';

const ITEM: TopicItem = {
  version: 1,
  topic: 'orders',
  remoteTopic: 'us-east.orders',
  generation: 1,
  sourceTopicId: 'source-1',
  targetTopicId: 'target-1',
  partitions: 1,
  state: 'active',
  consumerGroup: 'causeway.us-east.us-west.orders.g1',
  mappingUuid: undefined,
  drainedAfter: undefined,
};

/** Runs of runbooks, of several generations, that hold the flow and lift it: with the real code, in steps that may end anywhere. */
export class Runbooks {
  /** The last generation that was given out. */
  latest = 0;
  /** Generations that have begun to lift: they hold no more. */
  readonly lifting = new Set<number>();
  readonly #simulation: Simulation;
  readonly #core: Core;

  constructor(simulation: Simulation, core: Core) {
    this.#simulation = simulation;
    this.#core = core;
  }

  hold(environment: Environment, generation: number): void {
    const simulation = this.#simulation;
    const before = simulation.table.head?.heldBy ? undefined : simulation.table.head?.producer;
    this.latest = Math.max(this.latest, generation);
    simulation.disturbed.add('held');
    const invocation = simulation.lambda.begin(environment, simulation.lambda.read(simulation.committed));
    const { deadline: until } = invocation.delivery;
    const held = this.#core.holdFlow(this.#ports(environment), generation, 'failover', { until });
    held.then(
      ({ held: [partition], notBegun, notYet }) => {
        if (!simulation.lambda.ends(environment, invocation)) return;
        simulation.note(
          `${environment.name} answers ${partition ? 'held' : notBegun.length > 0 ? 'not begun' : notYet[0]?.error.code}`,
        );
        simulation.watch.check(() => invariantJ(simulation, notYet[0]?.error));
        if (partition) {
          simulation.watch.l.answeredHeld();
          if (
            before &&
            simulation.table.head?.heldBy &&
            simulation.table.head.targetTopicId === simulation.targetTopicId
          )
            simulation.watch.check(() => invariantEFenced(simulation, before));
        }
        if (notBegun.length > 0) simulation.watch.check(() => simulation.watch.l.answeredNotBegun());
      },
      (error: Error) => this.#failed(environment, invocation, error),
    );
  }

  lift(environment: Environment, generation: number): void {
    const simulation = this.#simulation;
    this.lifting.add(generation);
    const invocation = simulation.lambda.begin(environment, simulation.lambda.read(simulation.committed));
    environment.lifting = generation;
    const { deadline: until } = invocation.delivery;
    this.#core.liftFlow(this.#ports(environment), generation, { until }).then(
      ({ notYet }) => {
        if (!simulation.lambda.ends(environment, invocation)) return;
        simulation.note(`${environment.name} answers ${notYet[0]?.error.code ?? 'lifted'}`);
        if (notYet.length === 0) simulation.watch.check(() => simulation.watch.l.answeredLifted(generation));
      },
      (error: Error) => this.#failed(environment, invocation, error),
    );
  }

  #failed(environment: Environment, invocation: Environment['invocation'], error: Error): void {
    if (!invocation || !this.#simulation.lambda.ends(environment, invocation)) return;
    this.#simulation.note(`${environment.name} fails: ${error.message}`);
  }

  #ports(environment: Environment): HoldPorts {
    const simulation = this.#simulation;
    const { table, watch } = simulation;
    const context = contextOf(simulation, environment, simulation.settings);
    const { flow } = context.partition;
    return {
      flow,
      holds: {
        current: () => simulation.call(environment, 'read', 'reads the hold', () => ({ value: table.hold })),
        place: (hold) =>
          simulation.call(environment, 'write', `places hold ${hold.generation}`, () => {
            const value = table.place(hold);
            if (value.generation === hold.generation) watch.l.placed(hold.generation);
            simulation.progress++;
            return { value };
          }),
        lift: (generation) =>
          simulation.call(environment, 'write', `lifts hold ${generation}`, () => {
            const value = table.lift(generation);
            if (!value) watch.l.flowLifted();
            simulation.progress++;
            return { value };
          }),
      },
      topics: async () => [ITEM],
      partitionCounts: async () => new Map([[ITEM.remoteTopic, 1]]),
      hold: (_, __, order, deadline) =>
        new this.#core.PartitionAppender(context).hold(order, { deadline, invocation: environment.name }),
      lift: (partition, generation) => this.#core.liftPartition(context.heads, partition, generation),
      now: () => context.clock.now(),
    };
  }
}
