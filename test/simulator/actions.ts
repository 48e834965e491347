import type { Call, Environment } from './environment.ts';
import { Violation } from './invariants.ts';
import type { Simulation } from './simulation.ts';

/** One thing that may happen next. */
export interface Action {
  readonly weight: number;
  readonly label: string;
  readonly run: () => void;
}

const LIKELY = 12;
const DELIVERY = 6;
const FAULT = 2;
const RARE = 1;
/** How often somebody who polls looks in vain before the time of the invocation runs out. */
const VAIN_POLLS = 2;

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
  return actions;
}

function callActions(simulation: Simulation, environment: Environment, actions: Action[]): void {
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
    if (done) finish(environment, call, () => call.answer(done.value));
  } catch (error) {
    finish(environment, call, () => call.fail(error instanceof Error ? error : new Error(String(error))));
  }
}

function timerActions(simulation: Simulation, actions: Action[]): void {
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
  if (environment.invocation) finish(environment, call, () => call.answer(undefined));
}

function finish(environment: Environment, call: Call, answer: () => void): void {
  environment.calls = environment.calls.filter((each) => each !== call);
  environment.busy = true;
  answer();
}

function produceActions(simulation: Simulation, environment: Environment, actions: Action[]): void {
  const { connection, name } = environment;
  if (!connection.requests.some(({ result }) => !result)) return;
  const { left, target } = simulation;
  const arrive = (replicated: boolean) => {
    simulation.arrive(connection);
    if (replicated) simulation.replicate();
    for (const each of simulation.environments) simulation.answer(each);
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

function clusterActions(simulation: Simulation, actions: Action[]): void {
  const { target, coordinator, left, now, settings } = simulation;
  if (target.knownHighWatermark < target.logEnd) {
    actions.push({
      weight: LIKELY / 2,
      label: 'followers catch up',
      run: () => {
        simulation.replicate();
        for (const each of simulation.environments) simulation.answer(each);
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
            if (each.connection.requests.length > 0) simulation.breakConnection(each);
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
          if (each.connection.requests.length > 0) simulation.breakConnection(each);
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

function failures(simulation: Simulation, environment: Environment, actions: Action[]): void {
  const { left } = simulation;
  const { name } = environment;
  for (const call of environment.calls) storeFailures(simulation, environment, call, actions);
  if (left.connection > 0 && environment.connection.requests.length > 0) {
    actions.push({
      weight: FAULT,
      label: `${name} loses its connection`,
      run: () => {
        left.connection--;
        simulation.breakConnection(environment);
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

function storeFailures(simulation: Simulation, environment: Environment, call: Call, actions: Action[]): void {
  const { left } = simulation;
  const store = call.kind === 'write' || call.kind === 'read';
  if (store && left.throttle > 0) {
    actions.push({
      weight: FAULT,
      label: `${environment.name} ${call.label}: throttled`,
      run: () => {
        left.throttle--;
        finish(environment, call, () => call.fail(new Error('throttled')));
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
        finish(environment, call, () => call.fail(new Error('no answer')));
      },
    });
    actions.push({
      weight: RARE,
      label: `${environment.name} ${call.label}: it never arrives`,
      run: () => {
        left.storeAnswer--;
        finish(environment, call, () => call.fail(new Error('no answer')));
      },
    });
    actions.push({
      weight: RARE,
      label: `${environment.name} ${call.label}: it arrives late`,
      run: () => {
        left.storeAnswer--;
        simulation.arriveLate(call);
        finish(environment, call, () => call.fail(new Error('no answer')));
      },
    });
  }
}

function lateActions(simulation: Simulation, actions: Action[]): void {
  for (const connection of simulation.orphans) {
    actions.push({
      weight: LIKELY / 3,
      label: 'a late request arrives',
      run: () => {
        const { target } = simulation;
        const replicated = target.highWatermark === target.logEnd;
        simulation.arrive(connection);
        if (replicated) simulation.replicate();
        if (connection.requests.every(({ result }) => result)) {
          simulation.orphans.splice(simulation.orphans.indexOf(connection), 1);
        }
      },
    });
  }
  for (const late of simulation.lateCalls) {
    if (late.call.kind !== 'write' && simulation.coordinator.busy) continue;
    actions.push({
      weight: LIKELY / 3,
      label: `late: ${late.call.label}`,
      run: () => {
        simulation.lateCalls.splice(simulation.lateCalls.indexOf(late), 1);
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

function sourceActions(simulation: Simulation, actions: Action[]): void {
  const { left, source, committed } = simulation;
  const fault = (kind: keyof typeof left, label: string, run: () => void) => {
    if (left[kind] <= 0) return;
    const happen = () => {
      left[kind]--;
      simulation.disturbed.add(kind);
      run();
    };
    actions.push({ weight: RARE, label, run: happen });
  };
  for (let offset = committed; offset < source.logEnd; offset++) {
    if (offset < source.readable - 1 && source.isPresent(offset)) {
      fault('compaction', `the source compacts ${offset}`, () => source.compact(offset));
      fault('retention', `the source deletes up to ${offset}`, () => source.deleteBelow(offset + 1));
    }
  }
  for (let offset = source.logStart; offset < source.logEnd && left.cutBack > 0; offset++) {
    fault('cutBack', `the source is cut back to ${offset}`, () => simulation.cutBack(offset));
  }
  fault('sourceLeader', 'the source partition changes its leader', () => source.changeLeader());
  fault('sourceMadeAnew', 'the source topic is made anew', () => simulation.makeSourceAnew());
  fault('targetMadeAnew', 'the target topic is made anew', () => {
    simulation.targetTopicId = 'target-2';
  });
}

function deliveryActions(simulation: Simulation, actions: Action[]): void {
  // A consumer group is set back while nobody is in it.
  if (simulation.isToBeSetBack && !simulation.running) {
    actions.push({ weight: DELIVERY, label: 'the group is set back', run: () => simulation.setGroupBack() });
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
          const batch = simulation.read(end);
          simulation.batchesRead.push(batch);
          simulation.deliver(environment, batch);
        },
      });
    }
    if (left.fence > 0) {
      actions.push({
        weight: RARE,
        label: `${environment.name} is asked to fence the partition`,
        run: () => {
          left.fence--;
          simulation.fence(environment);
        },
      });
    }
    if (left.stale <= 0) continue;
    for (const batch of simulation.batchesRead) {
      actions.push({
        weight: RARE,
        label: `${environment.name} is invoked with a batch read before`,
        run: () => {
          left.stale--;
          simulation.deliveries--;
          simulation.disturbed.add('stale');
          simulation.deliver(environment, batch);
        },
      });
    }
  }
}

export function noActionLeft(simulation: Simulation): Violation {
  return new Violation(
    'I',
    `nothing can happen any more, and ${simulation.environments.filter(({ invocation }) => invocation).length} wait`,
  );
}
