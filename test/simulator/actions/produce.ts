import type { Environment } from '../environment.ts';
import type { Simulation } from '../simulation.ts';
import { type Action, FAULT, LIKELY } from './action.ts';

export function produceActions(simulation: Simulation, environment: Environment, actions: Action[]): void {
  const { connection, name } = environment;
  if (!connection.requests.some(({ result }) => !result)) return;
  const { left, target } = simulation;
  const arrive = (replicated: boolean) => {
    simulation.network.arrive(connection);
    if (replicated) simulation.replicate();
    for (const each of simulation.environments) simulation.network.answer(each);
    environment.busy = true;
  };
  actions.push({
    weight: LIKELY,
    label: `${name}: a request arrives`,
    run: () => arrive(target.highWatermark === target.logEnd),
  });
  if (left.lag > 0 && target.highWatermark === target.logEnd) {
    actions.push({
      weight: FAULT,
      label: `${name}: a request arrives, followers lag`,
      run: () => {
        left.lag--;
        arrive(false);
      },
    });
  }
  if (left.transient > 0) {
    actions.push({
      weight: FAULT,
      label: `${name}: NOT_ENOUGH_REPLICAS`,
      run: () => {
        left.transient--;
        const at = connection.requests.findIndex(({ result }) => !result);
        connection.requests.splice(at, 1)[0]?.answer({ kind: 'unknown', reason: 'NOT_ENOUGH_REPLICAS' });
        environment.busy = true;
      },
    });
  }
}
