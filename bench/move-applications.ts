import { readFileSync } from 'node:fs';
import kafkajs from 'kafkajs';
import { Applications } from '../local/applications/applications.ts';
import { isExact } from '../local/applications/ledger.ts';
import { writeTwoWayConfiguration } from '../local/applications/two-way.ts';
import { bootstrap, deploy } from '../local/demo/deploy.ts';
import { awsEnvironment, type RegionsAddress } from '../local/region/addresses.ts';
import { createTopics } from '../local/region/create-topics.ts';
import { startRegions } from '../local/region/regions.ts';
import { until } from '../local/region/until.ts';
import { step } from '../local/setup/steps.mjs';
import { runbookPorts } from '../shared/cli/runbook/connect.ts';
import { followRun } from '../shared/cli/runbook/follow.ts';
import { stageLine } from '../shared/cli/runbook/stage-lines.ts';
import { UNSTYLED } from '../shared/cli/terminal/page.ts';
import type { Flow } from '../shared/config/flow-schema.ts';
import { parseConfiguration } from '../shared/config/parse-configuration.ts';
import { RunbookKind } from '../shared/runbook/runbook.ts';
import type { StageRecord } from '../shared/runbook/stage.ts';
import type { BenchArguments } from './arguments.ts';
import { describeMoves, figuresOf, type Move } from './moves-report.ts';

const TOPICS = ['orders', 'payments', 'clicks'];
const GROUPS = ['app-billing', 'app-shipping', 'app-search', 'app-audit'];
const PARTITIONS = 4;
const KEYS = 64;
/** The flow takes on topics within a minute. */
const COPIED_MS = 120_000;
/** Without a record for so long, nothing more is read. */
const PATIENCE_MS = 30_000;

/**
 * Applications under load are moved to the other region and back, time and again, by the deployed runbooks; each record is
 * followed from its writer to each group.
 *
 * @returns whether nothing was lost, read twice or out of order
 */
export async function moveApplicationsBench(args: BenchArguments): Promise<boolean> {
  const [rounds, rate] = [args.whole('rounds', 1), args.whole('rate', 1)];
  const regions = await step('two regions started', () => startRegions());
  let exact = false;
  try {
    const { address } = regions;
    const flow = await deployBothWays(address);
    await using applications = new Applications(address, { topics: TOPICS, keys: KEYS, rate, groups: GROUPS });
    await step('applications write and read', () => applications.start());
    const moves: Move[] = [];
    for (let round = 0; round < rounds; round++)
      for (const kind of [RunbookKind.Switchover, RunbookKind.Failback]) {
        moves.push(await move(flow, kind, applications));
        if (moves.at(-1)?.succeeded !== true) break;
      }
    const verdicts = await step('every group reads to the end', () => applications.finish(PATIENCE_MS));
    const figures = figuresOf(moves, verdicts, applications);
    console.log(args.flag('json') ? JSON.stringify(figures) : describeMoves(figures));
    exact = moves.every(({ succeeded }) => succeeded) && moves.length === 2 * rounds && verdicts.every(isExact);
    return exact;
  } finally {
    await step('regions stopped', () => regions.stop({ failed: !exact }));
  }
}

async function deployBothWays(address: RegionsAddress): Promise<Flow> {
  const { clusters, awsEndpoint } = address;
  if (awsEndpoint === undefined) throw new Error('needs an AWS endpoint');
  Object.assign(process.env, awsEnvironment(awsEndpoint, clusters[0]?.awsRegion ?? ''));
  const configuration = writeTwoWayConfiguration(address, { topics: TOPICS, groups: 'app-.*' });
  await step('topics made on both clusters', async () => {
    for (const cluster of clusters)
      await withAdmin(cluster.bootstrapServers, (admin) => createTopics(admin, topicsToMake()));
  });
  await bootstrap({ address, awsEndpoint, configuration });
  await deploy({ address, awsEndpoint, configuration });
  await step('every topic is being copied, both ways', () =>
    Promise.all(
      clusters.map(({ bootstrapServers }, index) => {
        const other = clusters[1 - index]?.alias;
        return until(
          () =>
            withAdmin(bootstrapServers, async (admin) => {
              const names = await admin.listTopics();
              return TOPICS.every((topic) => names.includes(`${other}.${topic}`));
            }),
          COPIED_MS,
          () => new Error(`not every topic of ${other} has its copy after ${COPIED_MS / 1_000} s`),
        );
      }),
    ),
  );
  const { flows } = parseConfiguration(readFileSync(configuration, 'utf8'), { file: configuration }).configuration;
  const [flow] = flows;
  if (flow === undefined) throw new Error('the configuration has no flow');
  return flow;
}

async function move(flow: Flow, kind: RunbookKind, { writers }: Applications): Promise<Move> {
  writers.longestPauseMs = 0;
  console.log(`\n${kind}`);
  using ports = runbookPorts(flow, kind, 'causeway');
  const execution = await ports.machine.start({ approval: 'waived', reason: 'bench' });
  const { stages, state } = await followRun(ports, execution, false, (record) => {
    if (record.outcome !== 'waiting') console.log(stageLine(UNSTYLED, record, Date.now()));
  });
  if (!state.succeeded) console.log(`did not go through: ${state.error}: ${state.cause}`);
  const took = ({ startedAt, endedAt }: StageRecord) => (endedAt ?? startedAt) - startedAt;
  const began = Math.min(...stages.map(({ startedAt }) => startedAt));
  const ended = Math.max(...stages.map(({ startedAt, endedAt }) => endedAt ?? startedAt));
  const watched = stages.filter(({ stage }) => stage === 'watch-lag').reduce((sum, each) => sum + took(each), 0);
  return {
    kind,
    succeeded: state.succeeded,
    machineSeconds: (ended - began - watched) / 1_000,
    pauseSeconds: writers.longestPauseMs / 1_000,
  };
}

function topicsToMake() {
  return TOPICS.map((topic) => ({ topic, numPartitions: PARTITIONS }));
}

async function withAdmin<T>(
  servers: string,
  work: (admin: ReturnType<kafkajs.Kafka['admin']>) => Promise<T>,
): Promise<T> {
  const admin = new kafkajs.Kafka({ brokers: servers.split(','), logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
