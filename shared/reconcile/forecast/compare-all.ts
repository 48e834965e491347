import { CausewayError } from '../../flow/errors.ts';
import { describeTopicAcl } from '../../policy/acl-selection.ts';
import { compareAcls } from '../acls/sync-acls.ts';
import { compareConfigs, TOPICS_A_REQUEST } from '../configs/sync-configs.ts';
import type { ConfigChange } from '../configs/topic-configs.ts';
import { pairsOf } from '../keep-in-step.ts';
import type { Facts } from '../plan.ts';
import type { ReconcilePorts } from '../ports.ts';
import type { Wanted } from '../wanted.ts';

/** Where a remote topic is not in step with its source. */
export interface OutOfStep {
  readonly topic: string;
  readonly remoteTopic: string;
  readonly settings: readonly ConfigChange[];
  /** Rights to be given and to be taken back, `ALLOW READ for User:app`. */
  readonly give: readonly string[];
  readonly takeBack: readonly string[];
}

export interface Comparison {
  readonly outOfStep: readonly OutOfStep[];
  /** What cannot be compared or will not be taken. */
  readonly faults: readonly CausewayError[];
}

/** What `reconcile` would change of settings and ACLs if their time were now. Changes nothing. */
export async function compareAll(facts: Facts, wanted: Wanted, ports: ReconcilePorts): Promise<Comparison> {
  const faults: CausewayError[] = [];
  const found = new Map<string, OutOfStep>();
  const add = (topic: string, remoteTopic: string, more: Partial<OutOfStep>) => {
    const before = found.get(remoteTopic) ?? { topic, remoteTopic, settings: [], give: [], takeBack: [] };
    found.set(remoteTopic, { ...before, ...more });
  };
  const attempt = async (enabled: boolean, work: () => Promise<void>) => {
    if (!enabled) return;
    await work().catch((error: unknown) => {
      if (!(error instanceof CausewayError)) throw error;
      faults.push(error);
    });
  };

  const { flow, topics, configs, acls } = wanted;
  await attempt(configs.sync.enabled, async () => {
    const pairs = pairsOf(facts, wanted);
    for (let at = 0; at < pairs.length; at += TOPICS_A_REQUEST) {
      const { plans, errors } = await compareConfigs(
        flow,
        pairs.slice(at, at + TOPICS_A_REQUEST),
        configs.rules,
        ports,
      );
      faults.push(...errors);
      for (const { pair, changes } of plans)
        if (changes.length > 0) add(pair.topic, pair.remoteTopic, { settings: changes });
    }
  });
  await attempt(acls.sync.enabled, async () => {
    const { plans } = await compareAcls(flow, { topics, ...acls }, ports);
    for (const { topic, remoteTopic, create, revoke } of plans)
      if (create.length + revoke.length > 0)
        add(topic, remoteTopic, { give: create.map(describeTopicAcl), takeBack: revoke.map(describeTopicAcl) });
  });
  return { outOfStep: [...found.values()].sort((a, b) => (a.remoteTopic < b.remoteTopic ? -1 : 1)), faults };
}
