import { Worker } from 'node:worker_threads';
import type { ScenarioFigures, Share } from '../test/simulator/worker.ts';
import type { BenchArguments } from './arguments.ts';

interface Total {
  readonly name: string;
  distinct: number;
  schedules: number;
  steps: number;
  takeOvers: number;
  complete: boolean;
}

/** With as many of each scenario, `BAR` is to be reached. */
const ENOUGH_SEEDS = 50_000;
const BAR = 1_000_000;

/** The append protocol's real code under simulated schedules; fails when one breaks an invariant, or too few differ. */
export async function simulateBench(args: BenchArguments): Promise<boolean> {
  const [seedsPerScenario, firstSeed] = [args.whole('seeds', 1), args.whole('seed', 0)];
  const workers = args.whole('workers', 1);
  const began = performance.now();
  const figures = await Promise.all(
    Array.from({ length: workers }, (_, worker) => runWorker({ worker, workers, seedsPerScenario, firstSeed })),
  );
  const seconds = (performance.now() - began) / 1_000;
  const findings = figures.flat().flatMap(({ name, finding }) => (finding ? [{ name, ...finding }] : []));
  const totals = addUp(figures.flat());
  const distinct = totals.reduce((sum, each) => sum + each.distinct, 0);
  const steps = totals.reduce((sum, each) => sum + each.steps, 0);
  if (args.flag('json'))
    console.log(JSON.stringify({ distinct, steps, seconds, workers, findings, scenarios: totals }));
  else print(totals, { distinct, steps, seconds, workers });
  for (const { name, message, seed, taken } of findings) {
    console.error(
      `BROKEN in "${name}"${seed === undefined ? '' : `, seed ${seed}`}: ${message}\n  choices ${taken.join(' ')}`,
    );
  }
  return findings.length === 0 && (distinct >= BAR || seedsPerScenario < ENOUGH_SEEDS);
}

function runWorker(share: Share): Promise<ScenarioFigures[]> {
  return new Promise((resolve, reject) => {
    const figures: ScenarioFigures[] = [];
    const worker = new Worker(new URL('../test/simulator/worker.ts', import.meta.url), { workerData: share });
    worker.on('message', (each: ScenarioFigures) => figures.push(each));
    worker.once('error', reject);
    worker.once('exit', (code) => (code === 0 ? resolve(figures) : reject(new Error(`a worker ended with ${code}`))));
  });
}

/** Schedules of one scenario that several workers ran are counted once. */
function addUp(figures: readonly ScenarioFigures[]): Total[] {
  const totals = new Map<string, { total: Total; seen: Set<number> }>();
  for (const { name, schedules, steps, takeOvers, complete, fingerprints } of figures) {
    const total = { name, distinct: 0, schedules: 0, steps: 0, takeOvers: 0, complete };
    const entry = totals.get(name) ?? { total, seen: new Set<number>() };
    totals.set(name, entry);
    for (const fingerprint of fingerprints) entry.seen.add(fingerprint);
    entry.total.distinct = entry.seen.size;
    entry.total.schedules += schedules;
    entry.total.steps += steps;
    entry.total.takeOvers += takeOvers;
  }
  return [...totals.values()].map(({ total }) => total);
}

function print(
  totals: readonly Total[],
  all: { distinct: number; steps: number; seconds: number; workers: number },
): void {
  for (const { name, distinct, schedules, steps, takeOvers, complete } of totals) {
    const each = `${(steps / schedules).toFixed(0)} steps, ${(takeOvers / schedules).toFixed(2)} take-overs each`;
    console.log(`${distinct.toLocaleString('en').padStart(9)}  ${name}${complete ? ' (all there are)' : ''}: ${each}`);
  }
  const rate = Math.round(totals.reduce((sum, { schedules }) => sum + schedules, 0) / all.seconds / all.workers);
  console.log(
    `${all.distinct.toLocaleString('en').padStart(9)}  distinct schedules, ${all.steps.toLocaleString('en')} steps in ` +
      `${all.seconds.toFixed(0)} s: ${rate.toLocaleString('en')} schedules a second and worker`,
  );
}
