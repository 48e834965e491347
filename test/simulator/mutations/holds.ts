import { scenario } from '../scenario.ts';
import type { Mutation } from './mutation.ts';

const held = scenario({
  name: 'a runbook that holds the flow',
  records: 3,
  bornAt: 3,
  chunk: 1,
  deliveries: 3,
  faults: { hold: 2, lift: 1, connection: 1, crash: 1 },
});

const outranked = scenario({
  name: 'two runbooks of different generations',
  environments: 3,
  records: 2,
  bornAt: 3,
  deliveries: 2,
  faults: { hold: 3, lift: 2 },
});

const notBegun = scenario({
  name: 'a flow that is held before it begins',
  records: 2,
  deliveries: 2,
  faults: { hold: 1, lift: 1 },
});

const LIFT =
  '  const stands = await holds.lift(generation);\n  if (stands) throw new HoldOutranked(flow, generation, stands);\n';

/** What goes wrong when a hold is told too early, or is nobody's or anybody's to lift. */
export const holdBreaks: readonly Mutation[] = [
  {
    name: 'a hold is answered before its marker stands',
    patches: [
      {
        file: 'append/hold.ts',
        is: "if (head.fence.kind === 'none') return head;",
        becomes: 'if (head.version > 0) return head;',
      },
    ],
    scenario: held,
    breaks: 'L',
  },
  {
    name: 'a delivery finishes the take-over of a hold, and then sends',
    patches: [
      {
        file: 'append/append.ts',
        is: 'if (head.heldBy) throw new FlowHeld',
        becomes: "if (head.heldBy && head.fence.kind === 'none' && !attempt.level) throw new FlowHeld",
      },
    ],
    scenario: held,
    breaks: 'L',
  },
  {
    name: 'a delivery does not look whether HEAD is held',
    patches: [
      {
        file: 'append/append.ts',
        is: 'if (head.heldBy) throw new FlowHeld',
        becomes: 'if (head.heldBy && head.version < 0) throw new FlowHeld',
      },
    ],
    scenario: held,
    breaks: 'L',
  },
  {
    name: 'HEAD is begun although the flow is held',
    flaws: { beginsUnderHold: true },
    scenario: notBegun,
    breaks: 'L',
  },
  {
    name: 'the flow is held after its partitions',
    patches: [
      {
        file: 'hold/hold-flow.ts',
        is: 'const hold = await holds.place({ generation, since: ports.now(), kind });',
        becomes: 'const hold: Hold = { generation, since: ports.now(), kind };',
      },
      {
        file: 'hold/hold-flow.ts',
        is: '  return { hold, held, notBegun, notYet };\n',
        becomes: '  await holds.place(hold);\n  return { hold, held, notBegun, notYet };\n',
      },
    ],
    scenario: notBegun,
    breaks: 'L',
  },
  {
    name: 'a hold that has no marker does not wait for HEADs in memory',
    settings: { latenessBoundMs: -30_000 },
    scenario: scenario({
      name: 'a hold where no marker is possible, and no request is late',
      records: 2,
      bornAt: 3,
      lastEpoch: 1,
      deliveries: 2,
      faults: { hold: 2 },
    }),
    breaks: 'L',
  },
  {
    name: 'a hold does not wait out the producer id that it replaces',
    settings: { latenessBoundMs: -30_000 },
    scenario: scenario({
      name: 'a hold where no marker is possible, and a lost connection',
      records: 2,
      bornAt: 3,
      lastEpoch: 1,
      chunk: 1,
      deliveries: 2,
      faults: { hold: 2, connection: 1, crash: 1 },
    }),
    breaks: 'L',
  },
  {
    name: 'a hold is lifted by a lower generation',
    patches: [
      {
        file: 'append/hold.ts',
        is: 'if (heldBy && heldBy.generation > generation) throw',
        becomes: 'if (heldBy && heldBy.generation < 0) throw',
      },
    ],
    scenario: outranked,
    breaks: 'L',
  },
  {
    name: 'a lower generation holds over a higher one',
    patches: [
      {
        file: 'append/hold.ts',
        is: 'if ((head.heldBy?.generation ?? 0) > generation) throw',
        becomes: 'if ((head.heldBy?.generation ?? 0) < 0) throw',
      },
      {
        file: 'append/hold.ts',
        is: 'if (current?.generation !== generation) throw',
        becomes: 'if (!current) throw',
      },
    ],
    scenario: outranked,
    breaks: 'L',
  },
  {
    name: 'a claim does not ask whether the flow is still held',
    patches: [
      {
        file: 'append/hold.ts',
        is: 'if (current?.generation !== generation) throw',
        becomes: 'if (current && current.generation < 0) throw',
      },
    ],
    scenario: outranked,
    breaks: 'L',
  },
  {
    name: 'partitions are lifted before their flow',
    patches: [
      { file: 'hold/lift-flow.ts', is: LIFT, becomes: '' },
      {
        file: 'hold/lift-flow.ts',
        is: '  return { lifted, notYet };\n',
        becomes: `${LIFT}  return { lifted, notYet };\n`,
      },
    ],
    scenario: outranked,
    breaks: 'L',
  },
  {
    name: 'a lift leaves a HEAD alone that is not held yet',
    patches: [
      {
        file: 'append/hold.ts',
        is: "if (!heldBy && first !== undefined && head.version > first) return 'lifted';",
        becomes: "if (!heldBy || (first ?? 0) < 0) return 'lifted';",
      },
    ],
    scenario: outranked,
    breaks: 'L',
  },
  {
    name: 'a hold that stands is taken over anew',
    patches: [
      {
        file: 'append/hold.ts',
        is: "const fence = head.heldBy || head.fence.kind !== 'none' ? head.fence :",
        becomes: "const fence = head.fence.kind !== 'none' ? head.fence :",
      },
    ],
    scenario: outranked,
    breaks: 'H',
  },
];
