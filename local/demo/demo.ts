import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import kafkajs, { type Kafka } from 'kafkajs';
import type { RegionsAddress } from '../region/addresses.ts';
import { describeFailure, describeRegions } from '../region/describe.ts';
import { startDetached } from '../region/detached.ts';
import { startRegions } from '../region/regions.ts';
import { until } from '../region/until.ts';
import { step } from '../setup/steps.mjs';
import { Application } from './application.ts';
import { demoConfiguration } from './configuration.ts';
import { Copies } from './copies.ts';
import { bootstrap, type Deployment, deploy } from './deploy.ts';
import { ApplicationGroup, type GroupProof } from './group.ts';
import { openOffsetMap } from './offset-map.ts';
import { holds, type PartitionProof, provePartition } from './proof.ts';
import { firstTopics, lateTopic } from './traffic.ts';
import { LiveView, percentile } from './view.ts';

/** A topic made while the demo runs is to be replicated within a minute, with nobody's help. */
const NEW_TOPIC_MS = 60_000;
/** After the last record: how long nothing may arrive before the demo gives up. */
const STALLED_MS = 60_000;

const { values: options } = parseArgs({
  options: { keep: { type: 'boolean', default: false }, records: { type: 'string', default: '60000' } },
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
try {
  process.exitCode = (await demo(Number(options.records), options.keep)) ? 0 : 1;
} catch (error) {
  console.error(`\n${describeFailure(error)}`);
  process.exitCode = 1;
}
process.exit();

async function demo(records: number, keep: boolean): Promise<boolean> {
  const started = performance.now();
  const { address, stop } = await step('two regions started', () => openRegions(keep));
  let proven = false;
  try {
    proven = await show(address, records);
    console.log(`\n${proven ? 'PROVEN' : 'NOT PROVEN'} in ${seconds(started)} s`);
    if (keep) console.log(`\n${describeRegions(address)}\n\nStop them with: npm run local -- down ${address.runId}`);
    return proven;
  } finally {
    await stop(!proven);
  }
}

async function openRegions(keep: boolean) {
  if (keep) return { address: await startDetached(), stop: async () => {} };
  const regions = await startRegions();
  return { address: regions.address, stop: (failed: boolean) => regions.stop({ failed }) };
}

async function show(address: RegionsAddress, records: number): Promise<boolean> {
  const { awsEndpoint, folder, clusters } = address;
  const [source, target] = clusters;
  if (!awsEndpoint || !source || !target) throw new Error('The demo needs two clusters and an AWS endpoint.');
  const application = new Application(client('orders-service', source.bootstrapServers));
  await step('topics orders, balances made', () => application.createTopics(firstTopics));

  const configuration = join(folder, 'mm2.properties');
  writeFileSync(configuration, demoConfiguration(address));
  const deployment: Deployment = { address, awsEndpoint, configuration };
  await step('cdk bootstrap, both regions', () => bootstrap(deployment));
  await step('cdk deploy, both regions', () => deploy(deployment));

  const copies = new Copies(client('target-reader', target.bootstrapServers), 'demo-target');
  const originals = new Copies(client('source-reader', source.bootstrapServers), 'demo-source');
  const remote = (topic: string) => `${source.alias}.${topic}`;
  await step('remote topics there', () =>
    Promise.all(firstTopics.map(({ name }) => copies.follow(name, remote(name), NEW_TOPIC_MS))),
  );

  console.log(`\nA kafkajs application writes ${records} records to ${source.alias}; two groups read them there.\n`);
  const sides = {
    source: client('groups', source.bootstrapServers),
    target: client('groups', target.bootstrapServers),
    remote,
  };
  const billing = new ApplicationGroup('billing', ['orders', 'balances'], sides);
  const shipping = new ApplicationGroup('shipping', ['orders'], sides);
  const groups = [billing, shipping];
  await Promise.all([billing.read(Math.floor(records / 4)), shipping.read()]);
  const latencies = await watch(application, copies, records, async (onEvent) => {
    const began = performance.now();
    await copies.follow(lateTopic.name, remote(lateTopic.name), NEW_TOPIC_MS);
    onEvent(`topic ${remote(lateTopic.name)} is there after ${seconds(began)} s`);
  });

  const topics = [...firstTopics, lateTopic];
  await step('source read again, independently', async () => {
    await Promise.all(topics.map(({ name }) => originals.follow(name, name, NEW_TOPIC_MS)));
    await until(
      async () => originals.count >= application.count,
      STALLED_MS,
      () => new Error('source not read in time'),
    );
  });
  const proofs = await prove(address, topics, originals, copies);
  await step('groups stopped on the source, one half-way', () => Promise.all(groups.map((group) => group.leave())));
  const map = openOffsetMap(address);
  await step(`groups carried over to ${target.alias}`, () =>
    Promise.all(groups.map((group) => group.isCarriedOver((topic, partition) => map.translation(topic, partition)))),
  );
  await step(`groups resumed in ${target.alias}`, () => Promise.all(groups.map((group) => group.resume(copies))));
  const groupProofs = groups.map((group) => group.prove(originals));
  await Promise.all([originals.stop(), copies.stop()]);
  const copied = report(proofs, application.count, latencies);
  return reportGroups(groupProofs, target.alias) && copied;
}

/** Lets the application run and shows it until everything is on the other side. Returns all latencies, ms. */
async function watch(
  application: Application,
  copies: Copies,
  records: number,
  onLateTopic: (onEvent: (event: string) => void) => Promise<void>,
): Promise<number[]> {
  const view = new LiveView(console.log);
  const latencies: number[] = [];
  let events: string[] = [];
  let late: Promise<void> = Promise.resolve();
  const show = () => {
    const latest = copies.takeLatencies();
    latencies.push(...latest);
    const sample = { produced: application.count, replicated: copies.count, latenciesMs: latest };
    view.show(events.length > 0 ? { ...sample, event: events.join('; ') } : sample);
    events = [];
  };
  const timer = setInterval(show, 1_000);
  try {
    await application.run(records, (event) => {
      events.push(event);
      late = onLateTopic((text) => events.push(text));
    });
    await late;
    let [seen, seenAt] = [copies.count, performance.now()];
    const complete = async () => {
      if (copies.count !== seen) [seen, seenAt] = [copies.count, performance.now()];
      else if (performance.now() - seenAt > STALLED_MS) return true;
      return copies.count >= application.count;
    };
    await until(complete, 10 * STALLED_MS, () => new Error('the copy did not come to an end'));
  } finally {
    clearInterval(timer);
  }
  show();
  return latencies;
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
      return provePartition(`${topic}-${partition}`, here, there, translation, 7);
    }),
  );
}

