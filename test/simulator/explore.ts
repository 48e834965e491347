import { ReplayedChoices, SeededChoices } from './choices.ts';
import type { Scenario } from './scenario.ts';
import { runSchedule, type ScheduleOptions } from './schedule.ts';

export interface Finding {
  readonly scenario: Scenario;
  /** The answers that lead there, for {@link replay}. */
  readonly taken: readonly number[];
  readonly seed: number | undefined;
  readonly steps: number;
  readonly message: string;
  readonly letter: string;
}

export interface Exploration {
  readonly schedules: number;
  readonly distinct: number;
  readonly steps: number;
  readonly takeOvers: number;
  /** Every schedule of the scenario was run. */
  readonly complete: boolean;
  readonly finding: Finding | undefined;
}

interface Limits extends ScheduleOptions {
  readonly most: number;
  readonly firstSeed?: number;
  /** Called with every schedule's fingerprint; otherwise they are counted here. */
  readonly seen?: Set<number>;
}

/** Schedules by chance: seeds from `firstSeed` on, until one breaks an invariant. */
export async function exploreBySeed(scenario: Scenario, limits: Limits): Promise<Exploration> {
  const seen = limits.seen ?? new Set<number>();
  const before = seen.size;
  const firstSeed = limits.firstSeed ?? 0;
  let [steps, takeOvers] = [0, 0];
  for (let i = 0; i < limits.most; i++) {
    const choices = new SeededChoices(firstSeed + i);
    const result = await runSchedule(scenario, choices, limits);
    seen.add(result.fingerprint);
    steps += result.steps;
    takeOvers += result.takeOvers;
    if (!result.violation) continue;
    const { message, letter } = result.violation;
    const finding = { scenario, taken: choices.taken, seed: firstSeed + i, steps: result.steps, message, letter };
    return { schedules: i + 1, distinct: seen.size - before, steps, takeOvers, complete: false, finding };
  }
  return {
    schedules: limits.most,
    distinct: seen.size - before,
    steps,
    takeOvers,
    complete: false,
    finding: undefined,
  };
}

/** Every schedule, depth first, until `most` of them were run. */
export async function exploreAll(scenario: Scenario, limits: Limits): Promise<Exploration> {
  let prefix: number[] | undefined = [];
  let [schedules, steps, takeOvers] = [0, 0, 0];
  while (prefix && schedules < limits.most) {
    const choices: ReplayedChoices = new ReplayedChoices(prefix);
    const result = await runSchedule(scenario, choices, limits);
    limits.seen?.add(result.fingerprint);
    schedules++;
    steps += result.steps;
    takeOvers += result.takeOvers;
    if (result.violation) {
      const { message, letter } = result.violation;
      const finding = { scenario, taken: choices.taken, seed: undefined, steps: result.steps, message, letter };
      return { schedules, distinct: schedules, steps, takeOvers, complete: false, finding };
    }
    prefix = choices.following();
  }
  return { schedules, distinct: schedules, steps, takeOvers, complete: prefix === undefined, finding: undefined };
}

/** What happened in one schedule, line by line. */
export async function replay(
  scenario: Scenario,
  taken: readonly number[],
  options: ScheduleOptions = {},
): Promise<string[]> {
  const trace: string[] = [];
  await runSchedule(scenario, new ReplayedChoices(taken), { ...options, trace });
  return trace;
}
