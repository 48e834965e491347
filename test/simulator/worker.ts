import { parentPort, workerData } from 'node:worker_threads';
import { exploreAll, exploreBySeed } from './explore.ts';
import { exhaustive } from './scenarios/exhaustive.ts';
import { scenarios } from './scenarios.ts';

/** What one worker is asked to do: its share of every scenario. */
export interface Share {
  readonly worker: number;
  readonly workers: number;
  readonly seedsPerScenario: number;
  readonly firstSeed: number;
}

export interface ScenarioFigures {
  readonly name: string;
  readonly schedules: number;
  readonly steps: number;
  readonly takeOvers: number;
  readonly complete: boolean;
  readonly finding:
    | { readonly message: string; readonly seed: number | undefined; readonly taken: readonly number[] }
    | undefined;
  /** One for each schedule, to count those that differ across workers. */
  readonly fingerprints: Float64Array;
}

// A stack trace for each simulated failure would take longer than the schedule.
Error.stackTraceLimit = 0;

async function work({ worker, workers, seedsPerScenario, firstSeed }: Share): Promise<void> {
  for (const [i, scenario] of exhaustive.entries()) {
    if (i % workers !== worker) continue;
    const seen = new Set<number>();
    const { schedules, steps, takeOvers, complete, finding } = await exploreAll(scenario, {
      most: 3 * seedsPerScenario,
      seen,
    });
    post({
      name: scenario.name,
      schedules,
      steps,
      takeOvers,
      complete,
      finding,
      fingerprints: Float64Array.from(seen),
    });
  }
  const each = Math.ceil(seedsPerScenario / workers);
  for (const scenario of scenarios) {
    const seen = new Set<number>();
    const { schedules, steps, takeOvers, finding } = await exploreBySeed(scenario, {
      most: each,
      firstSeed: firstSeed + worker * each,
      seen,
    });
    const fingerprints = Float64Array.from(seen);
    post({ name: scenario.name, schedules, steps, takeOvers, complete: false, finding, fingerprints });
  }
}

function post(figures: ScenarioFigures): void {
  parentPort?.postMessage(figures, [figures.fingerprints.buffer as ArrayBuffer]);
}

await work(workerData);
