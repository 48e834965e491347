import { faultLines, figuresByKind, figuresOf, tableOf } from '../test/integration/exactly-once/report.ts';
import { runSchedules } from '../test/integration/exactly-once/run.ts';
import { World } from '../test/integration/exactly-once/world.ts';
import type { BenchArguments } from './arguments.ts';

/**
 * Randomised schedules of redelivery, crashes and mishaps on real brokers, each judged record for record.
 * `--seed N --schedules 1` is one schedule again.
 *
 * @returns whether nothing was lost, duplicated, reordered or mistranslated
 */
export async function exactlyOnceBench(args: BenchArguments): Promise<boolean> {
  const [schedules, seed, step] = [args.whole('schedules', 1), args.whole('seed', 0), args.whole('step', 0)];
  const json = args.flag('json');
  const seeds = Array.from({ length: schedules }, (_, i) => seed + i * step);
  const startedAt = performance.now();
  await using world = await World.start();
  const secondsSince = () => Math.round((performance.now() - startedAt) / 1000);
  const progress = (line: string) => json || console.log(`${String(secondsSince()).padStart(4)} s  ${line}`);
  const verdicts = await runSchedules(world, { seeds, name: 'bench', progress });
  const faults = faultLines(verdicts);
  if (json) {
    const figures = { all: figuresOf('all', verdicts), kinds: figuresByKind(verdicts) };
    console.log(
      JSON.stringify({
        bench: 'exactly-once',
        seeds: [seeds[0], seeds.at(-1)],
        seconds: secondsSince(),
        ...figures,
        faults,
      }),
    );
  } else {
    console.log(`\nseeds ${seeds[0]} to ${seeds.at(-1)}, ${secondsSince()} s\n\n${tableOf(verdicts)}\n`);
    for (const line of faults) console.log(line);
    console.log(faults.length === 0 ? 'Every log equals its source, every offset translates.' : 'NOT exactly once.');
  }
  return faults.length === 0;
}
