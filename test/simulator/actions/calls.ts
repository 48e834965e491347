import type { Call, Environment } from '../environment.ts';
import type { Simulation } from '../simulation.ts';
import { type Action, LIKELY } from './action.ts';

/** How often somebody who polls looks in vain before the time of the invocation runs out. */
const VAIN_POLLS = 2;

export function callActions(simulation: Simulation, environment: Environment, actions: Action[]): void {
  for (const call of environment.calls) {
    if (call.kind === 'timer') continue;
    if ((call.kind === 'init' || call.kind === 'marker') && simulation.coordinator.busy) continue;
    actions.push({
      weight: LIKELY,
      label: `${environment.name} ${call.label}`,
      run: () => {
        answerCall(environment, call);
      },
    });
  }
}

function answerCall(environment: Environment, call: Call): void {
  try {
    const done = call.apply();
    if (done) finishCall(environment, call, () => call.answer(done.value));
  } catch (error) {
    finishCall(environment, call, () => call.fail(error instanceof Error ? error : new Error(String(error))));
  }
}

export function timerActions(simulation: Simulation, actions: Action[]): void {
  for (const environment of simulation.environments) {
    for (const call of environment.calls) {
      if (call.kind !== 'timer') continue;
      const label = `${environment.name} ${call.label}`;
      actions.push({ weight: LIKELY, label, run: () => wake(simulation, environment, call) });
    }
  }
}

/** A timer ends. Who has looked in vain for long enough is taken to the end of its time. */
function wake(simulation: Simulation, environment: Environment, call: Call): void {
  const { delivery } = environment.invocation ?? {};
  environment.polls = call.since === simulation.progress ? environment.polls + 1 : 0;
  const late = environment.polls > VAIN_POLLS && delivery;
  const lastStart = (delivery?.deadline ?? 0) - environment.skewMs - simulation.settings.reserveMs;
  simulation.passTo(late ? Math.max(call.due, lastStart) : call.due);
  if (environment.invocation) finishCall(environment, call, () => call.answer(undefined));
}

export function finishCall(environment: Environment, call: Call, answer: () => void): void {
  environment.calls = environment.calls.filter((each) => each !== call);
  environment.busy = true;
  answer();
}
