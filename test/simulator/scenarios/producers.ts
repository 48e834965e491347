import { type Scenario, scenario } from '../scenario.ts';

const MAX_SEQUENCE = 2 ** 31 - 1;

/** Epochs, producer ids and sequences that end or expire, and what brokers forget. */
export const producerTroubles: readonly Scenario[] = [
  scenario({
    name: 'old records and a broker that forgets',
    records: 4,
    old: [0, 1, 2, 3],
    deliveries: 3,
    skewMs: [0, 5_000],
    faults: { expiry: 2, markerAgain: 1, crash: 1, connection: 1, pause: 1 },
  }),
  scenario({
    name: 'some old records among new ones',
    records: 4,
    old: [2],
    deliveries: 3,
    chunk: 1,
    skewMs: [0, 5_000],
    faults: { expiry: 2, crash: 1, connection: 1, pause: 2 },
  }),
  scenario({
    name: 'sequences that wrap',
    bornAt: MAX_SEQUENCE - 1,
    records: 5,
    deliveries: 3,
    faults: { compaction: 1, connection: 2, lag: 1, leader: 1 },
  }),
  scenario({
    name: 'the last epoch',
    bornAt: 3,
    lastEpoch: 1,
    records: 4,
    deliveries: 4,
    faults: { compaction: 2, crash: 1, connection: 1, pause: 2, lag: 1 },
  }),
  scenario({
    name: 'an expired transactional id',
    bornAt: 3,
    records: 4,
    deliveries: 4,
    faults: { idExpiry: 1, compaction: 2, connection: 1, pause: 2, crash: 1 },
  }),
  scenario({
    name: 'a runbook that fences the partition',
    bornAt: 3,
    records: 4,
    deliveries: 4,
    faults: { fence: 2, crash: 1, connection: 1, lag: 1, cutBack: 1, storeAnswer: 1 },
  }),
  scenario({
    name: 'a producer that is due for renewal',
    bornAt: 3,
    records: 4,
    deliveries: 4,
    chunk: 1,
    settings: { producerRenewalMs: 300_000 },
    faults: { pause: 2, fence: 1, compaction: 1, crash: 1, connection: 1 },
  }),
  scenario({
    name: 'an idle partition is fenced, and its transactional id has expired',
    bornAt: 3,
    records: 3,
    deliveries: 3,
    faults: { fence: 2, idExpiry: 1, pause: 2, connection: 1 },
  }),
  scenario({
    name: 'take-overs in each other\u2019s way',
    bornAt: 3,
    records: 4,
    absent: [1],
    deliveries: 4,
    faults: { superseded: 2, markerAgain: 1, crash: 2, connection: 1, storeAnswer: 1 },
  }),
];
