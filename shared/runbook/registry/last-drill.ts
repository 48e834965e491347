import { RunbookKind } from '../runbook.ts';
import type { RunJournal } from './ports.ts';
import { RunOutcome } from './run-summary.ts';

/** Runs that are asked for at once. */
const PAGE = 100;

/** When the last drill ended that did what it was started for, ms since the epoch; undefined: none has. @throws what the journal throws */
export async function lastDrill(journal: Pick<RunJournal, 'runs'>): Promise<number | undefined> {
  let before: number | undefined;
  for (;;) {
    const runs = await journal.runs(PAGE, before);
    const drill = runs.find(({ kind, outcome }) => kind === RunbookKind.Drill && outcome === RunOutcome.Finished);
    if (drill !== undefined) return drill.endedAt;
    before = runs.at(-1)?.generation;
    if (before === undefined || runs.length < PAGE) return undefined;
  }
}
