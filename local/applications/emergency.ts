import { performance } from 'node:perf_hooks';
import type { Regions } from '../region/regions.ts';
import { until } from '../region/until.ts';
import type { Applications } from './applications.ts';

/** A region that is lost: every broker of it is killed at once (SIGKILL), whatever they have under way. */
export interface LostRegion {
  readonly alias: string;
  /** When the first broker was killed, by `performance.now()`. */
  readonly since: number;
  /** When none was left, ms since the epoch: whatever is acknowledged later is so by another cluster. */
  readonly goneAt: number;
}

/** How long applications were without a cluster, ms from the loss of theirs. */
export interface Resumed {
  /** Until a record was acknowledged again. */
  readonly writingMs: number;
  /** By group, until it read a record on the other cluster. */
  readonly readingMs: ReadonlyMap<string, number>;
}

/** Acknowledgements that brokers sent before they were killed are read by then. */
const UNDER_WAY_MS = 1_000;

export async function loseRegion(regions: Regions, alias: string): Promise<LostRegion> {
  const since = performance.now();
  await Promise.all(brokersOf(regions, alias).map(({ id }) => regions.killBroker(alias, id)));
  return { alias, since, goneAt: Date.now() };
}

/** The brokers come back with the data that they had. */
export async function returnRegion(regions: Regions, alias: string): Promise<void> {
  await Promise.all(brokersOf(regions, alias).map(({ id }) => regions.startBroker(alias, id)));
}

/** Waits for the applications to write and read on the cluster that they are moved to. @throws Error when they do not in time */
export async function whenResumed(
  { writers, readers }: Applications,
  { since, goneAt, alias }: LostRegion,
  { to, timeoutMs }: { readonly to: string; readonly timeoutMs: number },
): Promise<Resumed> {
  const before = new Map(readers.map(({ group, read }) => [group, read.get(to) ?? 0]));
  const after = async (who: string, condition: () => boolean) => {
    await until(
      async () => condition(),
      timeoutMs,
      () => new Error(`${who} did not go on at ${to} within ${timeoutMs / 1_000} s of the loss of ${alias}`),
    );
    return performance.now() - since;
  };
  const reading = Promise.all(
    readers.map(async ({ group, read }) => {
      const ms = await after(group, () => (read.get(to) ?? 0) > (before.get(group) ?? 0));
      return [group, ms] as const;
    }),
  );
  const writing = after('writers', () => writers.lastAt > goneAt + UNDER_WAY_MS);
  return { writingMs: await writing, readingMs: new Map(await reading) };
}

function brokersOf({ address }: Regions, alias: string) {
  const cluster = address.clusters.find((each) => each.alias === alias);
  if (cluster === undefined) throw new Error(`${alias} is none of these regions`);
  return cluster.brokers;
}
