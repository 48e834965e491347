import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect } from 'vitest';
import { RunbookKind, StartedBy } from '../../../../shared/runbook/runbook.ts';
import type { Change, Fate, Run } from './invocation.ts';
import type { World } from './world.ts';

type Command = fc.AsyncCommand<object, World>;
/** The run that has the lock, or the newest but so many. */
type Whose = 'holder' | number;

/** An execution starts, and its first stage asks for the lock. */
class Start implements Command {
  readonly kind: RunbookKind;
  readonly by: StartedBy;
  constructor(kind: RunbookKind, by: StartedBy = StartedBy.Person) {
    this.kind = kind;
    this.by = by;
  }
  check = () => true;
  async run(_model: object, world: World): Promise<void> {
    world.ask(world.start(this.kind, this.by), 'begin');
    await looked(world);
  }
  toString = () => `start ${this.kind} by ${this.by}`;
}

/** A stage of a run asks for a change, also where its execution has ended, or a later run has the lock. */
class Ask implements Command {
  readonly whose: Whose;
  readonly change: Change | 'begin';
  constructor(whose: Whose, change: Change | 'begin') {
    this.whose = whose;
    this.change = change;
  }
  check = () => true;
  async run(_model: object, world: World): Promise<void> {
    const run = runOf(world, this.whose);
    if (run) world.ask(run, this.change);
    await looked(world);
  }
  toString = () => `${this.change} by run ${this.whose}`;
}

/** One of the calls that are under way happens. */
class Happen implements Command {
  readonly index: number;
  readonly fate: Fate;
  constructor(index: number, fate: Fate) {
    this.index = index;
    this.fate = fate;
  }
  check = () => true;
  async run(_model: object, world: World): Promise<void> {
    world.waiting.at(this.index % (world.waiting.length || 1))?.happen(this.fate);
    await looked(world);
  }
  toString = () => `call ${this.index} ${this.fate}`;
}

/** All calls that are under way happen, and those that follow from them. */
class Settle implements Command {
  check = () => true;
  async run(_model: object, world: World): Promise<void> {
    await settled(world);
    await looked(world);
  }
  toString = () => 'settle';
}

/** An execution is stopped from outside; what it has under way goes on. */
class Stop implements Command {
  readonly whose: Whose;
  constructor(whose: Whose) {
    this.whose = whose;
  }
  check = () => true;
  async run(_model: object, world: World): Promise<void> {
    const run = runOf(world, this.whose);
    if (run) world.running.delete(run.execution);
    await looked(world);
  }
  toString = () => `stop run ${this.whose}`;
}

function runOf({ runs, model }: World, whose: Whose): Run | undefined {
  return whose === 'holder' ? model.holder : runs.at(-1 - whose);
}

/** Until nothing is under way any more. */
export async function settled(world: World): Promise<void> {
  while (world.waiting.length > 0) {
    world.waiting[0]?.happen('answered');
    await setImmediate();
  }
}

async function looked(world: World): Promise<void> {
  await setImmediate();
  expect(world.model.violations).toEqual([]);
}

/** Mostly the run that has the lock, for that something comes of it; else one of the newest. */
const whose = fc.constantFrom<Whose>('holder', 'holder', 'holder', 'holder', 0, 1, 2, 3);
const onward = fc.constantFrom<Change>('fenceProducers', 'fenceConsumers', 'promote');
const other = fc.constantFrom<Change | 'begin'>('begin', 'unfence', 'finish', 'requestAbort');
const change = fc.oneof({ weight: 4, arbitrary: onward }, { weight: 1, arbitrary: other });
const fate = fc.constantFrom<Fate>('answered', 'answered', 'answered', 'answer-lost', 'never-arrived');
const ask = fc.tuple(whose, change).map(([at, what]) => new Ask(at, what));
const happen = fc.tuple(fc.nat({ max: 3 }), fate).map(([at, what]) => new Happen(at, what));

/** Programs of several runs at once. Some arbitraries are there more than once, for that they come more often. */
export const programs = fc.commands(
  [
    fc.constantFrom(...Object.values(RunbookKind)).map((kind) => new Start(kind)),
    fc.constant(new Start(RunbookKind.Failover, StartedBy.Alarm)),
    ...[ask, ask, ask, ask, ask, ask, happen, happen, happen, happen],
    ...[fc.constant(new Settle()), fc.constant(new Settle())],
    whose.map((at) => new Stop(at)),
  ],
  { maxCommands: 120, size: 'max' },
);
