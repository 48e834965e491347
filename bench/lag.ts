import { setTimeout as wait } from 'node:timers/promises';
import { runningRegions } from '../local/region/external.ts';
import { startRegions } from '../local/region/regions.ts';
import { step } from '../local/setup/steps.mjs';
import { assess } from '../shared/status/assess.ts';
import type { StatusPorts } from '../shared/status/ports.ts';
import { readFlow } from '../shared/status/read-flow.ts';
import type { BenchArguments } from './arguments.ts';
import { describeLag, type LagSample, lagFigures, type Phase } from './lag-figures.ts';
import { LagScene, type Truth } from './lag-scene.ts';

/** Between readings, and from the end of an append to the offset map. */
const EVERY_MS = 250;
const REST_MS = 60_000;
const NO_LIMITS = { records: Number.POSITIVE_INFINITY, seconds: Number.POSITIVE_INFINITY };

/**
 * What `causeway status` and the function `monitor` say of the lag, against what both logs hold: while a flow keeps up,
 * stands still, catches up, and at rest.
 * @returns whether it was within the bars
 */
export async function lagBench(args: BenchArguments): Promise<boolean> {
  const [rate, seconds] = [args.whole('rate', 1), args.whole('seconds', 2)];
  const running = runningRegions(process.env);
  await using started = running ? undefined : await startRegions();
  const address = running ?? started?.address;
  if (address === undefined) throw new Error('no regions');
  await using scene = await LagScene.set(address);
  const phases: { readonly phase: Phase; readonly readings: readonly Reading[]; readonly published: Reading }[] = [];
  const measure = (phase: Phase, forMs: number) =>
    step(`${phase}: measured`, async () => {
      const readings = await readFor(scene, forMs);
      phases.push({ phase, readings, published: await publishedBy(scene) });
    });
  const writing = scene.write(rate);
  const polling = await scene.flow.poll();
  await measure('load', seconds * 1_000);
  await polling.stop();
  await measure('pause', seconds * 1_000);
  const again = await scene.flow.poll();
  await measure('catch-up', seconds * 1_000);
  await writing.stop();
  await step('everything is replicated', () => scene.untilLevel(REST_MS));
  await measure('rest', 2_000);
  await again.stop();
  await scene.findMarkers();
  const figures = phases.map(({ phase, readings, published }) =>
    lagFigures(
      phase,
      readings.map((each) => heldAgainst(scene, each)),
      heldAgainst(scene, published),
    ),
  );
  const within = figures.every((each) => each.within);
  if (args.flag('json')) console.log(JSON.stringify({ bench: 'lag', rate, figures, within }));
  else console.log(`\n${describeLag(figures, within)}`);
  return within;
}

/** What was told, and both ends' logs before and after they were looked at for it. */
interface Reading {
  readonly records: number;
  readonly seconds: number;
  readonly before: Truth;
  readonly after: Truth;
  /** From the first question of the one counting to the last answer of the other. */
  readonly windowMs: number;
  /** When ages were reckoned, ms since the epoch, as far as that is known. */
  readonly at: readonly [earliest: number, latest: number];
}

async function readFor(scene: LagScene, forMs: number): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  for (const until = performance.now() + forMs; performance.now() < until; ) readings.push(await readOnce(scene));
  return readings;
}

/**
 * Counts when what is in the copy by then is in the offset map, too, before that is read; and again when the source's ends
 * are told: what is read later is no part of the lag.
 */
async function readOnce(scene: LagScene): Promise<Reading> {
  const ports = scene.flow.statusPorts();
  const began = performance.now();
  const before = await scene.count();
  await wait(EVERY_MS);
  let [after, ended]: [Truth | undefined, number] = [undefined, 0];
  const counting: StatusPorts = {
    ...ports,
    committedEnds: async (partitions) => {
      const ends = await ports.committedEnds(partitions);
      after = await scene.count();
      ended = performance.now();
      return ends;
    },
  };
  const facts = await readFlow(counting, { watches: false });
  const { records, seconds } = assess(facts, NO_LIMITS, facts.readAt);
  if (records === undefined || seconds === undefined || after === undefined)
    throw new Error(`the lag is not known: ${JSON.stringify(facts)}`);
  return { records, seconds, before, after, windowMs: ended - began, at: [facts.readAt, facts.readAt] };
}

/** One value, as CloudWatch gets it. */
async function publishedBy(scene: LagScene): Promise<Reading> {
  const began = Date.now();
  const before = await scene.count();
  await wait(EVERY_MS);
  const { records, seconds } = await scene.flow.publishedLag();
  const after = await scene.count();
  if (typeof records !== 'number' || typeof seconds !== 'number')
    throw new Error(`monitor publishes ${JSON.stringify({ records, seconds })}`);
  return { records, seconds, before, after, windowMs: Date.now() - began, at: [began, Date.now()] };
}

/** Logs only grow: what was missing in between lies between these two. */
function heldAgainst(
  scene: LagScene,
  { records, seconds, before, after, windowMs, at: [from, to] }: Reading,
): LagSample {
  const least = { source: before.source, target: after.target };
  const most = { source: after.source, target: before.target };
  return {
    ...{ records, seconds, windowMs },
    counted: { least: scene.missing(least), most: scene.missing(most) },
    aged: { least: scene.age(least, from), most: scene.age(most, to) },
  };
}
