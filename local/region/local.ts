import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isRunning } from '../setup/process-identity.mjs';
import { readAddresses } from './addresses.ts';
import { describeFailure, describeRegions } from './describe.ts';
import { startDetached } from './detached.ts';
import { UsageFault } from './errors.ts';
import { defaultClusters } from './options.ts';
import { startRegions } from './regions.ts';
import { livingRuns, type RunRecord, runsFolder } from './run-folder.ts';
import { until } from './until.ts';

const usage = `Usage:
  npm run local -- up [--brokers <n>] [--secured] [--no-aws] [--detach]
                                     start two regions; in the foreground unless detached
  npm run local -- status            the runs that are up, with their addresses
  npm run local -- down [<run id>]   stop that run, or all of them`;

const STOPS_WITHIN_MS = 30_000;

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      allowNegative: true,
      options: {
        brokers: { type: 'string', default: '1' },
        secured: { type: 'boolean', default: false },
        aws: { type: 'boolean', default: true },
        detach: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageFault(error instanceof Error ? error.message : String(error), usage);
  }
}

async function up(options: ReturnType<typeof parse>['values']): Promise<void> {
  const brokers = Number(options.brokers);
  if (!Number.isInteger(brokers) || brokers < 1)
    throw new UsageFault(`--brokers ${options.brokers}: a count from 1`, usage);
  if (options.detach) {
    const address = await startDetached({ brokers, aws: options.aws, secured: options.secured });
    console.log(`${describeRegions(address)}\n\nStop them with: npm run local -- down ${address.runId}`);
    return;
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(0));
  const clusters = defaultClusters.map((cluster) => ({ ...cluster, brokers, secured: options.secured }));
  const regions = await startRegions({ clusters, aws: options.aws });
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

/** Asks the supervisor, which then stops what it started. */
async function down(id: string | undefined): Promise<void> {
  const runs = livingRuns();
  if (runs.length === 0) return console.log('No run is up.');
  const run = id === undefined && runs.length === 1 ? runs[0] : runs.find((run) => run.id === id);
  if (!run) {
    const present = runs.map((run) => `\n  npm run local -- down ${run.id}`).join('');
    throw new UsageFault(id === undefined ? 'More than one run is up.' : `No run ${id} is up.`, `One of:${present}`);
  }
  process.kill(run.owner.pid, 'SIGTERM');
  const timedOut = () => new Error(`The supervisor of ${run.id} (process ${run.owner.pid}) does not end.`);
  await until(async () => !isRunning(run.owner), STOPS_WITHIN_MS, timedOut);
  console.log(`stopped ${run.id}`);
}

async function main(): Promise<void> {
  const { values, positionals } = parse(process.argv.slice(2));
  const [command, id] = positionals;
  if (command === 'up') return up(values);
  if (command === 'status') return status();
  if (command === 'down') return down(id);
  throw new UsageFault(command === undefined ? 'What is to be done?' : `There is no command "${command}".`, usage);
}

try {
  await main();
} catch (error) {
  console.error(describeFailure(error));
  process.exit(1);
}
