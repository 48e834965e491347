import { setTimeout as wait } from 'node:timers/promises';
import { runningRegions } from '../local/region/external.ts';
import { startRegions } from '../local/region/regions.ts';
import { step } from '../local/setup/steps.mjs';
import { assess } from '../shared/status/assess.ts';
import type { StatusPorts } from '../shared/status/ports.ts';
import { readFlow } from '../shared/status/read-flow.ts';
import type { BenchArguments } from './arguments.ts';
import { LagScene, type Truth } from './lag-scene.ts';
import { table } from './table.ts';

const EVERY_MS = 250;
const REST_MS = 60_000;
/** What is told may be so much off while records move; at rest nothing. */
const MOST_OFF = 0.01;
const MOST_SECONDS_OFF = 1;
const NO_LIMITS = { records: Number.POSITIVE_INFINITY, seconds: Number.POSITIVE_INFINITY };

const PHASES = ['load', 'pause', 'catch-up', 'rest'] as const;
type Phase = (typeof PHASES)[number];

interface Sample {
  readonly phase: Phase;
  readonly records: number;
  readonly seconds: number;
  /** Between the two countings, before and after. */
  readonly truth: { readonly records: Between; readonly seconds: Between };
}

interface Between {
  readonly least: number;
  readonly most: number;
}

interface PhaseFigures {
  readonly phase: Phase;
  readonly samples: number;
  readonly mostRecords: number;
  /** Between what was counted before and after, at most: so exactly is known what it was in between. */
  readonly apart: number;
  /** What is told beyond what was counted before and after it, at most. */
  readonly recordsOff: number;
  /** The same, of what there is. */
  readonly shareOff: number;
  readonly secondsOff: number;
}

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
  const samples: Sample[] = [];
  const measure = (phase: Phase, forMs: number) =>
    step(`${phase}: measured`, () => sampled(scene, phase, forMs, samples));
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
  const figures = PHASES.map((phase) => figuresOf(phase, samples));
  const within = figures.every(isWithin);
  if (args.flag('json')) console.log(JSON.stringify({ bench: 'lag', rate, figures, within }));
  else
    console.log(`\n${describe(figures)}\n\n${within ? 'within' : 'NOT within'} 1 % of records and 1 s; at rest exact`);
  return within;
}

async function sampled(scene: LagScene, phase: Phase, forMs: number, into: Sample[]): Promise<void> {
  const ports = scene.flow.statusPorts();
  for (const until = performance.now() + forMs; performance.now() < until; await wait(EVERY_MS))
    into.push(await sample(scene, ports, phase));
}

async function sample(scene: LagScene, ports: StatusPorts, phase: Phase): Promise<Sample> {
  const before = await scene.count();
  const facts = await readFlow(ports, { watches: false });
  const after = await scene.count();
  const { records, seconds } = assess(facts, NO_LIMITS, facts.readAt);
  if (records === undefined || seconds === undefined) throw new Error(`the lag is not known: ${JSON.stringify(facts)}`);
  const told = { phase, records, seconds };
  return {
    ...told,
    truth: { records: recordsBetween(before, after), seconds: scene.ages(before, after, facts.readAt) },
  };
}

/** Logs only grow: what was missing in between lies between these two. */
function recordsBetween(before: Truth, after: Truth): Between {
  const sum = (source: Truth, target: Truth) =>
    source.source.reduce((total, end, partition) => total + Math.max(0, end - (target.target[partition] ?? 0)), 0);
  return { least: sum(before, after), most: sum(after, before) };
}

function figuresOf(phase: Phase, samples: readonly Sample[]): PhaseFigures {
  const own = samples.filter((each) => each.phase === phase);
  const off = own.map(({ records, truth }) => beyond(records, truth.records));
  const shares = own.map(({ truth }, i) => (off[i] ?? 0) / Math.max(1, truth.records.most));
  return {
    phase,
    samples: own.length,
    mostRecords: Math.max(...own.map(({ records }) => records)),
    apart: Math.max(...own.map(({ truth }) => truth.records.most - truth.records.least)),
    recordsOff: Math.max(...off),
    shareOff: Math.max(...shares),
    secondsOff: Math.max(...own.map(({ seconds, truth }) => beyond(seconds, truth.seconds))),
  };
}

function beyond(told: number, { least, most }: Between): number {
  return Math.max(0, least - told, told - most);
}

function isWithin({ phase, recordsOff, shareOff, secondsOff }: PhaseFigures): boolean {
  return (phase === 'rest' ? recordsOff === 0 : shareOff <= MOST_OFF) && secondsOff <= MOST_SECONDS_OFF;
}

function describe(figures: readonly PhaseFigures[]): string {
  const rows = figures.map(({ phase, samples, mostRecords, apart, recordsOff, shareOff, secondsOff }) => [
    phase,
    ...[samples, mostRecords, apart, recordsOff].map(String),
    `${(shareOff * 100).toFixed(2)} %`,
    secondsOff.toFixed(2),
  ]);
  return table(['', 'samples', 'most behind', 'countings apart', 'records off', 'of them', 'seconds off'], rows).join(
    '\n',
  );
}
