import { isDeepStrictEqual } from 'node:util';
import type { RegistryEntry } from '../../../../shared/runbook/registry/entry.ts';
import { wayOfRunbook } from '../../../../shared/runbook/runbook.ts';
import { FLOW, type Invocation, type Run } from './invocation.ts';

/**
 * What has to be true of the registry, said anew: who may write, and what becomes of it. It looks at who asked for what,
 * not at how the registry decided.
 */
export class Model {
  active: string;
  generation = 0;
  /** The run that has the lock. */
  holder: Run | undefined;
  /** Whether the one that has the lock is being undone. */
  undone = false;
  clients: RegistryEntry['clients'] = 'serving';
  /** Whether applications were ever moved. */
  #moved = false;
  readonly violations: string[] = [];

  constructor(active: string) {
    this.active = active;
  }

  written(by: Invocation, before: RegistryEntry | undefined, after: RegistryEntry): void {
    const { run, change } = by;
    if (by.writes > 1) this.#violated(by, 'one invocation changed the registry twice');
    if (after.version !== (before?.version ?? 0) + 1) this.#violated(by, 'the version does not rise by 1');
    if (before && isTold(before, after) && after.changedAt <= before.changedAt)
      this.#violated(by, 'clients take what is new for older than what was before');
    if (change === 'begin') this.#begun(by);
    else if (this.holder !== run || this.generation !== by.generation)
      this.#violated(by, 'a run without the lock changed the registry');
    if (change === 'promote') this.#promoted(by);
    if (change === 'fenceProducers') this.#fenced(by, 'producers-fenced');
    if (change === 'fenceConsumers') this.#fenced(by, 'clients-fenced');
    if (change === 'unfence') this.clients = 'serving';
    if (change === 'unfence' || change === 'requestAbort') this.#undone(by);
    if (change === 'finish') this.#finished(by);
    this.#compare(by, after);
  }

  #begun(by: Invocation): void {
    const { holder } = this;
    if (holder && !by.toldEnded.has(holder.execution)) this.#violated(by, 'a lock was held by two');
    const goesOn =
      holder !== undefined && holder.kind !== 'drill' && by.run.kind !== 'drill' && sameWay(holder, by.run);
    const moved = holder !== undefined && this.active === wayOfRunbook(holder.kind, FLOW).to;
    const leavesWork = holder !== undefined && holder.kind !== 'drill' && !moved;
    if (leavesWork && !goesOn) this.#violated(by, 'what a run had begun was left to one of another way');
    if (this.clients !== 'serving' && !goesOn) this.#violated(by, 'fenced clients were left to a run of another way');
    if (this.active !== wayOfRunbook(by.run.kind, FLOW).from && !goesOn)
      this.#violated(by, 'it began on the wrong side');
    if (by.run.startedBy === 'alarm') {
      if (this.#moved) this.#violated(by, 'an alarm began within the cool-down');
      if (holder && holder.kind !== 'drill') this.#violated(by, 'an alarm went on with a run');
    }
    this.generation += 1;
    this.holder = by.run;
    this.undone = false;
  }

  #promoted(by: Invocation): void {
    const { kind } = by.run;
    const { from, to } = wayOfRunbook(kind, FLOW);
    if (kind === 'drill') this.#violated(by, 'a drill moved applications');
    if (this.active !== from) this.#violated(by, 'applications were moved from where they were not');
    if (this.undone) this.#violated(by, 'a run that is being undone moved applications');
    const fenced = this.clients === 'clients-fenced' || (kind === 'failover' && this.clients === 'producers-fenced');
    if (!fenced) this.#violated(by, 'applications were moved while they were at work');
    this.active = to;
    this.#moved = true;
    this.clients = 'serving';
  }

  #fenced(by: Invocation, clients: 'producers-fenced' | 'clients-fenced'): void {
    if (by.run.kind === 'drill') this.#violated(by, 'a drill fenced clients');
    if (this.undone) this.#violated(by, 'a run that is being undone fenced clients');
    if (this.active !== wayOfRunbook(by.run.kind, FLOW).from) this.#violated(by, 'moved applications were fenced');
    if (this.clients !== 'serving' && clients !== 'clients-fenced') this.#violated(by, 'a fence was made weaker');
    this.clients = clients;
  }

  #undone(by: Invocation): void {
    if (this.active === wayOfRunbook(by.run.kind, FLOW).to) this.#violated(by, 'a move was undone');
    this.undone = true;
  }

  #finished(by: Invocation): void {
    if (this.clients !== 'serving') this.#violated(by, 'clients were left fenced by nobody');
    this.holder = undefined;
  }

  #compare(by: Invocation, after: RegistryEntry): void {
    const { active, clients, generation } = after;
    const told = { active, clients, generation, holder: after.run?.execution, undone: after.run?.abortRequested };
    const meant = {
      active: this.active,
      clients: this.clients,
      generation: this.generation,
      holder: this.holder?.execution,
      undone: this.holder === undefined ? undefined : this.undone,
    };
    if (!isDeepStrictEqual(told, meant))
      this.#violated(by, `the entry says ${JSON.stringify(told)}, meant is ${JSON.stringify(meant)}`);
  }

  #violated({ run, change, generation }: Invocation, what: string): void {
    this.violations.push(`${change} of ${run.kind} ${run.execution} (generation ${generation}): ${what}`);
  }
}

function sameWay(one: Run, other: Run): boolean {
  return wayOfRunbook(one.kind, FLOW).to === wayOfRunbook(other.kind, FLOW).to;
}

/** Whether clients are told something new. */
function isTold(before: RegistryEntry, after: RegistryEntry): boolean {
  return before.active !== after.active || before.clients !== after.clients;
}
