import { byName, type KnownProperty, rows } from './known-property.ts';

/** Properties of the file as a whole. */
export const DRIVER_PROPERTIES: ReadonlyMap<string, KnownProperty> = byName([
  ...rows('honoured', 'aliases of the clusters', { clusters: 'list' }),
  ...rows('honoured', 'names of the providers that references may use', { 'config.providers': 'list' }),
  ...rows('not-applicable', 'there is no REST server', { 'dedicated.mode.enable.internal.rest': 'boolean false' }),
]);
