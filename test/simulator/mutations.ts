import type { Patch } from './mutant.ts';
import { type Scenario, scenario } from './scenario.ts';
import type { Flaws } from './simulation.ts';

/** A known break of a simpler protocol, put back, and the world in which it shows. */
export interface Mutation {
  readonly name: string;
  readonly patches?: readonly Patch[];
  /** What the surroundings leave out instead. */
  readonly flaws?: Flaws;
  readonly settings?: Scenario['settings'];
  readonly scenario: Scenario;
  /** Where the search begins, when the first seed that shows it is far. */
  readonly firstSeed?: number;
  /** Letters of the invariants that it may break: the harm, rather than the rule that was taken out. */
  readonly breaks: string;
}

const HARM = 'CDEGK';

const staying = scenario({
  name: 'a source cut back, and a consumer that goes on where it stood',
  records: 4,
  bornAt: 3,
  deliveries: 5,
  consumerStays: true,
  faults: { cutBack: 1, stale: 1 },
});

export const mutations: readonly Mutation[] = [
  {
    name: 'C1, C2: a hole ends the open grant without a take-over',
    patches: [
      {
        file: 'append/append.ts',
        is: '      await takeOver(attempt, head, cause);\n',
        becomes:
          '      void cause;\n      await attempt.writeHead(head, { ...head, sparse: true, grant: { kind: "closed" } });\n',
      },
    ],
    scenario: scenario({
      name: 'two deliveries and a compaction',
      records: 3,
      bornAt: 3,
      deliveries: 3,
      faults: { compaction: 1 },
    }),
    breaks: HARM,
  },
  {
    name: 'C3, C4: an intent that this delivery does not hold is cleared without a take-over',
    patches: [
      {
        file: 'append/append.ts',
        is: "      await takeOver(attempt, head, intended ? 'record-set-aside' : 'intent-not-held');\n",
        becomes: '      await attempt.writeHead(head, { ...head, grant: { kind: "closed" } });\n',
      },
    ],
    scenario: scenario({
      name: 'intents and a compaction',
      records: 3,
      bornAt: 3,
      deliveries: 3,
      settings: { initialGrant: 'closed' },
      faults: { compaction: 1 },
    }),
    breaks: HARM,
  },
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
        is: '    if (marker) return { marker, before: scan.batches.slice(0, at) };\n',
        becomes:
          '    const last = (head.nextTarget - 1) as typeof scan.highWatermark;\n' +
          '    const none = { producer, base: last, last, baseSequence: -1, count: 1, control: true };\n' +
          '    const end = scan.batches.at(-1)?.last ?? last;\n' +
          '    return { marker: marker ?? { ...none, base: end, last: end }, before: scan.batches };\n',
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
    name: 'C7: the target is read up to the log end, past the high watermark',
    flaws: { scanToLogEnd: true },
    scenario: scenario({
      name: 'a leader that fails',
      records: 3,
      bornAt: 3,
      deliveries: 3,
      settings: { initialGrant: 'closed' },
      faults: { lag: 1, leader: 1, connection: 1, crash: 1 },
    }),
    breaks: HARM,
  },
  {
    name: 'C8: a fresh producer has several batches in flight',
    patches: [
      {
        file: 'append/append.ts',
        is: 'return head.fresh || attempt.singleFile || ',
        becomes: 'return attempt.singleFile || ',
      },
      { file: 'append/create.ts', is: '    lastTimestamp: -1,', becomes: '    lastTimestamp: attempt.now,' },
    ],
    scenario: scenario({ name: 'a new partition', records: 3, chunk: 1, faults: { transient: 1, connection: 1 } }),
    breaks: HARM,
  },
  {
    name: 'C9: old records without a lease',
    patches: [
      {
        file: 'append/lease.ts',
        is: 'return isOld(oldest, now, attempt.context.settings);',
        becomes: 'return oldest < 0 && now < 0;',
      },
    ],
    scenario: scenario({ name: 'old records', records: 2, old: [0, 1], faults: { expiry: 1 } }),
    breaks: HARM,
  },
  {
    name: 'C10: a lease without the lateness bound',
    settings: { latenessBoundMs: 0, headMemoryMs: 30_000 },
    scenario: scenario({
      name: 'old records, a holder that dies',
      records: 2,
      old: [0, 1],
      deliveries: 4,
      faults: { expiry: 1, connection: 1, timeOut: 1, pause: 1, crash: 1 },
    }),
    breaks: HARM,
  },
  {
    name: 'C11: several old batches in flight',
    patches: [
      { file: 'append/append.ts', is: 'window: leased ? 1 : settings.window', becomes: 'window: settings.window' },
      {
        file: 'append/append.ts',
        is: 'const chunks = single ? all.slice(0, 1) : all;',
        becomes: 'const chunks = single && !leased ? all.slice(0, 1) : all;',
      },
      { file: 'append/append.ts', is: '    const leased = head.lease !== undefined;\n', becomes: '' },
      {
        file: 'append/append.ts',
        is: '    const single = this.#singleFile(attempt, head);\n    const chunks',
        becomes:
          '    const single = this.#singleFile(attempt, head);\n    const leased = head.lease !== undefined;\n    const chunks',
      },
    ],
    scenario: scenario({
      name: 'old records, refused for a moment',
      records: 3,
      chunk: 1,
      old: [0, 1, 2],
      faults: { expiry: 2, transient: 1 },
    }),
    breaks: HARM,
  },
  {
    name: 'C12: a broker behind HEAD is taken for level',
    patches: [
      {
        file: 'append/settle.ts',
        is: "return distance > 0 ? 'ahead' : 'behind';",
        becomes: "return distance > 0 ? 'ahead' : 'level';",
      },
    ],
    scenario: scenario({
      name: 'a marker that comes again after the broker forgot',
      environments: 1,
      records: 4,
      absent: [1],
      old: [0, 2, 3],
      chunk: 1,
      deliveries: 3,
      faults: { expiry: 1, markerAgain: 1 },
    }),
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
    name: 'B: writes of HEAD that ask for no version',
    flaws: { unconditionalWrites: true, unchecked: 'B' },
    scenario: scenario({
      name: 'two deliveries of a compacted topic',
      records: 3,
      bornAt: 3,
      settings: { initialGrant: 'closed' },
      faults: { compaction: 1 },
    }),
    breaks: HARM,
  },
  {
    name: 'the first lease does not wait for what was sent without one',
    patches: [
      {
        file: 'append/lease.ts',
        is: 'const until = attempt.now + headMemoryMs + latenessBoundMs;',
        becomes: 'const until = attempt.now + 0 * (headMemoryMs + latenessBoundMs);',
      },
      {
        file: 'append/lease.ts',
        is: '    if (await attempt.writeHead(head, { ...head, lease: { holder: NOBODY, until } })) {\n      throw',
        becomes:
          '    if (!(await attempt.writeHead(head, { ...head, lease: { holder: NOBODY, until } }))) {\n      throw',
      },
    ],
    scenario: scenario({ name: 'one old record', records: 2, bornAt: 3, chunk: 1, old: [1], faults: { expiry: 1 } }),
    breaks: HARM,
  },
  {
    name: 'a HEAD from memory is used to the end of the invocation',
    firstSeed: 149_000,
    patches: [{ file: 'append/append.ts', is: 'deadline: attempt.lastSend,', becomes: 'deadline: attempt.lastStart,' }],
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
        is: "if (compareToBroker(next.head, known) === 'ahead') {",
        becomes: 'if (compareToBroker(next.head, known) === undefined) {',
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
    name: 'the source is not asked whether it was cut back',
    patches: [
      {
        file: 'append/source-check.ts',
        is: 'if (end !== undefined && end < head.nextSource) return followCut',
        becomes: 'if (end !== undefined && end < 0) return followCut',
      },
    ],
    scenario: scenario({ name: 'a source cut back', records: 3, bornAt: 3, deliveries: 3, faults: { cutBack: 1 } }),
    breaks: HARM,
  },
  {
    name: 'a source leader change under an open grant is not fenced',
    patches: [
      {
        file: 'append/source-check.ts',
        is: "if (crosses) return takeOver(attempt, head, 'source-leader-changed');",
        becomes: 'void crosses;',
      },
    ],
    scenario: scenario({
      name: 'a source cut back',
      records: 3,
      bornAt: 3,
      deliveries: 3,
      faults: { cutBack: 1, crash: 1 },
    }),
    breaks: HARM,
  },
  {
    name: 'a delivery read before the cut is not compared with the source',
    patches: [
      {
        file: 'append/source-check.ts',
        is: 'if (!last || last.offset < from || (await attempt.ask(source.holds([last])))) return;',
        becomes: 'if (!last || source) return;',
      },
    ],
    scenario: scenario({ name: 'a source cut back', records: 3, deliveries: 3, faults: { cutBack: 1, stale: 1 } }),
    breaks: HARM,
  },
  {
    name: 'where HEAD was anchored is forgotten',
    patches: [
      {
        file: 'offsets/replay.ts',
        is: 'return head.replay !== undefined && head.nextSource < head.replay.until;',
        becomes: 'return head.replay !== undefined && head.nextSource < 0;',
      },
    ],
    scenario: staying,
    breaks: HARM,
  },
  {
    name: 'the anchor is forgotten with the first record that is copied after it',
    patches: [
      {
        file: 'offsets/replay.ts',
        is: '  const until = isReplaying(head) ? head.replay.until : head.nextSource;\n',
        becomes: '  const until = (nextSource + 1) as typeof nextSource;\n',
      },
    ],
    scenario: staying,
    breaks: HARM,
  },
  {
    name: 'records left out at the end of a delivery do not move HEAD',
    patches: [
      {
        file: 'append/attempt.ts',
        is: 'return passes ? { ...head, nextSource: sourceOffset(this.end) } : head;',
        becomes: 'return passes && head.version < 0 ? { ...head, nextSource: sourceOffset(this.end) } : head;',
      },
      {
        file: 'append/append.ts',
        is: '    if (attempt.end <= head.nextSource) {\n',
        becomes: '    if (todo.length === 0) {\n',
      },
    ],
    scenario: scenario({
      name: 'a source cut back, and records left out',
      records: 4,
      filtered: [2, 3],
      deliveries: 4,
      consumerStays: true,
      settings: { initialGrant: 'closed' },
      faults: { cutBack: 1 },
    }),
    breaks: HARM,
  },
  {
    name: 'a HEAD that somebody moved past an unnoticed cut is not checked again',
    firstSeed: 6_000,
    patches: [
      {
        file: 'append/source-check.ts',
        is: "return grant.kind !== 'closed' || nextSource > attempt.sourceCheckedTo;",
        becomes: "return grant.kind !== 'closed' || nextSource < 0;",
      },
    ],
    scenario: scenario({
      name: 'a source cut back between two invocations of a topic with holes',
      records: 4,
      deliveries: 3,
      chunk: 1,
      settings: { initialGrant: 'closed' },
      faults: { cutBack: 1 },
    }),
    breaks: HARM,
  },
  {
    name: 'the sequence after 2^31 - 1 is 2^31',
    patches: [{ file: 'offsets/sequence.ts', is: 'const SEQUENCES = 2 ** 31;', becomes: 'const SEQUENCES = 2 ** 32;' }],
    scenario: scenario({ name: 'sequences that wrap', records: 3, bornAt: 2 ** 31 - 1, faults: {} }),
    breaks: `${HARM}A`,
  },
  {
    name: 'a hole in an open grant is sent over',
    patches: [
      {
        file: 'append/append.ts',
        is: 'while (todo[dense]?.offset === head.nextSource + dense) {',
        becomes: 'while (dense < todo.length) {',
      },
    ],
    scenario: scenario({ name: 'a hole', records: 3, bornAt: 3, faults: { compaction: 1 } }),
    breaks: HARM,
  },
  {
    name: 'an old leader epoch of the source is written over a newer one',
    patches: [
      {
        file: 'append/source-check.ts',
        is: '  if (sourceLeaderEpoch > attempt.sourceLeaderEpoch) return true;\n',
        becomes: '  if (sourceLeaderEpoch > attempt.sourceLeaderEpoch) return false;\n',
      },
    ],
    scenario: scenario({
      name: 'a source cut back',
      records: 3,
      bornAt: 3,
      deliveries: 4,
      chunk: 1,
      faults: { cutBack: 1 },
    }),
    breaks: HARM,
  },
];
