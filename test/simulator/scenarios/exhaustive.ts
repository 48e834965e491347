import { type Scenario, scenario } from '../scenario.ts';

/** Small enough to run every schedule of them, or nearly. */
export const exhaustive: readonly Scenario[] = [
  scenario({ name: 'every schedule: two environments make HEAD at once', records: 1 }),
  scenario({
    name: 'every schedule: a fence and a delivery',
    bornAt: 3,
    records: 1,
    deliveries: 2,
    faults: { fence: 1 },
  }),
  scenario({
    name: 'every schedule: a hold and a delivery',
    bornAt: 3,
    records: 1,
    deliveries: 1,
    faults: { hold: 1 },
  }),
  scenario({
    name: 'every schedule: two deliveries, a record compacted',
    bornAt: 3,
    records: 2,
    faults: { compaction: 1 },
  }),
  scenario({ name: 'every schedule: two deliveries, one death', bornAt: 3, records: 2, faults: { crash: 1 } }),
  scenario({
    name: 'every schedule: two deliveries, a lost connection',
    bornAt: 3,
    records: 2,
    chunk: 1,
    faults: { connection: 1 },
  }),
  scenario({
    name: 'every schedule: a new partition, one delivery, one death',
    environments: 1,
    records: 2,
    faults: { crash: 1 },
  }),
  scenario({
    name: 'every schedule: one delivery, all that the offset map can do',
    environments: 1,
    records: 3,
    chunk: 1,
    deliveries: 2,
    bornAt: 3,
    faults: { storeAnswer: 1, throttle: 1 },
  }),
  scenario({
    name: 'every schedule: a hole, a lost connection',
    environments: 1,
    records: 3,
    absent: [1],
    bornAt: 3,
    deliveries: 2,
    faults: { connection: 1, crash: 1 },
  }),
];
