import { scenario } from '../scenario.ts';
import { HARM, type Mutation } from './mutation.ts';

const staying = scenario({
  name: 'a source cut back, and a consumer that goes on where it stood',
  records: 4,
  bornAt: 3,
  deliveries: 5,
  consumerStays: true,
  faults: { cutBack: 1, stale: 1 },
});

/** What goes wrong when the source loses the end of its log. */
export const sourceBreaks: readonly Mutation[] = [
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
        becomes: '    if (attempt.remaining(head).length === 0) {\n',
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
