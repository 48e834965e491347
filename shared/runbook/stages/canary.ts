import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage } from '../stage.ts';
import { passed } from './outcome.ts';

/** A record goes in and comes out where applications are now. */
export const canary: Stage<Pick<RunbookPorts, 'to'>> = async (run, { to }) => {
  if (run.dryRun) return passed('a record would be written and read back');
  const trip = await to.cluster.roundTrip(`canary of ${run.execution}`);
  return passed(`offset ${trip.offset} of ${trip.topic} was read back after ${trip.readAfterMs} ms`, { ...trip });
};
