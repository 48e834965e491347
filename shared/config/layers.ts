import { type FlowId, flowName } from '../flow/flow.ts';
import { CONNECTION_PROPERTIES } from './known/client-properties.ts';
import { CONNECTOR_PROPERTIES } from './known/connector-properties.ts';
import { WORKER_PREFIXES } from './known/worker-properties.ts';
import { layered, pick, type Setting, type Settings, withoutPrefix } from './setting.ts';

const CONNECTIONS = new Set(CONNECTION_PROPERTIES);
const CLIENTS = ['producer', 'consumer', 'admin'] as const;
const CAUSEWAY = 'causeway.';

/**
 * `A.<x>` under `<x>`, connections spread over the clients: `A.consumer.ssl.x` wins over `A.ssl.x`, and that over
 * `ssl.x`.
 */
export function clusterSettings(file: Settings, alias: string): Map<string, Setting> {
  const settings = withoutPrefix(file, `${alias}.`);
  const fill = (name: string, setting: Setting | undefined) => {
    if (setting !== undefined && !settings.has(name)) settings.set(name, setting);
  };
  for (const name of CONNECTION_PROPERTIES) for (const client of CLIENTS) fill(`${client}.${name}`, settings.get(name));
  for (const name of CONNECTION_PROPERTIES) {
    for (const client of CLIENTS) fill(`${client}.${name}`, file.get(name));
    fill(name, file.get(name));
  }
  return settings;
}

/**
 * What the connectors of a flow see, as MirrorMaker 2 puts it together: known top-level properties, the clusters'
 * under `source.` and `target.`, then the flow's own.
 */
export function connectorSettings(file: Settings, flow: FlowId): Map<string, Setting> {
  const known = (name: string) =>
    CONNECTOR_PROPERTIES.has(name) ||
    CONNECTIONS.has(name) ||
    name.startsWith('config.providers') ||
    name.startsWith('replication.policy') ||
    name.startsWith(CAUSEWAY);
  return layered(
    pick(file, known),
    side('source', clusterSettings(file, flow.source)),
    side('target', clusterSettings(file, flow.target)),
    withoutPrefix(file, `${flowName(flow)}.`),
  );
}

function side(name: 'source' | 'target', cluster: Settings): Map<string, Setting> {
  const client = /^(?:consumer|producer|admin)/;
  return new Map(
    [...cluster].map(([key, setting]) => [`${name}.${client.test(key) ? '' : 'cluster.'}${key}`, setting]),
  );
}

/** What the Connect worker on the target sees. */
export function workerSettings(file: Settings, target: string): Map<string, Setting> {
  const read = [...WORKER_PREFIXES, 'config.providers'];
  const top = pick(file, (name) => read.some((prefix) => name.startsWith(prefix)));
  return layered(clusterSettings(file, target), top);
}

/** Settings of the clients of a flow that move data, or look after topics, by client property. */
export interface ClientSettings {
  readonly sourceConsumer: Settings;
  readonly targetProducer: Settings;
  readonly sourceAdmin: Settings;
  readonly targetAdmin: Settings;
}

export function clientSettings(file: Settings, flow: FlowId): ClientSettings {
  const connector = connectorSettings(file, flow);
  const connection = (end: string) =>
    pick(withoutPrefix(connector, `${end}.cluster.`), (name) => CONNECTIONS.has(name));
  const under = (prefix: string) => withoutPrefix(connector, prefix);
  return {
    sourceConsumer: layered(connection('source'), under('consumer.'), under('source.consumer.')),
    targetProducer: layered(withoutPrefix(workerSettings(file, flow.target), 'producer.'), under('producer.override.')),
    sourceAdmin: layered(connection('source'), under('admin.'), under('source.admin.')),
    targetAdmin: layered(connection('target'), under('admin.'), under('target.admin.')),
  };
}
