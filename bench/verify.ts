import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { runningRegions } from '../local/region/external.ts';
import { startRegions } from '../local/region/regions.ts';
import { projectRoot } from '../local/setup/project.ts';
import { step } from '../local/setup/steps.mjs';
import { inTemporaryFolder } from '../local/setup/temporary-folder.ts';
import { difference, tally } from '../shared/verify/difference.ts';
import type { BenchArguments } from './arguments.ts';
import { type Planted, VerifyScene } from './verify-scene.ts';

const MOST_MB = 300;

/** Of `causeway verify --json`. */
const answer = z.object({
  flows: z.tuple([
    z.object({
      report: z.object({
        verdict: z.string(),
        records: tally,
        partitions: z.array(z.object({ partition: z.number(), differences: z.array(difference) })),
      }),
    }),
  ]),
});
type Report = z.infer<typeof answer>['flows'][0]['report'];

/** Each process of the command notes on its end how much memory it had at most, KB. */
const noteMemory = (path: string) =>
  `import{appendFileSync}from'node:fs';process.on('exit',()=>appendFileSync(${JSON.stringify(path)},process.resourceUsage().maxRSS+'\\n'))`;

/** @returns whether each planted fault was found, nothing else was, and memory stayed within its bar */
export async function verifyBench(args: BenchArguments): Promise<boolean> {
  const scale = {
    records: args.whole('records', 4_000),
    valueBytes: args.whole('size', 16),
    seed: args.whole('seed', 0),
  };
  const running = runningRegions(process.env);
  await using started = running ? undefined : await startRegions();
  const address = running ?? started?.address;
  if (address === undefined) throw new Error('no regions');
  const scene = new VerifyScene(address, scale);
  await step(`${scale.records} records of ${scale.valueBytes} bytes on both clusters`, () => scene.set());
  const found = await inTemporaryFolder(join(tmpdir(), 'causeway-verify-'), (folder) =>
    step('causeway verify', () =>
      verify(folder, ['--config', scene.writeConfiguration(folder), '--prefix', scene.prefix, '--json']),
    ),
  );
  const faults = scene.planted.map((planted) => ({ ...planted, found: isFound(found.report, planted) }));
  const isExact = isNothingElse(found.report) && faults.every((fault) => fault.found);
  const isWithin = found.comparingMb <= MOST_MB;
  const perSecond = Math.round((scale.records * 1_000) / found.ms);
  if (args.flag('json')) {
    console.log(JSON.stringify({ bench: 'verify', ...scale, ...found, perSecond, faults, isExact, isWithin }));
  } else {
    const lines = faults.map((each) => `${each.found ? 'found' : 'NOT found'}: ${describe(each)}`);
    const { same } = found.report.records;
    console.log(
      `\n${lines.join('\n')}\n\n${same} records the same; nothing else found: ${isNothingElse(found.report)}`,
    );
    console.log(`${(found.ms / 1_000).toFixed(1)} s, ${perSecond} records/s (both logs)`);
    console.log(`${found.comparingMb} MB at most, and ${found.startingMb} MB of the process that started it`);
  }
  return isExact && isWithin;
}

async function verify(folder: string, words: readonly string[]) {
  const memory = join(folder, 'memory');
  const began = performance.now();
  const child = spawn(process.execPath, [join(projectRoot, 'bin', 'causeway.mjs'), 'verify', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(noteMemory(memory))}` },
  });
  const [chunks] = await Promise.all([Array.fromAsync<Buffer>(child.stdout), once(child, 'close')]);
  const ms = Math.round(performance.now() - began);
  const mostKb = readFileSync(memory, 'utf8').trim().split('\n').map(Number);
  const { flows } = answer.parse(JSON.parse(Buffer.concat(chunks).toString()));
  // The command starts a process that compares, and waits for it.
  const [starting = 0, comparing = 0] = mostKb.toSorted((a, b) => a - b).map((kb) => Math.round(kb / 1_024));
  return { ms, comparingMb: Math.max(starting, comparing), startingMb: starting, report: flows[0].report };
}

function isFound({ partitions }: Report, { fault, partition, source }: Planted): boolean {
  const differences = partitions.find((each) => each.partition === partition)?.differences ?? [];
  return differences.some((each) => {
    if (each.kind !== fault) return false;
    if (each.kind === 'reordered') return each.sources.includes(source);
    return each.kind === 'extra' ? each.target === source : each.source === source;
  });
}

function isNothingElse({ records }: Report): boolean {
  const { changed, missing, extra, reordered } = records;
  return changed === 1 && missing === 1 && extra === 1 && reordered === 2;
}

function describe({ fault, partition, source }: Planted): string {
  const what = {
    changed: 'one bit flipped in the record of',
    missing: 'no record of',
    extra: 'a record that is none of the source’s before that of',
    reordered: 'in the place of its neighbour, the record of',
  }[fault];
  return `${what} source offset ${source} of partition ${partition}`;
}
