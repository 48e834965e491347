import { parseArgs } from 'node:util';
import { faultLines, figuresByKind, figuresOf, tableOf } from '../test/integration/exactly-once/report.ts';
import { runSchedules } from '../test/integration/exactly-once/run.ts';
import { World } from '../test/integration/exactly-once/world.ts';

/**
 * Randomised schedules of redelivery, crashes and mishaps on real brokers, each judged record for record.
 * `--seed N --schedules 1` is one schedule again.
 *
 * @returns whether nothing was lost, duplicated, reordered or mistranslated
 */
export async function exactlyOnceBench(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      schedules: { type: 'string', default: '500' },
      seed: { type: 'string', default: '0' },
      step: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  const [schedules, seed, step] = [values.schedules, values.seed, values.step].map(wholeNumber);
  if (schedules === undefined || seed === undefined || step === undefined) throw new RangeError('numbers expected');
  const seeds = Array.from({ length: schedules }, (_, i) => seed + i * step);
  const startedAt = performance.now();
  await using world = await World.start();
  const secondsSince = () => Math.round((performance.now() - startedAt) / 1000);
  const progress = (line: string) => values.json || console.log(`${String(secondsSince()).padStart(4)} s  ${line}`);
  const verdicts = await runSchedules(world, { seeds, name: 'bench', progress });
  const faults = faultLines(verdicts);
  if (values.json) {
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

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a whole number: ${text}`);
  return value;
}
