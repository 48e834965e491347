import { FlowState } from '../ledger/topic-registry.ts';
import { executePlan, type TopicOutcome } from './execute.ts';
import { planTopics } from './plan.ts';
import type { ReconcilePorts } from './ports.ts';
import type { Wanted } from './wanted.ts';

/** Rounds of one look: a new topic needs four (remote topic, item, mapping, its id); two more for what others do meanwhile. */
const MAX_ROUNDS = 6;
/** Topics worked on side by side: a fraction of what the Lambda control plane takes (15 requests a second). */
const CONCURRENCY = 4;

export interface LookReport {
  readonly flow: FlowState;
  /** Source topics that the flow copies or should copy. */
  readonly covered: number;
  /** The last round's outcome of every topic. */
  readonly topics: readonly TopicOutcome[];
  /** Every topic outcome of every round that did or reported something, in order. */
  readonly steps: readonly TopicOutcome[];
  readonly rounds: number;
}

/**
 * One look: finds out how things are and brings every topic as far as it can go without waiting. What has to be waited
 * for (a mapping being deleted, deliveries ending) is left to a later look. Safe to run any number of times at once.
 * @throws when a cluster, the registry or Lambda cannot be asked at all
 */
export async function look(wanted: Wanted, ports: ReconcilePorts): Promise<LookReport> {
  const steps: TopicOutcome[] = [];
  for (let rounds = 1; ; rounds++) {
    const [sourceTopics, targetTopics, mappings, registry] = await Promise.all([
      ports.source.list(),
      ports.target.list(),
      ports.mappings.list(),
      ports.registry.list(),
    ]);
    if (registry.flow === FlowState.Removed) return { flow: registry.flow, covered: 0, topics: [], steps, rounds };
    const facts = { now: ports.clock.now(), sourceTopics, targetTopics, mappings, items: registry.topics };
    const topics = await executeAll(planTopics(facts, wanted), (plan) => executePlan(plan, wanted, ports));
    const busy = topics.filter((outcome) => outcome.done.length > 0 || outcome.errors.length > 0);
    steps.push(...busy);
    const progressed = topics.some((outcome) => outcome.errors.length === 0 && outcome.done.includes('done'));
    if (!progressed || rounds === MAX_ROUNDS) {
      const covered = sourceTopics.filter((topic) => wanted.topics.covers(topic.name)).length;
      return { flow: registry.flow, covered, topics, steps, rounds };
    }
  }
}

/** Looks every `intervalMs` until `until` (ms since the epoch); the first look is always made. */
export async function lookRepeatedly(
  wanted: Wanted,
  ports: ReconcilePorts,
  schedule: { readonly intervalMs: number; readonly until: number },
  onLook: (report: LookReport) => void,
): Promise<void> {
  for (;;) {
    const started = ports.clock.now();
    const report = await look(wanted, ports);
    onLook(report);
    const next = Math.max(started + schedule.intervalMs, ports.clock.now());
    if (report.flow === FlowState.Removed || next >= schedule.until) return;
    await ports.clock.wait(next - ports.clock.now());
  }
}

async function executeAll<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return results;
}
