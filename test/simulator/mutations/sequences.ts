import { scenario } from '../scenario.ts';
import { HARM, type Mutation } from './mutation.ts';

/** What goes wrong when a sequence may come to mean another record, or HEAD another log. */
export const sequenceBreaks: readonly Mutation[] = [
  {
    name: 'C1, C2: a hole ends the open grant without a take-over',
    patches: [
      {
        file: 'append/under-grant.ts',
        is: '    await takeOver(attempt, head, cause);\n',
        becomes:
          '    void cause;\n    await attempt.writeHead(head, { ...head, sparse: true, grant: { kind: "closed" } });\n',
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
        file: 'append/under-grant.ts',
        is: "    await takeOver(attempt, head, intended ? 'record-set-aside' : 'intent-not-held');\n",
        becomes: '    await attempt.writeHead(head, { ...head, grant: { kind: "closed" } });\n',
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
    name: 'the sequence after 2^31 - 1 is 2^31',
    patches: [{ file: 'offsets/sequence.ts', is: 'const SEQUENCES = 2 ** 31;', becomes: 'const SEQUENCES = 2 ** 32;' }],
    scenario: scenario({ name: 'sequences that wrap', records: 3, bornAt: 2 ** 31 - 1, faults: {} }),
    breaks: `${HARM}A`,
  },
  {
    name: 'a hole in an open grant is sent over',
    patches: [
      {
        file: 'append/under-grant.ts',
        is: 'while (todo[dense]?.offset === head.nextSource + dense) {',
        becomes: 'while (dense < todo.length) {',
      },
    ],
    scenario: scenario({ name: 'a hole', records: 3, bornAt: 3, faults: { compaction: 1 } }),
    breaks: HARM,
  },
];
