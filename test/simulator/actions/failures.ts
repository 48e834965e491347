import type { Call, Environment } from '../environment.ts';
import type { Simulation } from '../simulation.ts';
import { type Action, FAULT, RARE } from './action.ts';
import { finishCall } from './calls.ts';

export function failures(simulation: Simulation, environment: Environment, actions: Action[]): void {
  const { left } = simulation;
  const { name } = environment;
  for (const call of environment.calls) storeFailures(simulation, environment, call, actions);
  if (left.connection > 0 && environment.connection.requests.length > 0) {
    actions.push({
      weight: FAULT,
      label: `${name} loses its connection`,
      run: () => {
        left.connection--;
        simulation.network.breakConnection(environment);
      },
    });
  }
  if (left.crash > 0) {
    actions.push({
      weight: FAULT,
      label: `${name} dies`,
      run: () => {
        left.crash--;
        simulation.crash(environment);
      },
    });
    const asking = environment.calls.find(({ kind }) => kind === 'marker');
    if (asking && !simulation.coordinator.busy) {
      actions.push({
        weight: FAULT,
        label: `${name} dies between AddPartitionsToTxn and EndTxn`,
        run: () => {
          left.crash--;
          simulation.coordinator.open = true;
          environment.calls = [];
          simulation.crash(environment);
        },
      });
    }
  }
  const lastStart =
    (environment.invocation?.delivery.deadline ?? 0) - environment.skewMs - simulation.settings.reserveMs;
  if (left.timeOut > 0 && simulation.now < lastStart) {
    actions.push({
      weight: RARE,
      label: `the time of ${name} runs out`,
      run: () => {
        left.timeOut--;
        simulation.passTo(lastStart);
      },
    });
  }
}

export function storeFailures(simulation: Simulation, environment: Environment, call: Call, actions: Action[]): void {
  const { left } = simulation;
  const store = call.kind === 'write' || call.kind === 'read';
  if (store && left.throttle > 0) {
    actions.push({
      weight: FAULT,
      label: `${environment.name} ${call.label}: throttled`,
      run: () => {
        left.throttle--;
        finishCall(environment, call, () => call.fail(new Error('throttled')));
      },
    });
  }
  if (call.kind === 'write' && left.storeAnswer > 0) {
    actions.push({
      weight: FAULT,
      label: `${environment.name} ${call.label}: the answer is lost`,
      run: () => {
        left.storeAnswer--;
        call.apply();
        finishCall(environment, call, () => call.fail(new Error('no answer')));
      },
    });
    actions.push({
      weight: RARE,
      label: `${environment.name} ${call.label}: it never arrives`,
      run: () => {
        left.storeAnswer--;
        finishCall(environment, call, () => call.fail(new Error('no answer')));
      },
    });
    actions.push({
      weight: RARE,
      label: `${environment.name} ${call.label}: it arrives late`,
      run: () => {
        left.storeAnswer--;
        simulation.network.arriveLate(call);
        finishCall(environment, call, () => call.fail(new Error('no answer')));
      },
    });
  }
}
