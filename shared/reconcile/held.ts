import type { Action, TopicPlan } from './action.ts';
import { isCausewayGroup } from './consumer-group.ts';
import type { Mapping } from './mapping.ts';
import type { Wanted } from './wanted.ts';

/**
 * What is to be done of a flow that is held: its mappings are kept disabled, and nothing else is touched. No topic is taken
 * on, no mapping made or removed, no generation begun, and no cluster is asked, as the source may be gone. Once the hold
 * is lifted, a mapping that is disabled is not as wanted, and is enabled again.
 */
export function planHeld(mappings: readonly Mapping[], { settings }: Pick<Wanted, 'settings'>): readonly TopicPlan[] {
  const byTopic = Map.groupBy(
    mappings.filter(({ group }) => isCausewayGroup(group)),
    ({ topic }) => topic,
  );
  return [...byTopic]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([topic, own]) => {
      const actions = own
        .filter((mapping) => mapping.phase === 'settled' && mapping.settings.enabled)
        .map(({ uuid }): Action => ({ kind: 'update-mapping', uuid, settings: { ...settings, enabled: false } }));
      const waitingFor = own.some(({ phase }) => phase === 'busy') ? 'mapping-settled' : undefined;
      return { topic, actions, waitingFor, fault: undefined };
    });
}
