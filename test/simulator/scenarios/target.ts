import { type Scenario, scenario } from '../scenario.ts';

/** What can become of the target partition, and what it does not take. */
export const targetTroubles: readonly Scenario[] = [
  scenario({
    name: 'leader failure with followers behind',
    records: 4,
    deliveries: 3,
    chunk: 1,
    faults: { compaction: 1, lag: 2, leader: 1, connection: 1 },
  }),
  scenario({
    name: 'foreign writers on a two-way topic',
    records: 4,
    deliveries: 3,
    settings: { targetMayHoldRecords: true },
    faults: { foreign: 2, compaction: 1, crash: 1, lag: 1 },
  }),
  scenario({
    name: 'a target that loses the end of its log',
    bornAt: 3,
    records: 4,
    deliveries: 5,
    faults: { loseEnd: 1, crash: 1, connection: 1 },
  }),
  scenario({
    name: 'a target that loses the end of its log, holes and take-overs',
    bornAt: 3,
    records: 5,
    absent: [1],
    deliveries: 5,
    chunk: 1,
    faults: { loseEnd: 1, compaction: 1, fence: 1, connection: 1, markerAgain: 1 },
  }),
  scenario({
    name: 'records that are too large',
    records: 4,
    tooLarge: [1],
    deliveries: 3,
    brokerChunk: 2,
    chunk: 3,
    settings: { recordTooLarge: 'quarantine' },
    faults: { crash: 1, connection: 1, storeAnswer: 1 },
  }),
  scenario({
    name: 'a target topic made anew',
    records: 3,
    deliveries: 3,
    faults: { targetMadeAnew: 1, crash: 1 },
  }),
  scenario({
    name: 'too few replicas, time running out',
    records: 4,
    chunk: 1,
    deliveries: 3,
    faults: { transient: 2, timeOut: 1, compaction: 1, lag: 1 },
  }),
];
