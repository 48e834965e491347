import type { CausewayError } from '../flow/errors.ts';
import { SyncKind, type SyncNotes } from '../ledger/reconcile-notes.ts';
import { TopicState } from '../ledger/topic-registry.ts';
import { type AclSync, syncAcls } from './acls/sync-acls.ts';
import { type ConfigSync, syncConfigs } from './configs/sync-configs.ts';
import { ReconcileStepError } from './errors.ts';
import { type Facts, isCovered } from './plan.ts';
import type { ReconcilePorts } from './ports.ts';
import type { TopicPair } from './topic.ts';
import type { Schedule, Wanted } from './wanted.ts';

/** What a look compared as a whole, where its time had come. */
export interface InStep {
  readonly configs: ConfigSync | undefined;
  readonly acls: AclSync | undefined;
  readonly errors: readonly CausewayError[];
}

export interface Occasion {
  /** A comparison by another deployment does not count: it may have had other rules. */
  readonly deployment: string;
  /** Topics were taken on by this look: theirs are not to wait for the interval. */
  readonly newTopics: boolean;
  /** No request is begun once it says false. */
  readonly goOn: () => boolean;
}

export const NOT_COMPARED: InStep = { configs: undefined, acls: undefined, errors: [] };

/** Compares what is due. What goes wrong is reported and never thrown. */
export async function keepInStep(
  facts: Facts,
  wanted: Wanted,
  ports: ReconcilePorts,
  occasion: Occasion,
): Promise<InStep> {
  const { flow, configs, acls, topics } = wanted;
  const { deployment, goOn } = occasion;
  if (!goOn()) return { ...NOT_COMPARED, errors: [] };
  const errors: CausewayError[] = [];
  const failed = (doing: string, cause: unknown) => {
    const error = new ReconcileStepError(flow, 'all topics', doing, cause);
    errors.push(error);
    return error;
  };
  const notes = await ports.notes.synced().catch((cause: unknown) => failed('reading what was last compared', cause));
  if (notes instanceof ReconcileStepError) return { ...NOT_COMPARED, errors };

  /** What may pass by itself is tried again at the next look, all else when its time has come again. */
  const attempt = async <T extends { readonly complete: boolean }>(
    kind: SyncKind,
    schedule: Schedule,
    work: () => Promise<T>,
  ): Promise<T | undefined> => {
    if (!goOn() || !isDue(notes[kind], schedule, facts.now, occasion)) return undefined;
    const done = await work().catch((cause: unknown) => failed(`comparing ${kind}`, cause));
    if (done instanceof ReconcileStepError ? done.retriable : !done.complete) return undefined;
    const noted = ports.notes.setSynced(kind, { at: facts.now, deployment });
    await noted.catch((cause: unknown) => failed(`noting that ${kind} were compared`, cause));
    return done instanceof ReconcileStepError ? undefined : done;
  };

  const pairs = pairsOf(facts, wanted);
  const inStep = {
    configs: await attempt(SyncKind.Configs, configs.sync, () => syncConfigs(flow, pairs, configs.rules, ports, goOn)),
    acls: await attempt(SyncKind.Acls, acls.sync, () => syncAcls(flow, { topics, ...acls }, ports)),
  };
  return { ...inStep, errors: [...errors, ...(inStep.configs?.errors ?? []), ...(inStep.acls?.errors ?? [])] };
}

function isDue(
  last: SyncNotes[SyncKind],
  { enabled, intervalMs }: Schedule,
  now: number,
  { deployment, newTopics }: Occasion,
): boolean {
  if (!enabled) return false;
  return newTopics || last === undefined || last.deployment !== deployment || now >= last.at + intervalMs;
}

/** Topics that are being copied, between incarnations that are known to belong together. */
export function pairsOf({ sourceTopics, targetTopics, items }: Facts, wanted: Wanted): readonly TopicPair[] {
  const sources = new Map(sourceTopics.map((topic) => [topic.name, topic]));
  const targets = new Map(targetTopics.map((topic) => [topic.name, topic]));
  return items.flatMap(({ topic, remoteTopic, state, sourceTopicId, targetTopicId }) => {
    const source = sources.get(topic);
    const isCopied =
      state === TopicState.Active &&
      source !== undefined &&
      isCovered(source, wanted) &&
      source.id === sourceTopicId &&
      targets.get(remoteTopic)?.id === targetTopicId;
    return isCopied ? [{ topic, remoteTopic }] : [];
  });
}
