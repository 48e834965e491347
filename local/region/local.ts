import { join } from 'node:path';
import { isRunning } from '../setup/process-identity.mjs';
import { step } from '../setup/steps.mjs';
import { readAddresses } from './addresses.ts';
import { parseLocal, type UpOptions } from './arguments.ts';
import { describeFailure, describeRegions, exitCodeOf } from './describe.ts';
import { startDetached } from './detached.ts';
import { defaultClusters } from './options.ts';
import { startRegions } from './regions.ts';
import { livingRuns, type RunRecord, runsFolder } from './run-folder.ts';
import { runsToStop } from './runs-to-stop.ts';
import { until } from './until.ts';

const STOPS_WITHIN_MS = 30_000;

async function up({ brokers, secured, aws, detach }: UpOptions): Promise<void> {
  if (detach) {
    const address = await step('two regions started', () => startDetached({ brokers, aws, secured }));
    console.log(`${describeRegions(address)}\n\nStop them with: npm run local -- down ${address.runId}`);
    return;
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(0));
  const clusters = defaultClusters.map((cluster) => ({ ...cluster, brokers, secured }));
  const regions = await step('two regions started', () => startRegions({ clusters, aws }));
  console.log(`${describeRegions(regions.address)}\n\nCtrl-C stops them and removes their data.`);
  process.send?.(regions.address);
  throw await regions.failure;
}

function status(): void {
  const runs = livingRuns();
  const describe = ({ id }: RunRecord) => {
    try {
      return describeRegions(readAddresses(join(runsFolder(), id, 'region.json')));
    } catch {
      return `Run ${id}\n  starting`;
    }
  };
  console.log(runs.length === 0 ? 'No run is up.' : runs.map(describe).join('\n\n'));
}

async function down(id: string | undefined, all: boolean): Promise<void> {
  const runs = runsToStop(livingRuns(), { id, all });
  if (runs.length === 0) return console.log('No run is up.');
  for (const run of runs) await stop(run);
}

/** Asks the supervisor, which then stops what it started. */
async function stop({ id, owner }: RunRecord): Promise<void> {
  process.kill(owner.pid, 'SIGTERM');
  const timedOut = () => new Error(`The supervisor of ${id} (process ${owner.pid}) does not end.`);
  await until(async () => !isRunning(owner), STOPS_WITHIN_MS, timedOut);
  console.log(`stopped ${id}`);
}

async function main(): Promise<void> {
  const asked = parseLocal(process.argv.slice(2));
  switch (asked.command) {
    case 'up':
      return up(asked.options);
    case 'status':
      return status();
    case 'down':
      return down(asked.id, asked.all);
  }
}

try {
  await main();
} catch (error) {
  console.error(describeFailure(error));
  process.exit(exitCodeOf(error));
}