function report(proofs: readonly PartitionProof[], produced: number, latencies: readonly number[]): boolean {
  console.log('\npartition      records   lost  duplicated  reordered  offsets translated  wrong');
  for (const proof of proofs) {
    console.log(
      proof.partition.padEnd(12) +
        String(proof.records).padStart(10) +
        String(proof.lost).padStart(7) +
        String(proof.duplicated).padStart(12) +
        String(proof.reordered).padStart(11) +
        String(proof.translated).padStart(20) +
        String(proof.mistranslated).padStart(7),
    );
  }
  const compared = proofs.reduce((sum, { records }) => sum + records, 0);
  console.log(`\n${compared} of ${produced} records compared byte for byte on both sides`);
  console.log(`latency, record timestamp to reader: p50 ${ms(latencies, 0.5)}, p99 ${ms(latencies, 0.99)}`);
  return compared === produced && proofs.every(holds);
}

function reportGroups(proofs: readonly GroupProof[], target: string): boolean {
  console.log(`\ngroup       read before  read in ${target}  skipped  read twice`);
  for (const { group, readOnSource, readOnTarget, skipped, readTwice } of proofs)
    console.log(
      group.padEnd(10) +
        String(readOnSource).padStart(13) +
        String(readOnTarget).padStart(9 + target.length + 1) +
        String(skipped).padStart(9) +
        String(readTwice).padStart(12),
    );
  return proofs.every(({ skipped, readTwice }) => skipped === 0 && readTwice === 0);
}

function client(clientId: string, bootstrapServers: string): Kafka {
  return new kafkajs.Kafka({ clientId, brokers: bootstrapServers.split(','), logLevel: kafkajs.logLevel.NOTHING });
}

function ms(values: readonly number[], share: number): string {
  return `${percentile(values, share)?.toFixed(0) ?? '-'} ms`;
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
