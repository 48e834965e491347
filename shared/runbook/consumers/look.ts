import { isTold } from '../../groups/committed-offsets.ts';
import { selectGroup } from '../../policy/group-selection.ts';
import { readWays } from '../groups/read-ways.ts';
import type { Ways } from '../groups/ways.ts';
import type { ConsumerMapping, ConsumerMark, RunbookConsumers } from '../ports/consumers.ts';
import { isInUse } from '../ports/mapping-switch.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';
import { answerBy } from './answer.ts';
import { describeConsumer, includes } from './consumer-id.ts';
import { counterpartOf } from './counterpart.ts';
import { isMoved } from './stop-here.ts';

type Ports = Pick<
  RunbookPorts,
  'consumers' | 'registry' | 'from' | 'forward' | 'backward' | 'rules' | 'clock' | 'settings'
>;

export interface ConsumersLook {
  /** Mappings that would be moved, now or as they were seen last. */
  readonly inUse: readonly string[];
  /** What keeps one from going on exactly where it was. */
  readonly remarks: readonly string[];
}

const NONE: ConsumersLook = { inUse: [], remarks: [] };

/**
 * What of the users' Lambda consumers would be moved, and what would become of it. Notes which are in use, as long as no run
 * has disabled any: in an emergency their region may not tell any more.
 * @throws CausewayError
 */
export async function lookAtConsumers(run: RunbookRun, ports: Ports): Promise<ConsumersLook> {
  const { consumers, clock, settings } = ports;
  if (consumers === undefined) return NONE;
  const { from, to } = consumers;
  const mark = await from.marks.read();
  const listing = Promise.all([from.mappings.list(), to.mappings.list()]);
  const lists = run.emergency
    ? await answerBy(clock, clock.now() + settings.controlPlaneMs, listing)
    : { told: await listing };
  if ('because' in lists) return asSeen(run, mark, lists.because);
  const [here, there] = lists.told;
  const ways = await readWays(ports, run.emergency);
  const used = here.filter(isInUse);
  const seen = run.emergency ? (mark?.inUse ?? []) : [];
  // What the flow that comes back copies may be away in an emergency: what was moved before is not forgotten for that.
  const moved = used.filter((each) => isMoved(each, ways, ports) || includes(seen, each));
  const stays = used.filter((each) => !moved.includes(each)).map((each) => whyItStays(each, ways, ports));
  const ends = moved.flatMap((each) => remarksOn(each, there, ways, run));
  const offsets = run.emergency ? [] : await withoutOffsets(ports, moved, ways, there, run);
  const earlier = await note(run, consumers, mark, moved, ports);
  return { inUse: moved.map(describeConsumer), remarks: [...earlier, ...stays, ...ends, ...offsets] };
}

function asSeen({ way }: RunbookRun, mark: ConsumerMark | undefined, because: string): ConsumersLook {
  const away = `Lambda beside ${way.from} or ${way.to}: ${because}`;
  if (mark === undefined) return { inUse: [], remarks: [`${away}, and its consumers were never looked at`] };
  const inUse = mark.state === 'moved' ? [] : mark.inUse.map(describeConsumer);
  return { inUse, remarks: [`${away}; consumers are taken as they were seen ${new Date(mark.at).toISOString()}`] };
}

function whyItStays(mapping: ConsumerMapping, ways: Ways, { rules }: Ports): string {
  const { topic, group } = mapping;
  if (ways.of(topic, 0) === undefined) return `${describeConsumer(mapping)} is left as it is: no flow copies ${topic}`;
  const verdict = selectGroup(rules.include, rules.exclude, group);
  return `${describeConsumer(mapping)} is left as it is: its group is not moved${verdict.covered ? '' : ` (${verdict.reason})`}`;
}

function remarksOn(mapping: ConsumerMapping, there: readonly ConsumerMapping[], ways: Ways, run: RunbookRun): string[] {
  const counterpart = counterpartOf(mapping, there, ways, run);
  if ('because' in counterpart) return [counterpart.because];
  if (!isInUse(counterpart.mapping)) return [];
  return [
    `${describeConsumer(counterpart.mapping)} is enabled on ${run.way.to} already, where its group cannot be moved while it reads`,
  ];
}

/** Partitions in which a group has read nothing yet have no place to be moved to. */
async function withoutOffsets(
  { from, forward, backward }: Ports,
  moved: readonly ConsumerMapping[],
  ways: Ways,
  there: readonly ConsumerMapping[],
  run: RunbookRun,
): Promise<string[]> {
  if (moved.length === 0) return [];
  const [offsets, forth, back = []] = await Promise.all([
    from.groups.committed([...new Set(moved.map(({ group }) => group))]),
    forward.topics(),
    backward?.topics(),
  ]);
  const counts = new Map([
    ...back.map(({ remoteTopic, partitions }) => [remoteTopic, partitions] as const),
    ...forth.map(({ topic, partitions }) => [topic, partitions] as const),
  ]);
  return moved.flatMap((each) => {
    const told = offsets.get(each.group);
    if (told === undefined || !isTold(told)) return [];
    const known = told.get(each.topic);
    const without = Array.from({ length: counts.get(each.topic) ?? 0 }, (_, i) => i).filter((i) => !known?.has(i));
    const counterpart = counterpartOf(each, there, ways, run);
    if (without.length === 0 || !('mapping' in counterpart)) return [];
    const at = counterpart.mapping.startsAt ?? 'its starting position';
    return [
      `${describeConsumer(each)} has no offset yet in ${without.length} partitions: on ${run.way.to} it begins there at ${at}`,
    ];
  });
}

/** Of what a run has disabled nobody can see any more how its owner had it. */
async function note(
  { generation, execution }: RunbookRun,
  { from }: RunbookConsumers,
  mark: ConsumerMark | undefined,
  moved: readonly ConsumerMapping[],
  { registry, clock }: Ports,
): Promise<readonly string[]> {
  if (mark?.state === 'stopped') {
    const still = mark.inUse.filter((each) => !includes(moved, each)).map(describeConsumer);
    const { run: holder } = await registry.entry();
    if (holder !== undefined && holder.execution !== execution) return [];
    if (still.length > 0) return [`disabled by an earlier run, and moved by this one: ${still.join('; ')}`];
  }
  const inUse = moved.map(({ consumer, topic, group }) => ({ consumer, topic, group }));
  const version = (mark?.version ?? 0) + 1;
  // Refused, somebody else has just looked at them, or disables them.
  await from.marks.write({ version, state: 'seen', inUse, generation, at: clock.now() });
  return [];
}
