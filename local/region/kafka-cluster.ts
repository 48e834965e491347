import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { formatCommand, newClusterId, nodeCommand } from '../kafka/commands.ts';
import { type NodeSettings, serverProperties } from '../kafka/server-properties.ts';
import { projectRoot } from '../setup/project.ts';
import { runLogged } from '../setup/steps.mjs';
import { type BrokerAddress, type ClusterAddress, clusterArn } from './addresses.ts';
import { NotInThisRun, RegionNotReady, type RegionProcessDied } from './errors.ts';
import type { ClusterOptions } from './options.ts';
import type { RunFolder } from './run-folder.ts';
import { SupervisedProcess } from './supervised-process.ts';
import { until } from './until.ts';

const READY_WITHIN_MS = 90_000;
/** Apart from the brokers' ids, which count from 1. */
const CONTROLLER_ID = 100;

/** Leaves out the optimising compiler, whose work on a broker that lives for a minute is never paid back. */
const quickStart = ['-XX:TieredStopAtLevel=1'];

/** How many ports a cluster takes: one a broker, one for its controller. */
export function portsOf({ brokers = 1 }: ClusterOptions): number {
  return brokers + 1;
}

/**
 * A real KRaft cluster. One broker is its own controller; with more of them the controller is a process apart, so that
 * any broker can be taken down.
 */
export class KafkaCluster {
  readonly address: ClusterAddress;
  readonly #nodes: ReadonlyMap<number, KafkaNode>;

  constructor(run: RunFolder, jars: string, options: ClusterOptions, ports: readonly number[], died: Died) {
    const { alias, awsRegion, brokers: brokerCount = 1, serverProperties: overrides = {} } = options;
    const { javaOptions = quickStart } = options;
    const [controllerPort, ...brokerPorts] = ports;
    if (controllerPort === undefined) throw new RangeError('a cluster needs a port for its controller');
    const alone = brokerCount === 1;
    const place: Place = { run, jars, alias, died, clusterId: newClusterId(), javaOptions };
    const node = (nodeId: number, roles: NodeSettings['roles'], port: { brokerPort?: number }) =>
      new KafkaNode(place, { nodeId, roles, ...port, controllerPort, brokerCount, overrides });
    const brokers = brokerPorts.map((brokerPort, index) =>
      node(index + 1, alone ? ['broker', 'controller'] : ['broker'], { brokerPort }),
    );
    const nodes = alone ? brokers : [node(CONTROLLER_ID, ['controller'], {}), ...brokers];
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    const addresses = brokerPorts.map((port, index): BrokerAddress => ({ id: index + 1, host: '127.0.0.1', port }));
    this.address = {
      alias,
      awsRegion,
      arn: clusterArn(alias, awsRegion),
      bootstrapServers: addresses.map(({ host, port }) => `${host}:${port}`).join(','),
      brokers: addresses,
    };
  }

  /** Formats and starts every node; resolves when clients see all brokers. */
  async start(signal: AbortSignal): Promise<void> {
    const nodes = [...this.#nodes.values()];
    await Promise.all(nodes.map((node) => node.format()));
    signal.throwIfAborted();
    for (const node of nodes) node.start();
    await this.#ready(signal);
  }

  /** The broker is gone from one moment to the next, as when its machine is lost. */
  async killBroker(id: number): Promise<void> {
    await this.#broker(id).kill();
  }

  /** Starts a broker that was killed, with the data it had; resolves when clients see all brokers. */
  async startBroker(id: number): Promise<void> {
    this.#broker(id).start();
    await this.#ready();
  }

  /** A controlled shutdown, which hands leadership over, and a start. */
  async restartBroker(id: number): Promise<void> {
    await this.#broker(id).terminate();
    await this.startBroker(id);
  }

  killNow(): void {
    for (const node of this.#nodes.values()) node.killNow();
  }

  async kill(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.kill()));
  }

  #broker(id: number): KafkaNode {
    const node = id === CONTROLLER_ID ? undefined : this.#nodes.get(id);
    if (node) return node;
    const present = this.address.brokers.map((broker) => `broker ${broker.id}`);
    throw new NotInThisRun(`broker ${id} in ${this.address.alias}`, present);
  }

  async #ready(signal?: AbortSignal): Promise<void> {
    const { alias, bootstrapServers, brokers } = this.address;
    const seen = async () => {
      const admin = new Admin({
        clientId: 'causeway-local',
        bootstrapBrokers: bootstrapServers.split(','),
        retries: 0,
        connectTimeout: 1000,
        timeout: 5000,
      });
      try {
        return (await admin.metadata({ topics: [], forceUpdate: true })).brokers.size === brokers.length;
      } finally {
        await admin.close();
      }
    };
    const log = [...this.#nodes.values()][0]?.log ?? '';
    const timedOut = (last: unknown) => new RegionNotReady(`Kafka ${alias}`, READY_WITHIN_MS, log, last);
    await until(seen, READY_WITHIN_MS, timedOut, signal);
  }
}

type Died = (error: RegionProcessDied) => void;

interface Place {
  readonly run: RunFolder;
  readonly jars: string;
  readonly alias: string;
  readonly clusterId: string;
  readonly javaOptions: readonly string[];
  readonly died: Died;
}

class KafkaNode {
  readonly id: number;
  readonly #place: Place;
  readonly #name: string;
  readonly #propertiesFile: string;
  readonly #formsQuorum: boolean;
  #process: SupervisedProcess | undefined;

  constructor(place: Place, settings: Omit<NodeSettings, 'dataFolder'>) {
    const { run, alias } = place;
    this.id = settings.nodeId;
    this.#place = place;
    this.#formsQuorum = settings.roles.includes('controller');
    this.#name = `kafka-${alias}-${this.id}`;
    this.#propertiesFile = join(run.logs, `${this.#name}.properties`);
    writeFileSync(this.#propertiesFile, serverProperties({ ...settings, dataFolder: join(run.data, this.#name) }));
  }

  get log(): string {
    return join(this.#place.run.logs, `${this.#name}.log`);
  }

  async format(): Promise<void> {
    const { jars, clusterId } = this.#place;
    const { program, args } = formatCommand(jars, this.#propertiesFile, clusterId, this.#formsQuorum);
    await runLogged(program, args, { cwd: projectRoot, log: this.log });
  }

  start(): void {
    const { run, jars, died, javaOptions } = this.#place;
    this.#process = new SupervisedProcess(run, this.#name, nodeCommand(jars, this.#propertiesFile, javaOptions), died);
  }

  killNow(): void {
    this.#process?.killNow();
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  async terminate(): Promise<void> {
    await this.#process?.terminate();
  }
}
