import type { Simulation } from '../simulation.ts';
import { type Action, FAULT, LIKELY, RARE } from './action.ts';

export function clusterActions(simulation: Simulation, actions: Action[]): void {
  const { target, coordinator, left, now, settings } = simulation;
  if (target.knownHighWatermark < target.logEnd) {
    actions.push({
      weight: LIKELY / 2,
      label: 'followers catch up',
      run: () => {
        simulation.replicate();
        for (const each of simulation.environments) simulation.network.answer(each);
      },
    });
    if (left.leader > 0 && target.highWatermark < target.logEnd) {
      actions.push({
        weight: LIKELY / 2,
        label: 'the leader fails',
        run: () => {
          left.leader--;
          target.failLeader();
          simulation.progress++;
          for (const each of simulation.environments)
            if (each.connection.requests.length > 0) simulation.network.breakConnection(each);
        },
      });
    }
  }
  if (coordinator.pending) {
    actions.push({
      weight: LIKELY / 2,
      label: 'a marker is written',
      run: () => {
        const replicated = target.highWatermark === target.logEnd;
        coordinator.writeMarker(now);
        if (replicated) target.replicate();
        simulation.progress++;
      },
    });
  }
  const asked = simulation.environments.some(({ calls }) => calls.some(({ kind }) => kind === 'init'));
  if (coordinator.open && !asked) {
    actions.push({
      weight: FAULT,
      label: 'the coordinator aborts a transaction nobody ended',
      run: () => coordinator.abort(),
    });
  }
  for (let offset = 1; offset < target.highWatermark && left.loseEnd > 0; offset++) {
    actions.push({
      weight: RARE,
      label: `the target loses its log from ${offset} on`,
      run: () => {
        left.loseEnd--;
        simulation.disturbed.add('loseEnd');
        target.loseEnd(offset);
        simulation.progress++;
        for (const each of simulation.environments)
          if (each.connection.requests.length > 0) simulation.network.breakConnection(each);
      },
    });
  }
  if (left.expiry > 0 && target.canExpire(now, settings.producerExpiryMs)) {
    actions.push({
      weight: FAULT,
      label: 'the broker forgets old producers',
      run: () => {
        left.expiry--;
        simulation.disturbed.add('expiry');
        target.expireProducers(now, settings.producerExpiryMs);
      },
    });
  }
  if (left.markerAgain > 0 && coordinator.written) {
    actions.push({
      weight: FAULT,
      label: 'the coordinator writes its last marker again',
      run: () => {
        left.markerAgain--;
        const replicated = target.highWatermark === target.logEnd;
        coordinator.writeMarkerAgain(now);
        if (replicated) target.replicate();
        simulation.progress++;
      },
    });
  }
  if (left.foreign > 0 && (simulation.running || simulation.deliveries > 0)) {
    actions.push({
      weight: RARE,
      label: 'a foreign record is written',
      run: () => {
        left.foreign--;
        const replicated = target.highWatermark === target.logEnd;
        target.writeForeign();
        if (replicated) target.replicate();
      },
    });
  }
  if (left.idExpiry > 0) {
    actions.push({
      weight: RARE,
      label: 'the transactional id expires',
      run: () => {
        left.idExpiry--;
        coordinator.forget();
      },
    });
  }
  if (left.superseded > 0 && !coordinator.busy && !coordinator.open && simulation.running) {
    actions.push({
      weight: RARE,
      label: 'somebody else calls InitProducerId',
      run: () => {
        left.superseded--;
        coordinator.initProducer();
      },
    });
  }
}
