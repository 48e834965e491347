import { Admin } from '@platformatic/kafka';
import type { SecuredPorts } from '../kafka/cluster-security.ts';
import { newClusterId } from '../kafka/commands.ts';
import type { NodeSettings } from '../kafka/server-properties.ts';
import { type BrokerAddress, type ClusterAddress, clusterArn } from './addresses.ts';
import { NotInThisRun, RegionNotReady } from './errors.ts';
import { type Died, KafkaNode, type Place } from './kafka-node.ts';
import type { ClusterOptions } from './options.ts';
import type { RunFolder } from './run-folder.ts';
import { SecuredCluster } from './secured-cluster.ts';
import { until } from './until.ts';

const READY_WITHIN_MS = 90_000;
/** Apart from the brokers' ids, which count from 1. */
const CONTROLLER_ID = 100;

/** Leaves out the optimising compiler, whose work on a broker that lives for a minute is never paid back. */
const quickStart = ['-XX:TieredStopAtLevel=1'];

/** How many ports a cluster takes: one for its controller, and one for each of the brokers' listeners. */
export function portsOf({ brokers = 1, secured = false }: ClusterOptions): number {
  return 1 + brokers * (secured ? 3 : 1);
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
    const { javaOptions = quickStart, secured = false } = options;
    const [controllerPort, ...others] = ports;
    if (controllerPort === undefined) throw new RangeError('a cluster needs a port for its controller');
    const brokerPorts = others.splice(0, brokerCount);
    const security = secured ? new SecuredCluster(run.data, alias) : undefined;
    const securedPorts = security ? brokerPorts.map((): SecuredPorts => nextTwo(others)) : [];
    const alone = brokerCount === 1;
    const place: Place = { run, jars, alias, died, clusterId: newClusterId(), javaOptions };
    const node = (nodeId: number, roles: NodeSettings['roles'], listeners: Listeners) => {
      const settings = { nodeId, roles, controllerPort, brokerCount, overrides };
      return new KafkaNode(place, { ...settings, ...listeners, ...(security && { security: security.settings }) });
    };
    const brokers = brokerPorts.map((brokerPort, index) => {
      const own = securedPorts[index];
      const listeners = { brokerPort, ...(own && { securedPorts: own }) };
      return node(index + 1, alone ? ['broker', 'controller'] : ['broker'], listeners);
    });
    const nodes = alone ? brokers : [node(CONTROLLER_ID, ['controller'], {}), ...brokers];
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    const addresses = brokerPorts.map((port, index): BrokerAddress => ({ id: index + 1, host: '127.0.0.1', port }));
    this.address = {
      alias,
      awsRegion,
      arn: clusterArn(alias, awsRegion),
      bootstrapServers: addresses.map(({ host, port }) => `${host}:${port}`).join(','),
      ...(security && { secured: security.address(securedPorts) }),
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

  /** Each broker learns of the others by itself, so each is asked. */
  async #ready(signal?: AbortSignal): Promise<void> {
    const { alias, brokers } = this.address;
    const seenByAll = async () => {
      const counts = await Promise.all(brokers.map(({ host, port }) => brokersSeenAt(`${host}:${port}`)));
      return counts.every((count) => count === brokers.length);
    };
    const log = [...this.#nodes.values()][0]?.log ?? '';
    const timedOut = (last: unknown) => new RegionNotReady(`Kafka ${alias}`, READY_WITHIN_MS, log, last);
    await until(seenByAll, READY_WITHIN_MS, timedOut, signal);
  }
}

async function brokersSeenAt(bootstrapServer: string): Promise<number> {
  const admin = new Admin({
    clientId: 'causeway-local',
    bootstrapBrokers: [bootstrapServer],
    retries: 0,
    connectTimeout: 1000,
    timeout: 5000,
  });
  try {
    return (await admin.metadata({ topics: [], forceUpdate: true })).brokers.size;
  } finally {
    await admin.close();
  }
}

type Listeners = Pick<NodeSettings, 'brokerPort' | 'securedPorts'>;

function nextTwo(ports: number[]): SecuredPorts {
  const [sasl, tls] = ports.splice(0, 2);
  if (sasl === undefined || tls === undefined) throw new RangeError('a secured broker needs two more ports');
  return { sasl, tls };
}
