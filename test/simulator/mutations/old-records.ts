import { scenario } from '../scenario.ts';
import { HARM, type Mutation } from './mutation.ts';

/** What goes wrong with records that are older than what a broker remembers of their producer. */
export const oldRecordBreaks: readonly Mutation[] = [
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
      {
        file: 'append/send-granted.ts',
        is: 'window: leased ? 1 : settings.window',
        becomes: 'window: settings.window',
      },
      {
        file: 'append/send-granted.ts',
        is: 'return single ? all.slice(0, 1) : all;',
        becomes: 'return single && !head.lease ? all.slice(0, 1) : all;',
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
];
