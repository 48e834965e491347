import { CONNECTOR_PROPERTIES } from '../../config/known/connector-properties.ts';
import type { Fact } from './explanation.ts';

/** What the configuration takes before it is built is not to be promised. */
export function notYet(property: string): readonly Fact[] {
  if (CONNECTOR_PROPERTIES.get(property)?.status !== 'later') return [];
  return [{ label: 'note', text: `this version reads ${property} and does not act on it yet` }];
}
