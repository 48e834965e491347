import { scenario } from '../scenario.ts';
import { HARM, type Mutation } from './mutation.ts';

/** What goes wrong around epochs, markers, and producer ids that are new or replaced. */
export const producerBreaks: readonly Mutation[] = [
  {
    name: 'C6: a higher epoch without a marker in the log',
    patches: [
      {
        file: 'append/take-over.ts',
        is: '  if ((await attempt.ask(target.requestMarker(producer))) === ',
        becomes: '  if ((await Promise.resolve<string>("requested")) === ',
      },
      {
        file: 'append/take-over.ts',
        is: '    const at = batches?.findLastIndex((batch) => isMarker(batch, producer)) ?? -1;\n    const marker = batches?.[at];\n',
        becomes:
          '    const at = batches?.length ?? -1;\n' +
          '    const end = batches?.at(-1)?.last ?? ((head.nextTarget - 1) as LoggedBatch["last"]);\n' +
          '    const marker = { producer, base: end, last: end, baseSequence: -1, count: 1, control: true, leaderEpoch: 0 };\n',
      },
    ],
    scenario: scenario({
      name: 'two deliveries and a compaction',
      records: 3,
      bornAt: 3,
      deliveries: 3,
      faults: { compaction: 1 },
    }),
    breaks: 'CDGK',
  },
  {
    name: 'C8: a fresh producer has several batches in flight',
    patches: [
      {
        file: 'append/send-granted.ts',
        is: 'const single = head.fresh || attempt.singleFile || ',
        becomes: 'const single = attempt.singleFile || ',
      },
      { file: 'append/create.ts', is: '    lastTimestamp: -1,', becomes: '    lastTimestamp: attempt.now,' },
    ],
    scenario: scenario({ name: 'a new partition', records: 3, chunk: 1, faults: { transient: 1, connection: 1 } }),
    breaks: HARM,
  },
  {
    name: 'C13: take-overs without end in one invocation',
    patches: [
      { file: 'append/attempt.ts', is: 'if (this.#takeOvers > 0) throw', becomes: 'if (this.#takeOvers > 99) throw' },
    ],
    scenario: scenario({
      name: 'two environments that fence each other',
      records: 3,
      bornAt: 3,
      deliveries: 3,
      faults: { compaction: 2, connection: 1 },
    }),
    breaks: 'H',
  },
  {
    name: 'a HEAD from memory is used to the end of the invocation',
    firstSeed: 750_000,
    patches: [
      { file: 'append/send-granted.ts', is: 'deadline: attempt.lastSend,', becomes: 'deadline: attempt.lastStart,' },
    ],
    scenario: scenario({
      name: 'the last epoch and a batch refused for a while',
      records: 2,
      bornAt: 3,
      lastEpoch: 1,
      deliveries: 3,
      faults: { compaction: 1, pause: 3, transient: 1 },
    }),
    breaks: HARM,
  },
  {
    name: 'a producer id is replaced although its last batch is not replicated',
    firstSeed: 36_000,
    patches: [
      {
        file: 'append/take-over.ts',
        is: "if (footing.head === head && compareToBroker(settled, known) === 'ahead') {",
        becomes: 'if (footing.head === head && compareToBroker(settled, known) === undefined) {',
      },
    ],
    scenario: scenario({
      name: 'the last epoch and followers behind',
      records: 4,
      bornAt: 3,
      lastEpoch: 1,
      deliveries: 4,
      faults: { compaction: 1, pause: 2, lag: 1 },
    }),
    breaks: HARM,
  },
  {
    name: 'a replaced producer id is not waited out',
    settings: { latenessBoundMs: -30_000 },
    scenario: scenario({
      name: 'an expired transactional id',
      records: 2,
      bornAt: 3,
      chunk: 1,
      deliveries: 3,
      faults: { idExpiry: 1, compaction: 1, connection: 1 },
    }),
    breaks: HARM,
  },
  {
    name: 'a fence is told to stand before its marker does',
    patches: [
      {
        file: 'append/fence.ts',
        is: "if (head.fence.kind === 'none' && !isSameProducer(head, before)) return head;",
        becomes: "if (head.fence.kind !== 'none' || !isSameProducer(head, before)) return head;",
      },
    ],
    scenario: scenario({
      name: 'a runbook that fences the partition',
      records: 2,
      bornAt: 3,
      faults: { fence: 2, crash: 1 },
    }),
    breaks: 'E',
  },
];
