import type { RegionsAddress } from '../region/addresses.ts';
import { describeFailure, exitCodeOf } from '../region/describe.ts';
import { endWhenNobodyReads } from '../setup/output-lost.ts';
import { showFailover } from './failover.ts';
import { showMoves } from './moves.ts';
import { type DemoOptions, parseOptions, Scenario } from './options.ts';
import { type DemoRegions, openOwnRegions, openRegions } from './regions.ts';
import { openScene, type Scene } from './scene.ts';
import { offerStatusPage } from './status-page.ts';

/** What a shell says of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

endWhenNobodyReads();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    console.error(`\nInterrupted (${signal}).`);
    process.exit(INTERRUPTED);
  });
try {
  process.exitCode = (await demo(parseOptions(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  console.error(`\n${describeFailure(error)}`);
  process.exitCode = exitCodeOf(error);
}
process.exit();

async function demo({ scenario, records, keep }: DemoOptions): Promise<boolean> {
  const began = performance.now();
  if (scenario === Scenario.Move) return prove(await openRegions(keep), (scene) => showMoves(scene, records), began);
  const opened = await openOwnRegions(keep);
  return prove(opened, (scene) => showFailover(scene, opened.regions, records), began);
}

async function prove(
  { address, stop }: DemoRegions,
  show: (scene: Scene) => Promise<boolean>,
  began: number,
): Promise<boolean> {
  let proven = false;
  try {
    proven = await shown(address, show);
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    console.log(`\n${proven ? 'PROVEN' : 'NOT PROVEN'} in ${seconds} s\n`);
    await offerStatusPage(address);
    return proven;
  } finally {
    await stop(!proven);
  }
}

async function shown(address: RegionsAddress, show: (scene: Scene) => Promise<boolean>): Promise<boolean> {
  await using scene = await openScene(address);
  return await show(scene);
}
