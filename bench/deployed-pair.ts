import { readFileSync } from 'node:fs';
import kafkajs, { type Admin } from 'kafkajs';
import { Applications } from '../local/applications/applications.ts';
import type { GroupVerdict } from '../local/applications/ledger.ts';
import { writeTwoWayConfiguration } from '../local/applications/two-way.ts';
import { bootstrap, deploy } from '../local/demo/deploy.ts';
import { withAdmin } from '../local/kafka/clients.ts';
import { awsEnvironment, type RegionsAddress } from '../local/region/addresses.ts';
import { createTopics } from '../local/region/create-topics.ts';
import { defaultClusters } from '../local/region/options.ts';
import { type Regions, startRegions } from '../local/region/regions.ts';
import { until } from '../local/region/until.ts';
import { step } from '../local/setup/steps.mjs';
import type { Flow } from '../shared/config/flow-schema.ts';
import { parseConfiguration } from '../shared/config/parse-configuration.ts';
import { grant } from '../test/e2e/secured/user.ts';
import { LAMBDA_CONSUMERS, LambdaConsumers } from './lambda-consumers.ts';

/** What the applications of these benches write and read. */
export const WORKLOAD = {
  topics: ['orders', 'payments', 'clicks'],
  groups: ['app-billing', 'app-shipping', 'app-search', 'app-audit'],
  keys: 64,
};
/** Without a record for so long, nothing more is read. */
const PATIENCE_MS = 30_000;
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

/** Who consumes: groups of `createFailoverKafka`, or functions of a user's own, with one of these groups beside them. */
export const CONSUMERS = ['clients', 'lambda'] as const;

export interface PairOptions {
  /** Default: clients. */
  readonly consumers?: (typeof CONSUMERS)[number];
  /** Whether brokers obey ACLs, and applications log in as a user who is allowed what they do; default false. */
  readonly secured?: boolean;
  /** More of the configuration, by property. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A deployed pair of regions with applications under load on it. */
export interface BusyPair {
  readonly regions: Regions;
  readonly flow: Flow;
  readonly applications: Applications;
  /** Where they consume. */
  readonly lambda: LambdaConsumers | undefined;
}

/**
 * Regions, flows both ways and applications of the workload, which write and read; all of it is stopped afterwards.
 *
 * @param rate records a second, of all topics together
 * @param proves whether what was to be shown was; otherwise logs are kept
 */
export async function onBusyPair(
  rate: number,
  proves: (pair: BusyPair) => Promise<boolean>,
  { consumers = 'clients', secured = false, settings = {} }: PairOptions = {},
): Promise<boolean> {
  const clusters = defaultClusters.map((cluster) => ({ ...cluster, secured }));
  const regions = await step('two regions started', () => startRegions({ clusters }));
  let proven = false;
  try {
    const { address, source, target } = regions;
    const byLambda = consumers === 'lambda';
    const listed = { [`${source.alias}->${target.alias}.causeway.lambda.consumers`]: LAMBDA_CONSUMERS };
    if (secured) await step('applications may read and write everything', () => allowApplications(address));
    const flow = await deployBothWays(address, byLambda ? { ...listed, ...settings } : settings);
    const groups = byLambda ? WORKLOAD.groups.slice(0, 1) : WORKLOAD.groups;
    await using applications = new Applications(address, { ...WORKLOAD, groups, rate });
    await using lambda = byLambda ? await deployFunctions(regions, applications) : undefined;
    await step('applications write and read', () => applications.start());
    proven = await proves({ regions, flow, applications, lambda });
    return proven;
  } finally {
    await step('regions stopped', () => regions.stop({ failed: !proven }));
  }
}

const { AclOperationTypes, AclResourceTypes } = kafkajs;

/** On both clusters, to the user as whom they log in. */
async function allowApplications({ clusters }: RegionsAddress): Promise<void> {
  const everything = { name: '*', prefixed: false };
  for (const { bootstrapServers, secured } of clusters)
    await withAdmin(bootstrapServers, (admin) =>
      grant(admin, secured?.users[0]?.username ?? '', [
        [{ type: AclResourceTypes.TOPIC, ...everything }, [AclOperationTypes.READ, AclOperationTypes.WRITE]],
        [{ type: AclResourceTypes.GROUP, ...everything }, [AclOperationTypes.READ]],
      ]),
    );
}

function deployFunctions({ awsEndpoint, source, target }: Regions, applications: Applications) {
  return step('functions that consume deployed, in both regions', async () => {
    const deployed = await LambdaConsumers.deploy(awsEndpoint, [source, target], WORKLOAD.topics, applications.ledger);
    applications.readBeside(deployed.readers);
    return deployed;
  });
}

/** Every group reads what was written. @returns what became of it in each */
export function readToTheEnd(applications: Applications): Promise<readonly GroupVerdict[]> {
  return step('every group reads to the end', () => applications.finish(PATIENCE_MS));
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
