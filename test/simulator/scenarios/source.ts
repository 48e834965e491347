import { type Scenario, scenario } from '../scenario.ts';

const closed = { initialGrant: 'closed' } as const;

/** What can become of the source between two deliveries. */
export const sourceTroubles: readonly Scenario[] = [
  scenario({
    name: 'retention and a leader change at the source',
    records: 5,
    deliveries: 3,
    faults: { retention: 2, sourceLeader: 1, crash: 1, connection: 1 },
  }),
  scenario({
    name: 'a source cut back by an unclean election',
    records: 4,
    deliveries: 4,
    faults: { cutBack: 1, crash: 1, timeOut: 1, connection: 1, stale: 1 },
  }),
  scenario({
    name: 'a source cut back while two invocations follow it',
    records: 3,
    bornAt: 3,
    deliveries: 4,
    chunk: 1,
    faults: { cutBack: 1 },
  }),
  scenario({
    name: 'a source cut back, and a consumer that goes on where it stood',
    records: 4,
    bornAt: 3,
    deliveries: 5,
    consumerStays: true,
    faults: { cutBack: 1, crash: 1, stale: 1 },
  }),
  scenario({
    name: 'a source cut back, its consumer not, holes and a filter',
    records: 5,
    absent: [2],
    filtered: [3],
    deliveries: 5,
    chunk: 1,
    consumerStays: true,
    settings: closed,
    faults: { cutBack: 1, compaction: 1, retention: 1, stale: 1, storeAnswer: 1 },
  }),
  scenario({
    name: 'topics made anew',
    records: 3,
    deliveries: 3,
    faults: { sourceMadeAnew: 1, crash: 1, connection: 1, timeOut: 1 },
  }),
];
