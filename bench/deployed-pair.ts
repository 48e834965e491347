import { readFileSync } from 'node:fs';
import type { Admin } from 'kafkajs';
import { Applications } from '../local/applications/applications.ts';
import type { GroupVerdict } from '../local/applications/ledger.ts';
import { writeTwoWayConfiguration } from '../local/applications/two-way.ts';
import { bootstrap, deploy } from '../local/demo/deploy.ts';
import { withAdmin } from '../local/kafka/clients.ts';
import { awsEnvironment, type RegionsAddress } from '../local/region/addresses.ts';
import { createTopics } from '../local/region/create-topics.ts';
import { type Regions, startRegions } from '../local/region/regions.ts';
import { until } from '../local/region/until.ts';
import { step } from '../local/setup/steps.mjs';
import { runbookPorts } from '../shared/cli/runbook/connect.ts';
import { type FollowedRun, followRun } from '../shared/cli/runbook/follow.ts';
import type { RunbookCommandPorts } from '../shared/cli/runbook/ports.ts';
import { stageLine } from '../shared/cli/runbook/stage-lines.ts';
import { UNSTYLED } from '../shared/cli/terminal/page.ts';
import type { Flow } from '../shared/config/flow-schema.ts';
import { parseConfiguration } from '../shared/config/parse-configuration.ts';
import type { RunbookKind } from '../shared/runbook/runbook.ts';
import type { StageRecord } from '../shared/runbook/stage.ts';
import type { Move } from './moves-report.ts';

/** What the applications of these benches write and read. */
export const WORKLOAD = {
  topics: ['orders', 'payments', 'clicks'],
  groups: ['app-billing', 'app-shipping', 'app-search', 'app-audit'],
  keys: 64,
};
/** Without a record for so long, nothing more is read. */
const PATIENCE_MS = 30_000;
/** What runbooks are started with here. */
export const INPUT = { approval: 'waived', reason: 'bench' };
const PARTITIONS = 4;
/** The flow takes on topics within a minute. */
const COPIED_MS = 120_000;

/**
 * Deploys flows both ways between the two clusters, and waits until every topic of the workload has its copy on the other.
 *
 * @param settings more of the configuration, by property
 * @returns the flow whose runbooks move the applications
 */
async function deployBothWays(address: RegionsAddress, settings: Readonly<Record<string, string>>): Promise<Flow> {
  const { clusters, awsEndpoint } = address;
  if (awsEndpoint === undefined) throw new Error('needs an AWS endpoint');
  Object.assign(process.env, awsEnvironment(awsEndpoint, clusters[0]?.awsRegion ?? ''));
  const configuration = writeTwoWayConfiguration(address, { topics: WORKLOAD.topics, groups: 'app-.*', settings });
  await step('topics made on both clusters', async () => {
    for (const cluster of clusters)
      await withAdmin(cluster.bootstrapServers, (admin) => createTopics(admin, topicsToMake()));
  });
  await bootstrap({ address, awsEndpoint, configuration });
  await deploy({ address, awsEndpoint, configuration });
  await step('every topic is being copied and heartbeats arrive, both ways', () =>
    Promise.all(
      clusters.map(({ bootstrapServers }, index) => {
        const other = clusters[1 - index]?.alias;
        return until(
          () => withAdmin(bootstrapServers, (admin) => isCopied(admin, other ?? '')),
          COPIED_MS,
          () =>
            new Error(`not every topic of ${other} has its copy, and heartbeats in it, after ${COPIED_MS / 1_000} s`),
        );
      }),
    ),
  );
  const { flows } = parseConfiguration(readFileSync(configuration, 'utf8'), { file: configuration }).configuration;
  const [flow] = flows;
  if (flow === undefined) throw new Error('the configuration has no flow');
  return flow;
}

/** A deployed pair of regions with applications under load on it. */
export interface BusyPair {
  readonly regions: Regions;
  readonly flow: Flow;
  readonly applications: Applications;
}

/**
 * Regions, flows both ways and applications of the workload, which write and read; all of it is stopped afterwards.
 *
 * @param rate records a second, of all topics together
 * @param proves whether what was to be shown was; otherwise logs are kept
 * @param settings more of the configuration, by property
 */
export async function onBusyPair(
  rate: number,
  proves: (pair: BusyPair) => Promise<boolean>,
  settings: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const regions = await step('two regions started', () => startRegions());
  let proven = false;
  try {
    const flow = await deployBothWays(regions.address, settings);
    await using applications = new Applications(regions.address, { ...WORKLOAD, rate });
    await step('applications write and read', () => applications.start());
    proven = await proves({ regions, flow, applications });
    return proven;
  } finally {
    await step('regions stopped', () => regions.stop({ failed: !proven }));
  }
}

/** Every group reads what was written. @returns what became of it in each */
export function readToTheEnd(applications: Applications): Promise<readonly GroupVerdict[]> {
  return step('every group reads to the end', () => applications.finish(PATIENCE_MS));
}

/** Starts a runbook without approval and follows it to its end; each stage is told on the console. */
export async function runRunbook(flow: Flow, kind: RunbookKind): Promise<FollowedRun> {
  console.log(`\n${kind}`);
  using ports = runbookPorts(flow, kind, 'causeway');
  return followed(ports, await ports.machine.start(INPUT));
}

/** Follows an execution to its end in the same way. */
export async function followed(ports: RunbookCommandPorts, execution: string): Promise<FollowedRun> {
  const run = await followRun(ports, execution, false, (record) => {
    if (record.outcome !== 'waiting') console.log(stageLine(UNSTYLED, record, Date.now()));
  });
  if (!run.state.succeeded) console.log(`did not go through: ${run.state.error}: ${run.state.cause}`);
  return run;
}

/** The same, measured. */
export async function move(flow: Flow, kind: RunbookKind, { writers }: Applications): Promise<Move> {
  writers.longestPauseMs = 0;
  return measured(kind, await runRunbook(flow, kind), writers);
}

/** A run, and the longest that the writers stood still meanwhile. */
export function measured(
  kind: RunbookKind,
  { stages, state }: FollowedRun,
  { longestPauseMs }: Pick<Applications['writers'], 'longestPauseMs'>,
): Move {
  const took = ({ startedAt, endedAt }: StageRecord) => (endedAt ?? startedAt) - startedAt;
  const began = Math.min(...stages.map(({ startedAt }) => startedAt));
  const ended = Math.max(...stages.map(({ startedAt, endedAt }) => endedAt ?? startedAt));
  const watched = stages.filter(({ stage }) => stage === 'watch-lag').reduce((sum, each) => sum + took(each), 0);
  return {
    kind,
    succeeded: state.succeeded,
    machineSeconds: (ended - began - watched) / 1_000,
    pauseSeconds: longestPauseMs / 1_000,
  };
}

/** Whether what another cluster has is on this one, and that cluster's heartbeats arrive: a failover asks for them. */
async function isCopied(admin: Admin, other: string): Promise<boolean> {
  const heartbeats = `${other}.heartbeats`;
  const wanted = [heartbeats, ...WORKLOAD.topics.map((topic) => `${other}.${topic}`)];
  const names = await admin.listTopics();
  if (!wanted.every((name) => names.includes(name))) return false;
  const ends = await admin.fetchTopicOffsets(heartbeats);
  return ends.some(({ high }) => Number(high) > 0);
}

function topicsToMake() {
  return WORKLOAD.topics.map((topic) => ({ topic, numPartitions: PARTITIONS }));
}
