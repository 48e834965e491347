import { againstMirrorMakerBench } from './against-mm2.ts';
import { checkpointBench } from './checkpoint.ts';
import { exactlyOnceBench } from './exactly-once.ts';
import { handlerBench } from './handler.ts';
import { simulateBench } from './simulate.ts';
import { translationBench } from './translation.ts';

const benches: Readonly<Record<string, { readonly does: string; run(args: string[]): Promise<boolean> }>> = {
  handler: {
    does: 'CPU seconds per million records, from Lambda event text to acknowledgement. --size 100|1024 --codec lz4 --json',
    run: handlerBench,
  },
  checkpoint: {
    does: 'Ticks of hundreds of groups on real clusters, requests counted. --groups 500 --partitions 2000 --each 4 --json',
    run: checkpointBench,
  },
  'exactly-once': {
    does: 'Randomised schedules on real brokers, judged record for record. --schedules 500 --seed 0 --json',
    run: exactlyOnceBench,
  },
  simulate: {
    does: "The protocol's real code under a million simulated schedules; no brokers. --seeds 50000 --seed 0 --workers 2 --json",
    run: simulateBench,
  },
  translation: {
    does: 'Groups anywhere in a topic with gaps, moved to the target and back: what they read first. --records 1000000 --seed 0 --json',
    run: translationBench,
  },
  'against-mm2': {
    does: 'The same by MirrorMaker 2 beside it, run here: records skipped and read twice by each. --records 1000000 --seed 0 --json',
    run: againstMirrorMakerBench,
  },
};

const [name, ...args] = process.argv.slice(2);
const bench = name === undefined ? undefined : benches[name];
if (bench === undefined) {
  console.error('npm run bench -- <name>');
  for (const [known, { does }] of Object.entries(benches)) console.error(`  ${known.padEnd(13)} ${does}`);
  process.exitCode = 2;
} else {
  // Functions keep their connections for the next invocation, which would keep this process as well.
  process.exit((await bench.run(args)) ? 0 : 1);
}
