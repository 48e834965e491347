import type { RunbookPorts } from '../ports/ports.ts';
import { Ways } from './ways.ts';

/** What both flows copy. @param emergency the flow that comes back may be away, and is done without */
export async function readWays(
  { forward, backward }: Pick<RunbookPorts, 'forward' | 'backward'>,
  emergency: boolean,
): Promise<Ways> {
  const [forwardTopics, backwardTopics] = await Promise.all([
    forward.topics(),
    backward && orAway(backward.topics(), emergency),
  ]);
  return new Ways(
    { flow: forward.flow, topics: forwardTopics },
    backward && backwardTopics && { flow: backward.flow, topics: backwardTopics },
  );
}

/** In an emergency what stands in the other region is done without. */
export async function orAway<T>(reading: Promise<T>, emergency: boolean): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!emergency || !(error instanceof Error)) throw error;
    return undefined;
  }
}
