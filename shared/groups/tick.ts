import type { FlowId } from '../flow/flow.ts';
import type { SourceOffset, TargetOffset } from '../flow/offset.ts';
import type { TopicItem } from '../ledger/topic-registry.ts';
import type { TopicPartition } from '../mm2/topic-partition.ts';
import { isTold, type OffsetsOfGroups } from './committed-offsets.ts';
import { activityOf } from './group.ts';
import { partitionKnowledge, translationsOf } from './knowledge.ts';
import { commitsOf, type GroupPlan, planGroup } from './plan.ts';
import type { GroupCommitter, GroupReader, OffsetMapReader, PartitionLogReader, PartitionLogs } from './ports.ts';
import { reasonOfRefusal } from './reason.ts';
import { type GroupRules, type GroupSelection, selectGroups } from './select.ts';

type Side<O extends number> = GroupReader<O> & PartitionLogReader<O>;

/** What is to be known of a flow's topics. */
export interface FlowTopics {
  readonly flow: FlowId;
  /** By name on the source; see {@link replicatedTopics}. */
  readonly topics: ReadonlyMap<string, TopicItem>;
  /** Why the flow does not copy a topic: the rule that leaves it out. */
  readonly whyNot: (topic: string) => string | undefined;
}

/** The groups as the source told of them. Kept, it stands in for a source that does not answer. */
export interface SourceGroups {
  /** ms since the epoch, when the offsets were asked for. */
  readonly readAt: number;
  readonly selection: GroupSelection;
  readonly offsets: OffsetsOfGroups<SourceOffset>;
  /** Undefined where they are not known, or no longer of the time of the offsets. */
  readonly logs: PartitionLogs<SourceOffset> | undefined;
}

/** Offsets first, then the logs' ends: an offset past the end then is one that the log has lost. @throws CausewayError */
export async function readSource(
  source: Side<SourceOffset>,
  { flow, topics }: FlowTopics,
  rules: GroupRules,
  now: number,
): Promise<SourceGroups> {
  const selection = selectGroups(await source.list(), rules);
  const offsets = await source.committed(selection.selected);
  const partitions = translationsOf(flow, topics, offsets).map(({ partition }) => partition);
  return { readAt: now, selection, offsets, logs: await source.logs(partitions) };
}

/**
 * Where each group belongs on the target and what to commit. The logs' ends are read after the map, so that they are not
 * behind it; the target's groups beside both.
 * @throws CausewayError when the target does not answer; the store's errors when the map does not
 */
export async function planTick(
  { offsets, logs }: SourceGroups,
  target: Side<TargetOffset>,
  maps: OffsetMapReader,
  { flow, topics, whyNot }: FlowTopics,
): Promise<GroupPlan[]> {
  const translations = translationsOf(flow, topics, offsets);
  const remote = translations.map(({ partition: { remoteTopic, partition } }): TopicPartition => {
    return { topic: remoteTopic, partition };
  });
  const withOffsets = [...offsets].flatMap(([group, told]) => (isTold(told) && told.size > 0 ? [group] : []));
  const mapThenLogs = async () => {
    const map = await maps.read(translations);
    return { map, target: await target.logs(remote) };
  };
  const [read, listing, there] = await Promise.all([mapThenLogs(), target.list(), target.committed(withOffsets)]);
  const knowledge = partitionKnowledge({ topics, whyNot, source: logs, ...read });
  return [...offsets].map(([group, source]) => {
    const targetOffsets = there.get(group) ?? new Map();
    const facts = { group, source, target: { activity: activityOf(listing, group), offsets: targetOffsets } };
    return planGroup(facts, knowledge);
  });
}

/** Commits what is planned. The plans come back with the broker's refusals in them, each a reason like the others. */
export async function carryOut(plans: readonly GroupPlan[], target: GroupCommitter): Promise<GroupPlan[]> {
  const commits = plans.map((plan) => ({ plan, ...commitsOf(plan) }));
  const wanted = commits.filter(({ offsets }) => offsets.length > 0);
  const outcomes = await target.commit(new Map(wanted.map(({ plan, offsets }) => [plan.group, offsets])));
  return commits.map(({ plan, planned }) => {
    const ofGroup = outcomes.get(plan.group) ?? [];
    const refused = new Map(
      planned.flatMap((each, i) => {
        const outcome = ofGroup[i] ?? { kind: 'refused', code: 'NOT_ANSWERED' };
        return outcome.kind === 'refused' ? [[each, reasonOfRefusal(outcome.code)] as const] : [];
      }),
    );
    if (refused.size === 0) return plan;
    const partitions = plan.partitions.map((each) => ({ ...each, decision: refused.get(each) ?? each.decision }));
    return { ...plan, partitions };
  });
}
