import { until } from '../region/until.ts';

/** How long nothing may come before the demo gives up. */
const STALLED_MS = 60_000;

/** Waits for a count of records, for as long as it grows. @throws Error once it has stayed as it is for too long */
export async function reaches(count: () => number, wanted: number, done: string): Promise<void> {
  let [seen, seenAt] = [count(), performance.now()];
  const isThere = async () => {
    if (count() !== seen) [seen, seenAt] = [count(), performance.now()];
    return seen >= wanted || performance.now() - seenAt > STALLED_MS;
  };
  const stalled = () => new Error(`${seen} of ${wanted} records were ${done}, and no more for ${STALLED_MS / 1_000} s`);
  await until(isThere, 10 * STALLED_MS, stalled);
  if (seen < wanted) throw stalled();
}
