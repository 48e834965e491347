import type { TopicItem } from '../ledger/topic-registry.ts';
import type { Action, MappingRemoval } from './action.ts';
import { type Mapping, type MappingSettings, sameOrigin, sameSettings } from './mapping.ts';
import { type Step, write } from './step.ts';
import type { Wanted } from './wanted.ts';

/** Exactly one mapping of the right group, origin and settings for an active item, known to the item by its id. */
export function planMapping(mappings: readonly Mapping[], item: TopicItem, wanted: Wanted): Step {
  const kept = keep(mappings, item);
  const surplus = mappings.filter((mapping) => mapping !== kept);
  const removals = surplus
    .filter((mapping) => mapping.phase !== 'deleting')
    .map((mapping) => remove(mapping, mapping.group === item.consumerGroup ? 'double' : 'other-generation'));

  if (kept === undefined) {
    // Lambda refuses a second mapping of the same function, cluster and topic, and the same group, until it is gone.
    if (surplus.length > 0) return { actions: removals, waitingFor: 'mapping-deleted' };
    return { actions: [{ kind: 'create-mapping', item }] };
  }
  if (kept.phase === 'busy') return { actions: removals, waitingFor: 'mapping-settled' };
  if (!sameOrigin(kept.origin, wanted.origin))
    return { actions: [...removals, remove(kept, 'other-origin')], waitingFor: 'mapping-deleted' };
  // A destination or a filter cannot be taken off for certain; another mapping of the same group goes on at its commits.
  if (!kept.lossless) return { actions: [...removals, remove(kept, 'drops-records')], waitingFor: 'mapping-deleted' };
  const changes: Action[] = [];
  if (!sameSettings(kept.settings, wanted.settings))
    changes.push({ kind: 'update-mapping', uuid: kept.uuid, settings: outOfGroup(kept, wanted) });
  if (item.mappingUuid !== kept.uuid) changes.push(write('mapping', { ...item, mappingUuid: kept.uuid }));
  return { actions: [...removals, ...changes], waitingFor: surplus.length > 0 ? 'mapping-deleted' : undefined };
}

/** A mapping leaves its group of pollers only where it is told to, by an empty name. */
function outOfGroup({ settings: { pollers } }: Mapping, { settings }: Wanted): MappingSettings {
  if (pollers?.group === undefined || settings.pollers === undefined || settings.pollers.group !== undefined)
    return settings;
  return { ...settings, pollers: { ...settings.pollers, group: '' } };
}

function keep(mappings: readonly Mapping[], item: TopicItem): Mapping | undefined {
  const right = mappings.filter((mapping) => mapping.group === item.consumerGroup && mapping.phase !== 'deleting');
  return (
    right.find((mapping) => mapping.uuid === item.mappingUuid) ??
    right.toSorted((a, b) => (a.uuid < b.uuid ? -1 : 1))[0]
  );
}

function remove(mapping: Mapping, reason: MappingRemoval): Action {
  return { kind: 'delete-mapping', uuid: mapping.uuid, reason };
}
