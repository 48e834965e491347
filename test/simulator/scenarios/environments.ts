import { type Scenario, scenario } from '../scenario.ts';

const closed = { initialGrant: 'closed' } as const;

/** Deliveries that overlap, environments that die, answers that are lost, holes. */
export const environmentTroubles: readonly Scenario[] = [
  scenario({
    name: 'compaction, crashes, broken connections',
    records: 4,
    deliveries: 3,
    faults: { compaction: 1, crash: 1, connection: 1 },
  }),
  scenario({
    name: 'lost and throttled answers of the offset map',
    records: 4,
    deliveries: 3,
    faults: { compaction: 1, storeAnswer: 1, throttle: 1, crash: 1 },
  }),
  scenario({
    name: 'a topic with holes: transaction markers, compacted offsets, filter',
    records: 6,
    absent: [1, 4],
    filtered: [2],
    deliveries: 3,
    settings: closed,
    faults: { compaction: 1, crash: 1, connection: 1, timeOut: 1 },
  }),
  scenario({
    name: 'three environments, three deliveries',
    environments: 3,
    records: 3,
    deliveries: 3,
    faults: { compaction: 1, crash: 1, connection: 1, storeAnswer: 1 },
  }),
];
