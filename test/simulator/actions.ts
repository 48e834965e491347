import type { Action } from './actions/action.ts';
import { callActions, timerActions } from './actions/calls.ts';
import { clusterActions } from './actions/cluster.ts';
import { deliveryActions } from './actions/deliveries.ts';
import { failures } from './actions/failures.ts';
import { lateActions } from './actions/late.ts';
import { produceActions } from './actions/produce.ts';
import { runbookActions } from './actions/runbooks.ts';
import { sourceActions } from './actions/source.ts';
import type { Simulation } from './simulation.ts';
import { Violation } from './violation.ts';

/** Everything that may happen now. What needs no fault comes first. */
export function actionsOf(simulation: Simulation): Action[] {
  const actions: Action[] = [];
  for (const environment of simulation.environments) {
    if (!environment.invocation) continue;
    callActions(simulation, environment, actions);
    produceActions(simulation, environment, actions);
  }
  clusterActions(simulation, actions);
  timerActions(simulation, actions);
  for (const environment of simulation.environments)
    if (environment.invocation) failures(simulation, environment, actions);
  lateActions(simulation, actions);
  if (simulation.running || simulation.deliveries > 0) sourceActions(simulation, actions);
  deliveryActions(simulation, actions);
  runbookActions(simulation, actions);
  return actions;
}

export function noActionLeft(simulation: Simulation): Violation {
  return new Violation(
    'I',
    `nothing can happen any more, and ${simulation.environments.filter(({ invocation }) => invocation).length} wait`,
  );
}
