import { type ClusterSecurity, type SecuredPorts, securityProperties } from './cluster-security.ts';

/** One Kafka process: a broker, a controller, or both in one. */
export interface NodeSettings {
  readonly nodeId: number;
  readonly roles: readonly ('broker' | 'controller')[];
  /** The port clients connect to; absent on a controller. */
  readonly brokerPort?: number;
  /** Of a broker of a secured cluster. */
  readonly securedPorts?: SecuredPorts;
  /** The port of this cluster's one controller, be it in this process or in another. */
  readonly controllerPort: number;
  readonly dataFolder: string;
  /** How many brokers the cluster has. */
  readonly brokerCount: number;
  /** Absent: no authentication, and everybody may do everything. */
  readonly security?: ClusterSecurity;
  /** The caller's own settings; they win. */
  readonly overrides: Readonly<Record<string, string>>;
}

/**
 * A node's `server.properties`. Listeners are named apart from their security protocol, so that one with SASL or TLS
 * can stand beside the plain one.
 */
export function serverProperties(node: NodeSettings): string {
  const { brokerPort, controllerPort, securedPorts, security } = node;
  const listeners = [
    ...(brokerPort === undefined ? [] : [`PLAINTEXT://127.0.0.1:${brokerPort}`]),
    ...(securedPorts === undefined
      ? []
      : [`SASL_SSL://127.0.0.1:${securedPorts.sasl}`, `SSL://127.0.0.1:${securedPorts.tls}`]),
    ...(node.roles.includes('controller') ? [`CONTROLLER://127.0.0.1:${controllerPort}`] : []),
  ];
  const replicas = String(Math.min(node.brokerCount, 3));
  const settings: Record<string, string> = {
    'process.roles': node.roles.join(','),
    'node.id': String(node.nodeId),
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: listeners.join(','),
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL',
    'log.dirs': node.dataFolder,
    'auto.create.topics.enable': 'false',
    'default.replication.factor': replicas,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '5',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '5',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    ...(security && securityProperties(security)),
    ...node.overrides,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
