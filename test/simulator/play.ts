import { actionsOf } from './actions.ts';
import type { Scenario } from './scenario.ts';
import { finish, take } from './schedule.ts';
import { type Flaws, Simulation } from './simulation.ts';

/** Runs a schedule written down step by step, each named as a trace names it, and finishes it without faults. */
export async function play(scenario: Scenario, steps: readonly string[], flaws: Flaws = {}): Promise<Simulation> {
  const simulation = await playUntil(scenario, steps, flaws);
  if (!simulation.violation) await finish(simulation);
  return simulation;
}

/** The same, left where the last step leads. */
export async function playUntil(scenario: Scenario, steps: readonly string[], flaws: Flaws = {}): Promise<Simulation> {
  const simulation = new Simulation(scenario, { flaws, trace: [] });
  for (const step of steps) {
    const actions = actionsOf(simulation);
    const action = actions.find(({ label }) => label === step);
    if (!action) {
      const possible = actions.map(({ label }) => `  ${label}`).join('\n');
      throw new Error(`"${step}" cannot happen now; what can:\n${possible}\nbefore:\n${simulation.trace?.join('\n')}`);
    }
    await take(simulation, action);
  }
  return simulation;
}
