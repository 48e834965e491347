import { scenario } from '../scenario.ts';
import { HARM, type Mutation } from './mutation.ts';

const losing = scenario({
  name: 'a target that loses the end of its log',
  bornAt: 3,
  records: 4,
  deliveries: 5,
  faults: { loseEnd: 1, crash: 1, connection: 1 },
});

/** What goes wrong when the target loses records that it had acknowledged. */
export const targetBreaks: readonly Mutation[] = [
  {
    name: 'a marker in the place of a lost record hides the loss',
    patches: [
      {
        file: 'append/take-over.ts',
        is: '      const certain = await firmFooting(attempt, head);\n',
        becomes: '      const certain = batches ? footing : await firmFooting(attempt, head);\n',
      },
    ],
    scenario: losing,
    breaks: HARM,
  },
  {
    name: 'lost records are in the ledger, and not copied again',
    patches: [
      {
        file: 'append/target-cut.ts',
        is: 'return { head: { ...head, nextSource, replay }, closed, ledger: [entry], ...cut };',
        becomes:
          'return { head: { ...head, ...(replay && nextSource < 0 ? { replay } : { nextSource: before.nextSource }) }, closed, ledger: [entry], ...cut };',
      },
    ],
    scenario: losing,
    breaks: HARM,
  },
  {
    name: 'the map keeps what the target lost',
    patches: [
      {
        file: 'append/target-cut.ts',
        is: '      openRun: cutRunAt(head.openRun, from),\n',
        becomes: '      openRun: cutRunAt(head.openRun, head.nextTarget),\n',
      },
    ],
    scenario: losing,
    breaks: HARM,
  },
  {
    name: 'a group that stands past what the target lost is not stopped',
    patches: [
      {
        file: 'append/replay.ts',
        is: '  if (await attempt.ask(source.hasRecords(',
        becomes: "  if (head.replay?.cause !== 'target-cut-back' && await attempt.ask(source.hasRecords(",
      },
    ],
    scenario: losing,
    breaks: HARM,
  },
];
