import { CausewayError } from '../flow/errors.ts';
import { isTold, type Untold } from '../groups/committed-offsets.ts';
import type { PartitionLog } from '../groups/ports.ts';
import type { Newest } from './facts.ts';
import type { StatusPorts } from './ports.ts';

/** The last entries may be markers of a take-over, one after the other at the most. */
const ENTRIES_BACK = [1, 2];

export const OFF = (property: string): Newest => ({ state: 'none', because: `${property} is false` });

/** When the newest record of a topic with one partition on the target was written. */
export async function newestOf(
  ports: Pick<StatusPorts, 'recordTime'>,
  topic: string,
  log: PartitionLog<number> | Untold | undefined,
): Promise<Newest> {
  if (log === undefined) return { state: 'unknown', because: `${topic} was not told of` };
  if (!isTold(log)) {
    if (log.code === 'UNKNOWN_TOPIC_OR_PARTITION') return { state: 'none', because: `there is no topic ${topic}` };
    return { state: 'unknown', because: `${topic}: ${log.code}` };
  }
  if (log.logEnd === log.logStart) return { state: 'none', because: `${topic} is empty` };
  try {
    for (const back of ENTRIES_BACK) {
      const offset = Math.max(log.logStart, log.logEnd - back);
      const at = await ports.recordTime({ topic, partition: 0, offset, end: log.logEnd });
      if (at !== undefined) return { state: 'written', at };
    }
    return { state: 'unknown', because: `the last entries of ${topic} are no records` };
  } catch (error) {
    if (!(error instanceof CausewayError)) throw error;
    return { state: 'unknown', because: `${topic} could not be read: ${error.code}, ${error.message}` };
  }
}
