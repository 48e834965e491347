import type { Hold } from '../ledger/hold.ts';
import { type FlowItem, FlowState, type TopicItem, TopicState } from '../ledger/topic-registry.ts';
import type { ItemChange, TopicPlan } from './action.ts';
import { configsOfNew as describeNew } from './configs/configs-of-new.ts';
import { isOrphan } from './deletion.ts';
import { NoTopicsShownError } from './errors.ts';
import { executePlan, type TopicOutcome } from './execute.ts';
import { planHeld } from './held.ts';
import { type InStep, keepInStep, NOT_COMPARED } from './keep-in-step.ts';
import { type Facts, isCovered, planTopics } from './plan.ts';
import type { ReconcilePorts } from './ports.ts';
import { sideBySide } from './side-by-side.ts';
import type { Wanted } from './wanted.ts';

/** Rounds of one look: a new topic needs four (remote topic, item, mapping, its id); two more for what others do meanwhile. */
const MAX_ROUNDS = 6;

export interface LookReport {
  readonly flow: FlowItem;
  /** Set where a runbook holds the flow: then its mappings are kept disabled, and nothing else was looked at. */
  readonly hold: Hold | undefined;
  /** Source topics that the flow copies or should copy. */
  readonly covered: number;
  /** Remote topics that are there though their source topics are gone. */
  readonly orphans: readonly string[];
  /** The last round's outcome of every topic. */
  readonly topics: readonly TopicOutcome[];
  /** Every topic outcome of every round that did or reported something, in order. */
  readonly steps: readonly TopicOutcome[];
  readonly rounds: number;
  /** What was compared as a whole after the last round, where its time had come. */
  readonly inStep: InStep;
  /** Why it ended before it was through; undefined when it did not. */
  readonly ended: LookEnd | undefined;
}

/** `time-over`: a later look goes on where this one stopped. The other two: this run has nothing more to say. */
export type LookEnd = 'flow-removed' | 'deployed-anew' | 'time-over';

export interface LookLimits {
  /** No topic is begun from then on, ms since the epoch. */
  readonly until?: number;
  /** The deployment that this run belongs to: it leaves the flow to the next one. Default: the one it finds. */
  readonly deployment?: string;
  /** Ids of remote topics that this run has made; what it makes is added. */
  readonly made?: Set<string>;
}

/**
 * One look: finds out how things are and brings every topic as far as it can go without waiting. What has to be waited
 * for (a mapping being deleted, deliveries ending) is left to a later look. Safe to run any number of times at once.
 * @throws NoTopicsShownError, and whatever the ports throw when a cluster, the registry or Lambda cannot be asked at all
 */
export async function look(wanted: Wanted, ports: ReconcilePorts, limits: LookLimits = {}): Promise<LookReport> {
  const { clock } = ports;
  const { until = Number.POSITIVE_INFINITY, made = new Set() } = limits;
  let { deployment } = limits;
  const steps: TopicOutcome[] = [];
  const carryOut = (plans: readonly TopicPlan[]) =>
    sideBySide(
      plans,
      (plan) => executePlan(plan, wanted, ports),
      () => clock.now() < until,
    );
  for (let rounds = 1; ; rounds++) {
    const mappings = await ports.mappings.list();
    const registry = await ports.registry.list();
    const { flow, hold } = registry;
    deployment ??= flow.deployment;
    if (flow.state === FlowState.Removed || flow.deployment !== deployment) {
      const ended = flow.state === FlowState.Removed ? 'flow-removed' : 'deployed-anew';
      return { flow, hold, covered: 0, orphans: [], topics: [], steps, rounds, inStep: NOT_COMPARED, ended };
    }
    if (hold) {
      const topics = await carryOut(planHeld(mappings, wanted));
      steps.push(...topics.filter(didOrTold));
      const covered = registry.topics.filter(({ state }) => state === TopicState.Active).length;
      return { flow, hold, covered, orphans: [], topics, steps, rounds, inStep: NOT_COMPARED, ended: undefined };
    }
    const [sourceTopics, targetTopics] = await Promise.all([ports.source.list(), ports.target.list()]);
    if (sourceTopics.length === 0) checkNothingIsCopied(wanted, registry.topics);
    const covered = sourceTopics.filter((topic) => isCovered(topic, wanted));
    const configsOfNew = await describeNew(covered, targetTopics, wanted, ports.source);
    const facts = {
      now: clock.now(),
      sourceTopics,
      targetTopics,
      mappings,
      items: registry.topics,
      configsOfNew,
      made,
    };
    const plans = planTopics(facts, wanted);
    const topics = await carryOut(plans);
    for (const { made: id } of topics) if (id !== undefined) made.add(id);
    steps.push(...topics.filter(didOrTold));
    const progressed = topics.some((outcome) => outcome.errors.length === 0 && outcome.done.includes('done'));
    if (!progressed || rounds === MAX_ROUNDS || topics.length < plans.length) {
      const ended = topics.length < plans.length ? 'time-over' : undefined;
      const occasion = {
        deployment: flow.deployment,
        newTopics: steps.some(tookOn),
        goOn: () => clock.now() < until,
      };
      const inStep = await keepInStep(facts, wanted, ports, occasion);
      const orphans = orphansOf(facts, wanted);
      return { flow, hold, covered: covered.length, orphans, topics, steps, rounds, inStep, ended };
    }
  }
}

