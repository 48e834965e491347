import { type Scenario, scenario } from '../scenario.ts';

/** Runbooks that hold the flow and lift it, at any moment. */
export const holds: readonly Scenario[] = [
  scenario({
    name: 'a runbook that holds the flow and lifts it, deaths and late requests',
    bornAt: 3,
    records: 4,
    deliveries: 4,
    chunk: 1,
    faults: { hold: 2, lift: 1, crash: 1, connection: 1, lag: 1 },
  }),
  scenario({
    name: 'two runbooks of different generations',
    environments: 3,
    bornAt: 3,
    records: 3,
    deliveries: 3,
    faults: { hold: 3, lift: 2, crash: 1, storeAnswer: 1 },
  }),
  scenario({
    name: 'a flow that is held before it begins',
    records: 3,
    deliveries: 3,
    faults: { hold: 2, lift: 1, crash: 1, storeAnswer: 1, connection: 1 },
  }),
  scenario({
    name: 'a hold among take-overs',
    bornAt: 3,
    records: 4,
    absent: [1],
    deliveries: 4,
    faults: { hold: 2, lift: 1, fence: 1, compaction: 1, superseded: 1, crash: 1 },
  }),
  scenario({
    name: 'a hold where no marker is possible',
    bornAt: 3,
    lastEpoch: 1,
    records: 3,
    deliveries: 4,
    chunk: 1,
    faults: { hold: 3, lift: 1, pause: 2, transient: 1, connection: 1, crash: 1 },
  }),
  scenario({
    name: 'a hold of a topic that was made anew',
    bornAt: 3,
    records: 3,
    deliveries: 3,
    chunk: 1,
    faults: { hold: 3, lift: 1, targetMadeAnew: 1, pause: 2, transient: 1, connection: 1, crash: 1 },
  }),
  scenario({
    name: 'a hold of old records under a lease',
    records: 3,
    old: [0, 1, 2],
    deliveries: 3,
    skewMs: [0, 5_000],
    faults: { hold: 2, lift: 1, expiry: 1, connection: 1, pause: 1 },
  }),
  scenario({
    name: 'a hold while leaders fail and the source is cut back',
    bornAt: 3,
    records: 4,
    deliveries: 4,
    chunk: 1,
    faults: { hold: 2, lift: 1, lag: 1, leader: 1, cutBack: 1, throttle: 1 },
  }),
];
