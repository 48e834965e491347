import type { Action, TopicPlan } from '../action.ts';
import { type Facts, planTopics } from '../plan.ts';
import type { Wanted } from '../wanted.ts';

/** More than any topic needs: a plan that finds no end is cut here. */
const MAX_ROUNDS = 10;

/** Stands for the ids of what does not exist yet. */
const NOT_YET = '(not yet)';

/**
 * What a look of `reconcile` would do to every topic, as if each step succeeded at once and nobody else changed anything.
 * Topics with nothing to be done, waited for or complained of are left out.
 */
export function foresee(facts: Facts, wanted: Wanted): readonly TopicPlan[] {
  const foreseen = new Map<string, TopicPlan>();
  let now = facts;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const plans = planTopics(now, wanted);
    for (const plan of plans) {
      const actions = [...(foreseen.get(plan.topic)?.actions ?? []), ...plan.actions];
      foreseen.set(plan.topic, { ...plan, actions });
    }
    const actions = plans.flatMap((plan) => plan.actions);
    if (actions.length === 0) break;
    now = actions.reduce((before, action) => after(before, action, wanted), now);
  }
  return [...foreseen.values()].filter(
    ({ actions, waitingFor, fault }) => actions.length > 0 || waitingFor !== undefined || fault !== undefined,
  );
}

/** The facts once `action` was carried out. */
function after(facts: Facts, action: Action, wanted: Wanted): Facts {
  const { targetTopics, items, mappings } = facts;
  switch (action.kind) {
    case 'create-remote-topic': {
      const made = { name: action.remoteTopic, id: NOT_YET, partitions: action.partitions, internal: false };
      return { ...facts, targetTopics: [...targetTopics, made] };
    }
    case 'begin-grace': {
      const begun = { ...action.item, deletion: { since: facts.now, logEnds: 0 } };
      return { ...facts, items: [...items.filter(({ topic }) => topic !== begun.topic), begun] };
    }
    case 'delete-remote-topic':
      return { ...facts, targetTopics: targetTopics.filter(({ name }) => name !== action.item.remoteTopic) };
    case 'grow-remote-topic':
      return {
        ...facts,
        targetTopics: targetTopics.map((topic) =>
          topic.name === action.remoteTopic ? { ...topic, partitions: action.partitions } : topic,
        ),
      };
    case 'write-item':
      return { ...facts, items: [...items.filter(({ topic }) => topic !== action.item.topic), action.item] };
    case 'create-mapping': {
      const { topic, consumerGroup: group } = action.item;
      const { origin, settings } = wanted;
      const made = { uuid: NOT_YET, topic, group, phase: 'busy', origin, settings, lossless: true } as const;
      return { ...facts, mappings: [...mappings, made] };
    }
    case 'update-mapping':
    case 'delete-mapping': {
      const phase = action.kind === 'update-mapping' ? 'busy' : 'deleting';
      return {
        ...facts,
        mappings: mappings.map((mapping) => (mapping.uuid === action.uuid ? { ...mapping, phase } : mapping)),
      };
    }
    default:
      return facts;
  }
}
