import { CLUSTER_PROPERTIES, FLOW_PROPERTIES } from '../known/causeway-properties.ts';
import { CLIENT_PROPERTIES } from '../known/client-properties.ts';
import { CONNECTOR_PROPERTIES, FLOW_ONLY_PROPERTIES } from '../known/connector-properties.ts';
import { DRIVER_PROPERTIES } from '../known/driver-properties.ts';
import type { KnownProperty, PropertyStatus } from '../known/known-property.ts';
import { WORKER_PROPERTIES } from '../known/worker-properties.ts';
import { oneOf } from '../values.ts';

/** The tables of docs/configuration.md, each under the name that its place in the page is marked with. */
export const TABLES: ReadonlyMap<string, readonly KnownProperty[]> = new Map([
  ['causeway-cluster', [...CLUSTER_PROPERTIES.values()]],
  ['causeway-flow', [...FLOW_PROPERTIES.values()]],
  ['file', [...DRIVER_PROPERTIES.values()]],
  ['flow', [...CONNECTOR_PROPERTIES.values(), ...FLOW_ONLY_PROPERTIES.values()]],
  ['client', [...CLIENT_PROPERTIES.values()]],
  ['worker', [...WORKER_PROPERTIES.values()]],
]);

const STATUS: Readonly<Record<PropertyStatus, string>> = {
  honoured: 'yes',
  later: 'later',
  'not-applicable': 'no',
  refused: 'refused',
};

/**
 * `page` with each table written anew between `<!-- table: name -->` and `<!-- end -->`.
 * @throws RangeError for a table that has no place in the page, or a place with no table
 */
export function withTables(page: string): string {
  const placed = new Set<string>();
  const written = page.replace(/(<!-- table: (\S+) -->\n)[\s\S]*?(<!-- end -->)/g, (_, begin, name: string, end) => {
    const properties = TABLES.get(name);
    if (properties === undefined) throw new RangeError(`there is no table ${name}`);
    placed.add(name);
    return `${begin}${table(properties)}${end}`;
  });
  for (const name of TABLES.keys()) if (!placed.has(name)) throw new RangeError(`the page has no place for ${name}`);
  return written;
}

function table(properties: readonly KnownProperty[]): string {
  const head = '| property | type | default | used | what it does, or why it is not used |\n|---|---|---|---|---|\n';
  return `${head}${properties.map((property) => `${row(property)}\n`).join('')}`;
}

function row(property: KnownProperty): string {
  const { name, status, note } = property;
  const cells = [`\`${name}\``, typeOf(property), defaultOf(property), STATUS[status], note];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`;
}

function typeOf({ type, values, minimum, maximum, except }: KnownProperty): string {
  if (values !== undefined) return oneOf(values.map((value) => `\`${value}\``));
  if (except !== undefined) return `${type}, ${except.expected}`;
  if (minimum === undefined) return type;
  return maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
    ? `${type}, ${minimum} or more`
    : `${type}, ${minimum} to ${maximum}`;
}

function defaultOf({ default: theirs, causewayDefault }: KnownProperty): string {
  const code = (value: string) =>
    value === ''
      ? ''
      : value
          .split(', ')
          .map((item) => `\`${item}\``)
          .join(', ');
  if (causewayDefault !== undefined) return `${code(causewayDefault)} (MM2: ${code(theirs ?? '')})`;
  return theirs === undefined ? '' : code(theirs);
}
