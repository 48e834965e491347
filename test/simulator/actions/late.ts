import type { Simulation } from '../simulation.ts';
import { type Action, LIKELY, RARE } from './action.ts';

export function lateActions(simulation: Simulation, actions: Action[]): void {
  for (const connection of simulation.network.orphans) {
    actions.push({
      weight: LIKELY / 3,
      label: 'a late request arrives',
      run: () => {
        const { target } = simulation;
        const replicated = target.highWatermark === target.logEnd;
        simulation.network.arrive(connection);
        if (replicated) simulation.replicate();
        if (connection.requests.every(({ result }) => result)) {
          simulation.network.orphans.splice(simulation.network.orphans.indexOf(connection), 1);
        }
      },
    });
  }
  for (const late of simulation.network.lateCalls) {
    if (late.call.kind !== 'write' && simulation.coordinator.busy) continue;
    actions.push({
      weight: LIKELY / 3,
      label: `late: ${late.call.label}`,
      run: () => {
        simulation.network.lateCalls.splice(simulation.network.lateCalls.indexOf(late), 1);
        late.call.apply();
      },
    });
  }
  if (simulation.left.pause > 0) {
    actions.push({
      weight: RARE,
      label: 'some time passes',
      run: () => {
        simulation.left.pause--;
        simulation.passTo(simulation.now + 50_000);
      },
    });
    actions.push({
      weight: RARE,
      label: 'much time passes',
      run: () => {
        simulation.left.pause--;
        simulation.passTo(simulation.now + 400_000);
      },
    });
  }
}
