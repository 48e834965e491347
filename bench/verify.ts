import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningRegions } from '../local/region/external.ts';
import { startRegions } from '../local/region/regions.ts';
import { step } from '../local/setup/steps.mjs';
import { inTemporaryFolder } from '../local/setup/temporary-folder.ts';
import type { BenchArguments } from './arguments.ts';
import { type Planted, VerifyScene } from './verify-scene.ts';
import { byCommand, bySchedule, type Compared } from './verify-ways.ts';

/** @returns whether each planted fault was found, nothing else was, and memory stayed within its bar */
export async function verifyBench(args: BenchArguments): Promise<boolean> {
  const scale = {
    records: args.whole('records', 4_000),
    valueBytes: args.whole('size', 16),
    seed: args.whole('seed', 0),
  };
  const by = args.choice('by', ['command', 'schedule']);
  const compare = { command: byCommand, schedule: bySchedule }[by];
  const running = runningRegions(process.env);
  await using started = running ? undefined : await startRegions();
  const address = running ?? started?.address;
  if (address === undefined) throw new Error('no regions');
  const scene = new VerifyScene(address, scale);
  await step(`${scale.records} records of ${scale.valueBytes} bytes on both clusters`, () => scene.set());
  const compared = await inTemporaryFolder(join(tmpdir(), 'causeway-verify-'), (folder) =>
    step({ command: 'causeway verify', schedule: 'the function verify, called twice' }[by], () =>
      compare(scene, folder),
    ),
  );
  const faults = scene.planted.map((planted) => ({ ...planted, found: isFound(compared, planted) }));
  const isExact = isNothingElse(compared) && faults.every((fault) => fault.found);
  const { memoryMb, mostMb } = compared;
  const allMb = memoryMb.reduce((sum, each) => sum + each, 0);
  const isWithin = allMb <= mostMb;
  const perSecond = Math.round((scale.records * 1_000) / compared.ms);
  if (args.flag('json')) {
    console.log(
      JSON.stringify({ bench: 'verify', by, ...scale, ...compared, allMb, perSecond, faults, isExact, isWithin }),
    );
  } else {
    const { ms, same } = compared;
    const lines = faults.map((each) => `${each.found ? 'found' : 'NOT found'}: ${describe(each)}`);
    console.log(`\n${lines.join('\n')}\n\n${same} records the same; nothing else found: ${isNothingElse(compared)}`);
    console.log(`${(ms / 1_000).toFixed(1)} s, ${perSecond} records/s (both logs)`);
    const each = memoryMb.length > 1 ? `: ${memoryMb.join(' and ')} MB of its ${memoryMb.length} processes` : '';
    console.log(`${allMb} MB at most, of ${mostMb}${each}`);
  }
  return isExact && isWithin;
}

function isFound({ partitions }: Compared, { fault, partition, source }: Planted): boolean {
  const differences = partitions.filter((each) => each.partition === partition).flatMap((each) => each.differences);
  return differences.some((each) => {
    if (each.kind !== fault) return false;
    if (each.kind === 'reordered') return each.sources.includes(source);
    return each.kind === 'extra' ? each.target === source : each.source === source;
  });
}

function isNothingElse({ found: { changed, missing, extra, reordered } }: Compared): boolean {
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
