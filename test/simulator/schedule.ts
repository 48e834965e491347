import { actionsOf, noActionLeft } from './actions.ts';
import { type Choices, ReplayedChoices } from './choices.ts';
import type { Core } from './core.ts';
import type { Scenario } from './scenario.ts';
import { type Flaws, Simulation } from './simulation.ts';
import { Violation } from './violation.ts';

export interface ScheduleResult {
  readonly violation: Violation | undefined;
  readonly steps: number;
  readonly takeOvers: number;
  readonly fingerprint: number;
}

export interface ScheduleOptions {
  readonly core?: Core;
  readonly flaws?: Flaws;
  /** Filled with what happened. */
  readonly trace?: string[];
}

/** A schedule is ended here; far more than any that makes progress. */
const MOST_STEPS = 600;
/** Fault-free redeliveries that must suffice from any state: each may spend its one take-over. */
const REDELIVERIES = 12;

/** Runs one schedule to its end, then fault-free redeliveries until everything is replicated. */
export async function runSchedule(
  scenario: Scenario,
  choices: Choices,
  options: ScheduleOptions = {},
): Promise<ScheduleResult> {
  const simulation = new Simulation(scenario, options);
  let steps = 0;
  while (!simulation.violation) {
    const actions = actionsOf(simulation);
    const quiet =
      !simulation.running && (simulation.deliveries === 0 || simulation.committed >= simulation.source.readable);
    if (quiet) {
      actions.unshift({ weight: 3, label: 'the faults are over', run: () => {} });
    }
    if (actions.length === 0) {
      simulation.fail(noActionLeft(simulation));
      break;
    }
    const chosen = actions[actions.length === 1 ? 0 : choices.pick(actions.map(({ weight }) => weight))];
    if (!chosen || chosen.label === 'the faults are over') break;
    await take(simulation, chosen);
    if (++steps > MOST_STEPS) simulation.fail(new Violation('K', 'a schedule without end'));
  }
  if (!simulation.violation) steps += await finish(simulation);
  return { violation: simulation.violation, steps, takeOvers: simulation.takeOvers, fingerprint: choices.fingerprint };
}

export async function take(simulation: Simulation, action: { label: string; run: () => void }): Promise<void> {
  simulation.note(`> ${action.label}`);
  simulation.now++;
  action.run();
  await simulation.settle();
}

/** K. From every quiet state redelivery without faults ends with everything replicated. */
export async function finish(simulation: Simulation): Promise<number> {
  simulation.note('-- no more faults --');
  for (const fault of Object.keys(simulation.left) as (keyof typeof simulation.left)[]) simulation.left[fault] = 0;
  simulation.network.orphans.length = 0;
  simulation.network.lateCalls.length = 0;
  simulation.replicate();
  // What was cut is noticed when something comes.
  if (simulation.wasCutBack || simulation.target.cutEpoch >= 0) simulation.appendToSource();
  const choices = new ReplayedChoices([]);
  let steps = await releaseFlow(simulation, choices);
  for (let i = 0; i < REDELIVERIES && !simulation.violation && !isOver(simulation); i++) {
    simulation.passTo(simulation.now + 400_000);
    if (simulation.lambda.isToBeSetBack) simulation.lambda.setGroupBack();
    const [environment] = simulation.environments;
    if (!environment) break;
    environment.appender = undefined;
    simulation.lambda.deliver(environment, simulation.lambda.read(simulation.source.readable));
    steps += await runToEnd(simulation, choices);
  }
  if (simulation.violation) return steps;
  if (simulation.lastError === 'TARGET_DIVERGED') return steps;
  if (isOver(simulation)) simulation.watch.all();
  else simulation.fail(new Violation('K', `no progress: ${simulation.lastError ?? 'done'} at ${simulation.committed}`));
  return steps;
}

/** The last run of a runbook ends as it should: whatever was left held is lifted. */
async function releaseFlow(simulation: Simulation, choices: Choices): Promise<number> {
  const [environment] = simulation.environments;
  if (!environment || simulation.runbooks.latest === 0) return 0;
  simulation.runbooks.lift(environment, simulation.runbooks.latest);
  const steps = await runToEnd(simulation, choices);
  if (simulation.table.hold || simulation.table.head?.heldBy)
    simulation.fail(new Violation('L', 'a lift has lifted nothing'));
  return steps;
}

async function runToEnd(simulation: Simulation, choices: Choices): Promise<number> {
  let steps = 0;
  await simulation.settle();
  while (simulation.running && !simulation.violation) {
    const actions = actionsOf(simulation);
    const chosen = actions[choices.pick(actions.map(() => 1))];
    if (!chosen) return steps;
    await take(simulation, chosen);
    if (++steps > MOST_STEPS) simulation.fail(new Violation('K', 'a redelivery without end'));
  }
  return steps;
}

function isOver(simulation: Simulation): boolean {
  const { source, target, table, targetTopicId, lastError, committed, scenario } = simulation;
  // Another generation of the topic goes on with a HEAD of its own.
  if (table.head && lastError === 'SOURCE_TOPIC_REPLACED' && table.head.sourceTopicId !== source.topicId) return true;
  if (table.head && lastError === 'TARGET_TOPIC_REPLACED' && table.head.targetTopicId !== targetTopicId) return true;
  if (lastError === 'TARGET_DIVERGED' && target.lostMarker) return true;
  if (lastError === 'RECORD_TOO_LARGE' && scenario.tooLarge.includes(committed)) return true;
  return !simulation.lambda.isToBeSetBack && committed >= source.readable;
}
