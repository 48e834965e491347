import type { Simulation } from '../simulation.ts';
import { type Action, DELIVERY, RARE } from './action.ts';

export function deliveryActions(simulation: Simulation, actions: Action[]): void {
  // A consumer group is set back while nobody is in it.
  if (simulation.lambda.isToBeSetBack && !simulation.running) {
    actions.push({ weight: DELIVERY, label: 'the group is set back', run: () => simulation.lambda.setGroupBack() });
  }
  if (simulation.deliveries <= 0) return;
  const { source, committed, left } = simulation;
  let first = true;
  for (const environment of simulation.environments) {
    if (environment.invocation) continue;
    // Environments that were never used are alike.
    if (!environment.used && !first) continue;
    if (!environment.used) first = false;
    for (let end = source.readable; end > committed; end--) {
      if (!source.isPresent(end - 1)) continue;
      actions.push({
        weight: end === source.readable ? DELIVERY : DELIVERY / 3,
        label: `${environment.name} is invoked with ${committed} to ${end - 1}`,
        run: () => {
          simulation.deliveries--;
          const batch = simulation.lambda.read(end);
          simulation.lambda.batchesRead.push(batch);
          simulation.lambda.deliver(environment, batch);
        },
      });
    }
    if (left.fence > 0) {
      actions.push({
        weight: RARE,
        label: `${environment.name} is asked to fence the partition`,
        run: () => {
          left.fence--;
          simulation.lambda.fence(environment);
        },
      });
    }
    if (left.stale <= 0) continue;
    for (const batch of simulation.lambda.batchesRead) {
      actions.push({
        weight: RARE,
        label: `${environment.name} is invoked with a batch read before`,
        run: () => {
          left.stale--;
          simulation.deliveries--;
          simulation.disturbed.add('stale');
          simulation.lambda.deliver(environment, batch);
        },
      });
    }
  }
}
