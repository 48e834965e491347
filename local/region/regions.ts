import { renameSync, writeFileSync } from 'node:fs';
import { installTools } from '../setup/tools.ts';
import type { ClusterAddress, RegionsAddress } from './addresses.ts';
import { NotInThisRun, type RegionProcessDied } from './errors.ts';
import { externalParts } from './external.ts';
import { KafkaCluster, portsOf } from './kafka-cluster.ts';
import { LocalStack, mskClusters } from './local-stack.ts';
import { type ClusterOptions, defaultClusters, type RegionsOptions } from './options.ts';
import { RunFolder } from './run-folder.ts';
import { Supervisor } from './supervisor.ts';

/**
 * Starts regions on this machine: for each cluster real Kafka brokers, and one LocalStack for the AWS of all of them.
 * Every run has a folder and ports of its own, so that any number of runs can go on side by side. What environment
 * variables give (see {@link ExternalParts}) is used instead of being started.
 *
 * @throws ToolInstallFailed, RegionProcessDied or RegionNotReady; then everything has been stopped
 *
 * @example
 * ```ts
 * await using regions = await startRegions({ aws: false });
 * await regions.killBroker('us-west', 1);
 * ```
 */
export async function startRegions(options: RegionsOptions = {}): Promise<Regions> {
  const { clusters = defaultClusters, aws = true } = options;
  const external = externalParts(clusters, process.env);
  const own = clusters.filter((_, index) => external.clusters[index] === undefined);
  const withLocalStack = aws && external.awsEndpoint === undefined;
  const tools = await installTools(toolsFor({ kafka: own.length > 0, aws: withLocalStack }));

  const supervisor = new Supervisor(await RunFolder.create(totalPorts(own) + (withLocalStack ? 1 : 0)));
  const { run, died } = supervisor;
  const ports = [...run.ports];
  const addresses = clusters.map((cluster, index) => {
    const given = external.clusters[index];
    if (given) return given;
    const started = new KafkaCluster(run, tools.kafka, cluster, ports.splice(0, portsOf(cluster)), died);
    supervisor.clusters.push(started);
    return started.address;
  });
  const [awsPort] = ports;
  if (withLocalStack && awsPort !== undefined) {
    const settings = { CAUSEWAY_MSK_CLUSTERS: mskClusters(addresses), ...options.awsSettings };
    supervisor.localStack = new LocalStack(run, tools, awsPort, settings, died);
  }
  await supervisor.start();
  const awsEndpoint = aws ? (external.awsEndpoint ?? supervisor.localStack?.endpoint) : undefined;
  return new Regions(supervisor, {
    runId: run.id,
    folder: run.path,
    ...(awsEndpoint === undefined ? {} : { awsEndpoint }),
    clusters: addresses,
  });
}

/** What has to be installed for the parts that are to be started. */
export function toolsFor(parts: { readonly kafka: boolean; readonly aws: boolean }) {
  return [
    ...(parts.kafka ? (['kafka'] as const) : []),
    ...(parts.aws ? (['localstack', 'dynamodb-local', 'jsonata'] as const) : []),
  ];
}

function totalPorts(clusters: readonly ClusterOptions[]): number {
  return clusters.reduce((sum, cluster) => sum + portsOf(cluster), 0);
}

/** Regions that this process started and has to stop. */
export class Regions implements AsyncDisposable {
  /** What `region.json` holds. */
  readonly address: RegionsAddress;
  readonly #supervisor: Supervisor;

  constructor(supervisor: Supervisor, address: RegionsAddress) {
    this.#supervisor = supervisor;
    this.address = address;
    const { addressFile } = supervisor.run;
    writeFileSync(`${addressFile}.draft`, JSON.stringify(address, undefined, 2));
    renameSync(`${addressFile}.draft`, addressFile);
  }

  /** The first cluster. */
  get source(): ClusterAddress {
    return this.#clusterAt(0, 'source');
  }
  /** The second cluster. */
  get target(): ClusterAddress {
    return this.#clusterAt(1, 'target');
  }
  get awsEndpoint(): string {
    const { awsEndpoint } = this.address;
    if (awsEndpoint === undefined) throw new NotInThisRun('AWS endpoint', []);
    return awsEndpoint;
  }
  /** Where `region.json` is. */
  get addressFile(): string {
    return this.#supervisor.run.addressFile;
  }
  /** Resolves, and never rejects, when a process ends by itself; by then everything has been stopped. */
  get failure(): Promise<RegionProcessDied> {
    return this.#supervisor.failure;
  }

  /** The broker is gone from one moment to the next. @throws NotInThisRun */
  async killBroker(alias: string, brokerId: number): Promise<void> {
    await this.#own(alias).killBroker(brokerId);
  }
  /** Starts a killed broker with the data it had; resolves when clients see it. @throws NotInThisRun */
  async startBroker(alias: string, brokerId: number): Promise<void> {
    await this.#own(alias).startBroker(brokerId);
  }
  /** A controlled shutdown and a start; resolves when clients see the broker again. @throws NotInThisRun */
  async restartBroker(alias: string, brokerId: number): Promise<void> {
    await this.#own(alias).restartBroker(brokerId);
  }

  /**
   * Stops every process and removes the run's data.
   *
   * @param failed keeps the logs; a run in which a process died is failed anyway
   */
  async stop({ failed = false } = {}): Promise<void> {
    await this.#supervisor.stop(failed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #clusterAt(index: number, role: string): ClusterAddress {
    const cluster = this.address.clusters[index];
    if (!cluster) throw new NotInThisRun(`${role} cluster`, this.#aliases());
    return cluster;
  }

  #own(alias: string): KafkaCluster {
    const cluster = this.#supervisor.clusters.find(({ address }) => address.alias === alias);
    if (!cluster) throw new NotInThisRun(`cluster ${alias} of its own`, this.#aliases());
    return cluster;
  }

  #aliases(): string[] {
    return this.address.clusters.map(({ alias }) => alias);
  }
}