/**
 * Looks every `intervalMs` until `until` (ms since the epoch), at least once, each look having that long. One that fails
 * is told and made again at the next interval.
 * @throws what the last look threw
 */
export async function lookRepeatedly(
  wanted: Wanted,
  ports: ReconcilePorts,
  schedule: { readonly intervalMs: number; readonly until: number },
  told: { readonly looked: (report: LookReport) => void; readonly failed: (error: unknown) => void },
): Promise<void> {
  const { clock } = ports;
  let deployment: Pick<LookLimits, 'deployment'> = {};
  const made = new Set<string>();
  for (;;) {
    const started = clock.now();
    const until = Math.max(schedule.until, started + schedule.intervalMs);
    const outcome = await look(wanted, ports, { ...deployment, until, made }).catch((error: unknown) => ({ error }));
    if ('error' in outcome) {
      told.failed(outcome.error);
    } else {
      told.looked(outcome);
      if (outcome.ended === 'flow-removed' || outcome.ended === 'deployed-anew') return;
      deployment = { deployment: outcome.flow.deployment };
    }
    const next = Math.max(started + schedule.intervalMs, clock.now());
    if (next >= schedule.until) {
      if ('error' in outcome) throw outcome.error;
      return;
    }
    await clock.wait(next - clock.now());
  }
}

/** A cluster with consumer groups shows its own topics at least; one that shows none does so by mistake. */
function checkNothingIsCopied({ flow }: Wanted, items: readonly TopicItem[]): void {
  const active = items.filter(({ state }) => state === TopicState.Active);
  if (active.length > 0) throw new NoTopicsShownError(flow, active.length);
}

/** Remote topics of the flow that are there though their source topics are gone. */
export function orphansOf({ items, sourceTopics, targetTopics }: Facts, { topics }: Wanted): readonly string[] {
  const sources = new Set(sourceTopics.map(({ name }) => name));
  const targets = new Map(targetTopics.map((topic) => [topic.name, topic]));
  return items
    .filter((item) => {
      const [sourceIsThere, target] = [sources.has(item.topic), targets.get(item.remoteTopic)];
      return topics.covers(item.topic) && isOrphan({ item, sourceIsThere, target });
    })
    .map(({ remoteTopic }) => remoteTopic);
}

function didOrTold({ done, errors }: TopicOutcome): boolean {
  return done.length > 0 || errors.length > 0;
}

/** Whether copying of the topic began, or began again. */
function tookOn({ plan, done }: TopicOutcome): boolean {
  return plan.actions.some(
    (action, index) => done[index] === 'done' && action.kind === 'write-item' && BEGINS.has(action.reason),
  );
}

const BEGINS: ReadonlySet<ItemChange> = new Set(['first-seen', 'new-generation', 'resumed']);
