import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage } from '../stage.ts';
import { passed } from './outcome.ts';

/** Writes down what the journal has of the run. */
export const report: Stage<Pick<RunbookPorts, 'journal' | 'reports'>> = async (run, { journal, reports }) => {
  const records = await journal.run(run.generation);
  if (run.dryRun) return passed(`a report of ${records.length} stages would be written`);
  const location = await reports.write(run, records);
  return passed(`written to ${location}`, { location, stages: records.length });
};
