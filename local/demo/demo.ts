import { writeFileSync } from 'node:fs';
import kafkajs, { type Kafka } from 'kafkajs';
import type { RegionsAddress } from '../region/addresses.ts';
import { describeFailure, exitCodeOf } from '../region/describe.ts';
import { until } from '../region/until.ts';
import { endWhenNobodyReads } from '../setup/output-lost.ts';
import { step } from '../setup/steps.mjs';
import { Application } from './application.ts';
import { configurationOf, demoConfiguration } from './configuration.ts';
import { Copies } from './copies.ts';
import { bootstrap, type Deployment, deploy } from './deploy.ts';
import { ApplicationGroup } from './group.ts';
import { openOffsetMap } from './offset-map.ts';
import { type DemoOptions, parseOptions } from './options.ts';
import { type PartitionProof, provePartition } from './proof.ts';
import { openRegions } from './regions.ts';
import { reportGroups, reportPartitions } from './report.ts';
import { firstTopics, lateTopic } from './traffic.ts';
import { watch } from './watch.ts';

/** A topic made while the demo runs is to be replicated within a minute, with nobody's help. */
const NEW_TOPIC_MS = 60_000;
const READ_AGAIN_MS = 60_000;
/** One record in so many has its offsets looked up, both ways. */
const SAMPLE_EVERY = 7;
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

async function demo({ records, keep }: DemoOptions): Promise<boolean> {
  const began = performance.now();
  const { address, stop } = await openRegions(keep);
  let proven = false;
  try {
    proven = await show(address, records);
    console.log(`\n${proven ? 'PROVEN' : 'NOT PROVEN'} in ${seconds(began)} s\n`);
    return proven;
  } finally {
    await stop(!proven);
  }
}

async function show(address: RegionsAddress, records: number): Promise<boolean> {
  const { awsEndpoint, clusters } = address;
  const [source, target] = clusters;
  if (!awsEndpoint || !source || !target) throw new Error('The demo needs two clusters and an AWS endpoint.');
  const application = new Application(client('orders-service', source.bootstrapServers));
  await step('topics orders, balances made', () => application.createTopics(firstTopics));

  const configuration = configurationOf(address);
  writeFileSync(configuration, demoConfiguration(address));
  const deployment: Deployment = { address, awsEndpoint, configuration };
  await bootstrap(deployment);
  await deploy(deployment);

  const copies = new Copies(client('target-reader', target.bootstrapServers), 'demo-target');
  const originals = new Copies(client('source-reader', source.bootstrapServers), 'demo-source');
  const remote = (topic: string) => `${source.alias}.${topic}`;
  await step(
    'remote topics there',
    () => Promise.all(firstTopics.map(({ name }) => copies.follow(name, remote(name), NEW_TOPIC_MS))),
    () => 'reconcile makes them',
  );

  console.log(`\nA kafkajs application writes ${records} records to ${source.alias}; two groups read them there.`);
  console.log(
    `A third of the way in it makes topic ${lateTopic.name}, which reconcile finds when it looks again, each 10 s.\n`,
  );
  const sides = {
    source: client('groups', source.bootstrapServers),
    target: client('groups', target.bootstrapServers),
    remote,
  };
  const billing = new ApplicationGroup('billing', ['orders', 'balances'], sides);
  const shipping = new ApplicationGroup('shipping', ['orders'], sides);
  const groups = [billing, shipping];
  await Promise.all([billing.read(Math.floor(records / 4)), shipping.read()]);
  await watch(application, copies, records, async (onEvent) => {
    const began = performance.now();
    await copies.follow(lateTopic.name, remote(lateTopic.name), NEW_TOPIC_MS);
    onEvent(`topic ${remote(lateTopic.name)} is there after ${seconds(began)} s`);
  });
  console.log('');

  const topics = [...firstTopics, lateTopic];
  await step('source read again, independently', async () => {
    await Promise.all(topics.map(({ name }) => originals.follow(name, name, NEW_TOPIC_MS)));
    await until(
      async () => originals.count >= application.count,
      READ_AGAIN_MS,
      () => new Error('source not read in time'),
    );
  });
  const proofs = await step('records and offsets compared', () => prove(address, topics, originals, copies));
  await step('groups stopped, one part-way', () => Promise.all(groups.map((group) => group.leave())));
  const map = openOffsetMap(address);
  await step(
    `groups carried over to ${target.alias}`,
    () => Promise.all(groups.map((group) => group.isCarriedOver((topic, part) => map.translation(topic, part)))),
    () => 'checkpoint begins within a minute',
  );
  await step(`groups resumed in ${target.alias}`, () => Promise.all(groups.map((group) => group.resume(copies))));
  const groupProofs = groups.map((group) => group.prove(originals));
  await step('readers stopped', () => Promise.all([originals.stop(), copies.stop()]));
  const figures = { produced: application.count, sampleEvery: SAMPLE_EVERY, latencies: copies.latencies };
  const copied = reportPartitions(proofs, figures, console.log);
  return reportGroups(groupProofs, target.alias, console.log) && copied;
}

async function prove(
  address: RegionsAddress,
  topics: readonly { readonly name: string; readonly partitions: number }[],
  originals: Copies,
  copies: Copies,
): Promise<PartitionProof[]> {
  const map = openOffsetMap(address);
  const places = topics.flatMap(({ name, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition })),
  );
  return Promise.all(
    places.map(async ({ topic, partition }) => {
      const translation = await map.translation(topic, partition);
      const there = copies.readers.get(topic)?.records.get(partition) ?? [];
      const here = originals.readers.get(topic)?.records.get(partition) ?? [];
      return provePartition(`${topic}-${partition}`, here, there, translation, SAMPLE_EVERY);
    }),
  );
}

function client(clientId: string, bootstrapServers: string): Kafka {
  return new kafkajs.Kafka({ clientId, brokers: bootstrapServers.split(','), logLevel: kafkajs.logLevel.NOTHING });
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
