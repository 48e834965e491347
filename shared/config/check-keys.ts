import { CLUSTER_PROPERTIES, FLOW_PROPERTIES } from './known/causeway-properties.ts';
import { CLIENT_PROPERTIES, CONNECTION_PROPERTIES } from './known/client-properties.ts';
import { CONNECTOR_PROPERTIES, FLOW_ONLY_PROPERTIES } from './known/connector-properties.ts';
import { DRIVER_PROPERTIES } from './known/driver-properties.ts';
import type { KnownProperty } from './known/known-property.ts';
import { NO_REST, WORKER_PREFIXES, WORKER_PROPERTIES } from './known/worker-properties.ts';
import { nearest } from './nearest.ts';
import type { Report } from './report.ts';
import type { Setting, Settings } from './setting.ts';
import { check } from './values.ts';

const CONNECTIONS = new Set(CONNECTION_PROPERTIES);
const CLIENT = /^(?:(?:source|target)\.)?(?:consumer|producer|admin)\.(?:override\.)?/;
const ELSEWHERE = 'does nothing here, nor in MirrorMaker 2';

/**
 * What becomes of a key: taken (and its value fits the property), without effect for the reason given, or unknown
 * among `candidates`.
 */
type Standing =
  | { readonly property: KnownProperty }
  | { readonly nothing: string }
  | { readonly candidates: Iterable<string>; readonly prefix: string };

/** Says of every key of the file whether it has an effect; nothing is left out in silence. */
export function checkKeys(file: Settings, aliases: readonly string[], report: Report): void {
  for (const setting of file.values()) judge(setting, standing(setting.key, aliases), report);
}

function judge(setting: Setting, found: Standing, report: Report): void {
  if ('nothing' in found) report.warn(setting, found.nothing);
  else if ('candidates' in found) unknown(setting, found, report);
  else {
    const { status, note, type } = found.property;
    const read = check(found.property, setting.value);
    const referred = setting.value.includes('${');
    if ('expected' in read && !referred && type !== 'password') report.fault(setting, read.expected);
    if (status === 'not-applicable') report.warn(setting, `not used: ${note}`);
    if (status === 'later') report.warn(setting, `not used yet: ${note}`);
  }
}

function unknown(setting: Setting, { candidates, prefix }: Extract<Standing, { prefix: string }>, report: Report) {
  const near = nearest(setting.key.slice(prefix.length), candidates);
  if (near !== undefined) report.fault(setting, 'a known key', `${prefix}${near}`);
  else if (setting.key.slice(prefix.length).startsWith('causeway.'))
    report.fault(setting, 'a key of docs/configuration.md');
  else report.warn(setting, 'known neither to MirrorMaker 2 nor to Causeway: it has no effect');
}

function standing(key: string, aliases: readonly string[]): Standing {
  const pair = /^([^.]*)->([^.]*)\.(.*)$/.exec(key);
  if (pair !== null) return pairStanding(pair, aliases);
  const known = topProperty(key);
  if (known !== undefined) return { property: known };
  const alias = aliases.filter((each) => key.startsWith(`${each}.`)).toSorted((a, b) => b.length - a.length)[0];
  if (alias !== undefined) return clusterStanding(alias, key.slice(alias.length + 1));
  const top = topStanding(key);
  if (top !== undefined) return top;
  const [, stranger, name] = /^([^.]+)\.(.+)$/.exec(key) ?? [];
  if (
    stranger !== undefined &&
    name !== undefined &&
    (CONNECTIONS.has(name) || CLUSTER_PROPERTIES.has(name) || CLIENT.test(name))
  )
    return strange([stranger], aliases, (near) => `${near}.${name}`);
  return {
    prefix: '',
    candidates: [
      ...[...CONNECTOR_PROPERTIES.keys(), ...FLOW_PROPERTIES.keys(), ...CONNECTIONS, ...DRIVER_PROPERTIES.keys()],
      ...aliases.flatMap((each) => [...CONNECTIONS, ...CLUSTER_PROPERTIES.keys()].map((known) => `${each}.${known}`)),
    ],
  };
}

/** A key for a cluster that `clusters` does not name: a slip if one is spelt nearly like it. */
function strange(names: readonly string[], aliases: readonly string[], corrected: (near: string) => string): Standing {
  const stranger = names.find((name) => !aliases.includes(name)) ?? '';
  const near = nearest(stranger, aliases);
  if (near === undefined) return { nothing: `no effect: ${stranger} is not one of clusters` };
  return { prefix: '', candidates: [corrected(near)] };
}

