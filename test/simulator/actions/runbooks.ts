import type { Simulation } from '../simulation.ts';
import { type Action, DELIVERY, RARE } from './action.ts';

/** More runs than can be in each other's way in a schedule of this length. */
const MOST_GENERATIONS = 3;

/** Runbooks of several generations: a new run, or one of before that somebody took to be over. */
export function runbookActions(simulation: Simulation, actions: Action[]): void {
  const { left, runbooks } = simulation;
  if (left.hold <= 0 && left.lift <= 0) return;
  // The last one: the first ones remember HEADs that they may send under.
  const environment = simulation.environments.findLast(({ invocation }) => !invocation);
  if (!environment) return;
  const { name } = environment;
  const newest = Math.min(runbooks.latest + 1, MOST_GENERATIONS);
  for (let generation = newest; generation > 0 && left.hold > 0; generation--) {
    if (runbooks.lifting.has(generation)) continue;
    actions.push({
      weight: generation === newest ? DELIVERY / 2 : RARE,
      label: `${name} is asked to hold the flow for generation ${generation}`,
      run: () => {
        left.hold--;
        runbooks.hold(environment, generation);
      },
    });
  }
  for (let generation = runbooks.latest; generation > 0 && left.lift > 0; generation--) {
    actions.push({
      weight: RARE,
      label: `${name} is asked to lift the hold for generation ${generation}`,
      run: () => {
        left.lift--;
        runbooks.lift(environment, generation);
      },
    });
  }
}
