import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage } from '../stage.ts';
import { listed } from './errors.ts';
import { passed, waiting } from './outcome.ts';
import { partitionsOf } from './partitions.ts';
import { poll } from './poll.ts';
import { describeRemaining, remaining } from './remaining.ts';

/** Waits until every record of every partition is in the target. */
export const drain: Stage<Pick<RunbookPorts, 'from' | 'forward' | 'clock'>> = (run, ports, time) =>
  poll(ports.clock, time, async () => {
    const partitions = await partitionsOf(ports.forward);
    const left = await remaining(ports, partitions);
    const offsets = left.reduce((sum, each) => sum + each.offsets, 0);
    const evidence = { partitions: partitions.length, left, offsets };
    if (left.length === 0) return passed(`lag 0 in all of ${partitions.length} partitions`, evidence);
    const says = `${left.length} of ${partitions.length} partitions are not in the target: ${listed(left.map(describeRemaining))}`;
    return run.dryRun ? passed(`would wait for them: ${says}`, evidence) : waiting(says, evidence);
  });