function pairStanding(
  [key, source = '', target = '', name = '']: RegExpExecArray,
  aliases: readonly string[],
): Standing {
  if (!aliases.includes(source) || !aliases.includes(target))
    return strange([source, target], aliases, (near) =>
      aliases.includes(source) ? `${source}->${near}.${name}` : `${near}->${target}.${name}`,
    );
  if (source === target) return { nothing: 'no effect: a flow joins two different clusters' };
  const prefix = key.slice(0, key.length - name.length);
  const property = CONNECTOR_PROPERTIES.get(name) ?? FLOW_ONLY_PROPERTIES.get(name) ?? FLOW_PROPERTIES.get(name);
  if (property !== undefined) return { property };
  if (name.startsWith('producer.') && !name.startsWith('producer.override.'))
    return {
      nothing: `not used: MirrorMaker 2 tunes its producer of offset syncs with it; for records write ${prefix}producer.override.${name.slice(9)}`,
    };
  const client = clientStanding(name, prefix);
  if (client !== undefined) return client;
  const clusterWide = /^(?:source|target)\.cluster\.(.+)$/.exec(name)?.[1];
  const connection = clusterWide === undefined ? undefined : CLIENT_PROPERTIES.get(clusterWide);
  if (connection !== undefined && CONNECTIONS.has(connection.name)) return { property: connection };
  if (CLIENT_PROPERTIES.has(name)) {
    const places = `${prefix}source.consumer.${name} or ${prefix}producer.override.${name}`;
    return { nothing: `${ELSEWHERE}; write ${places}` };
  }
  if (WORKER_PROPERTIES.has(name)) return { nothing: `${ELSEWHERE}: MirrorMaker 2 reads ${target}.${name}` };
  if (/^(?:transforms|predicates|topic\.creation)\./.test(name))
    return { nothing: 'not used: see the list it belongs to' };
  const known = [...CONNECTOR_PROPERTIES.keys(), ...FLOW_ONLY_PROPERTIES.keys(), ...FLOW_PROPERTIES.keys()];
  return { prefix, candidates: known };
}

function clusterStanding(alias: string, name: string): Standing {
  const prefix = `${alias}.`;
  const property = CLUSTER_PROPERTIES.get(name) ?? (CONNECTIONS.has(name) ? CLIENT_PROPERTIES.get(name) : undefined);
  if (property !== undefined) return { property };
  const client = clientStanding(name, prefix);
  if (client !== undefined) return client;
  const worker = WORKER_PROPERTIES.get(name);
  if (worker !== undefined) return { property: worker };
  if (CLIENT_PROPERTIES.has(name))
    return {
      nothing: `${ELSEWHERE}; write ${prefix}consumer.${name}, ${prefix}producer.${name} or ${prefix}admin.${name}`,
    };
  if (CONNECTOR_PROPERTIES.has(name) || FLOW_ONLY_PROPERTIES.has(name))
    return { nothing: `${ELSEWHERE}; it belongs to a flow: ${alias}->...${name}` };
  const known = [...CONNECTIONS, ...CLUSTER_PROPERTIES.keys(), ...WORKER_PROPERTIES.keys()];
  return { prefix, candidates: known };
}

/** `consumer.x`, `source.admin.x`, `producer.override.x` and so on; undefined when `name` is nothing like it. */
function clientStanding(name: string, prefix: string): Standing | undefined {
  const client = CLIENT.exec(name)?.[0];
  if (client === undefined) return undefined;
  const property = CLIENT_PROPERTIES.get(name.slice(client.length));
  return property === undefined ? { prefix: prefix + client, candidates: CLIENT_PROPERTIES.keys() } : { property };
}

/** A property that MirrorMaker 2 or Causeway reads at top level. */
function topProperty(name: string): KnownProperty | undefined {
  const property = DRIVER_PROPERTIES.get(name) ?? CONNECTOR_PROPERTIES.get(name) ?? FLOW_PROPERTIES.get(name);
  if (property !== undefined) return property;
  if (CONNECTIONS.has(name)) return CLIENT_PROPERTIES.get(name);
  return name.startsWith('config.providers.') ? provider(name) : undefined;
}

/** What else stands at top level, most of it in vain. */
function topStanding(name: string): Standing | undefined {
  if (FLOW_ONLY_PROPERTIES.has(name))
    return { nothing: `${ELSEWHERE}, at top level; write <source>-><target>.${name}` };
  if (/^(?:transforms|predicates|topic\.creation)\./.test(name))
    return { nothing: `${ELSEWHERE}, at top level: only <source>-><target>.${name} reaches a connector` };
  if (CLIENT.test(name) && !WORKER_PROPERTIES.has(name))
    return { nothing: `${ELSEWHERE}, at top level; write <cluster>.${name} or <source>-><target>.${name}` };
  if (CLIENT_PROPERTIES.has(name) && !WORKER_PREFIXES.some((prefix) => name.startsWith(prefix)))
    return { nothing: `${ELSEWHERE}, at top level; write <cluster>.producer.${name} or <cluster>.consumer.${name}` };
  const worker = WORKER_PROPERTIES.get(name);
  if (worker === undefined) return undefined;
  return worker.note === NO_REST || WORKER_PREFIXES.some((prefix) => name.startsWith(prefix))
    ? { property: worker }
    : { nothing: `${ELSEWHERE}, at top level: MirrorMaker 2 reads <target>.${name}; ${worker.note}` };
}

/** `config.providers.<name>.class` and `.param.<x>`: whatever the provider takes. */
function provider(name: string): KnownProperty {
  return { name, type: 'string', default: undefined, status: 'honoured', note: 'of a config provider' };
}
