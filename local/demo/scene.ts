import { Applications } from '../applications/applications.ts';
import { LATE_TOPIC, RICH_RECORDS, TRAFFIC, TRAFFIC_KEYS, type TrafficTopic } from '../applications/traffic.ts';
import { writeTwoWayConfiguration } from '../applications/two-way.ts';
import { kafkaAt, withAdmin } from '../kafka/clients.ts';
import { awsEnvironment, type ClusterAddress, type RegionsAddress } from '../region/addresses.ts';
import { createTopics } from '../region/create-topics.ts';
import { step } from '../setup/steps.mjs';
import { Copies } from './copies.ts';
import { bootstrap, deploy } from './deploy.ts';
import { beginAtOnce } from './first-minute.ts';

export const GROUPS = ['billing', 'shipping'];
export const FIRST_TOPICS = TRAFFIC.filter((topic) => topic !== LATE_TOPIC);
/** A topic is to be replicated within a minute, with nobody's help. */
export const NEW_TOPIC_MS = 60_000;
/** Records a second, but for the time in which the demo writes as many as it was told. */
export const CALM_RATE = 300;
/** Every batch is a delivery of its own to a function: at a more frequent pace one machine is busy with nothing else. */
const BATCH_EVERY_MS = 1_000;
/** Between the two looks of a runbook at the lag of moved groups. The default of 30 would double the demo's time. */
const WATCH_LAG_SECONDS = 5;

/** Flows both ways between two deployed regions, and applications at home in the first. */
export interface Scene {
  readonly address: RegionsAddress;
  readonly source: ClusterAddress;
  readonly target: ClusterAddress;
  readonly applications: Applications;
  /** What the flow from the source has copied, read as it comes by somebody else than the applications. */
  readonly copies: Copies;
}

/** @throws CommandFailed, Error */
export async function openScene(address: RegionsAddress): Promise<Scene & AsyncDisposable> {
  const { awsEndpoint, clusters } = address;
  const [source, target] = clusters;
  if (!awsEndpoint || !source || !target) throw new Error('The demo needs two clusters and an AWS endpoint.');
  Object.assign(process.env, awsEnvironment(awsEndpoint, target.awsRegion));
  const configuration = writeTwoWayConfiguration(address, {
    topics: TRAFFIC.map(({ name }) => name),
    groups: GROUPS.join(', '),
    settings: { 'causeway.watch.lag.seconds': String(WATCH_LAG_SECONDS) },
  });
  const deployment = { address, awsEndpoint, configuration };
  const topics = FIRST_TOPICS.map(({ name }) => name);
  await Promise.all([
    step(`topics ${topics.join(', ')} made`, () => makeTopics(clusters, FIRST_TOPICS)),
    bootstrap(deployment),
  ]);
  await deploy(deployment);
  await beginAtOnce({ source, target });

  const copies = new Copies(kafkaAt(target.bootstrapServers, 'reader-of-copies'), 'demo-copies');
  const applications = new Applications(address, {
    topics: TRAFFIC.map(({ name }) => name),
    groups: GROUPS,
    keys: TRAFFIC_KEYS,
    ...{ rate: CALM_RATE, everyMs: BATCH_EVERY_MS },
    records: RICH_RECORDS,
  });
  await step(
    'remote topics there',
    () => followAll(copies, source, topics),
    () => 'reconcile makes them',
  );
  await step('applications write and read', () => applications.start(topics));
  return {
    ...{ address, source, target, applications, copies },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([applications[Symbol.asyncDispose](), copies.stop()]);
    },
  };
}

/** Makes topics that do not exist yet, on each of the clusters: applications write to them wherever they are. */
export async function makeTopics(clusters: readonly ClusterAddress[], topics: readonly TrafficTopic[]): Promise<void> {
  const wanted = topics.map(({ name, partitions, config }) => ({
    topic: name,
    numPartitions: partitions,
    configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
  }));
  await Promise.all(
    clusters.map(({ bootstrapServers }) => withAdmin(bootstrapServers, (admin) => createTopics(admin, wanted))),
  );
}

/** Reads the copies of `topics` of a cluster, each begun as soon as it is there. @throws Error when one is not there in time */
export async function followAll(copies: Copies, from: ClusterAddress, topics: readonly string[]): Promise<void> {
  await Promise.all(topics.map((topic) => copies.follow(topic, `${from.alias}.${topic}`, NEW_TOPIC_MS)));
}

/** By which a command is told which flow it is about. */
export function flowOption({ source, target }: Pick<Scene, 'source' | 'target'>): readonly string[] {
  return ['--flow', `${source.alias}:${target.alias}`];
}
