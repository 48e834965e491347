import { isTold, type Untold } from '../../groups/committed-offsets.ts';
import { activityOf, type ConsumerGroup, GroupActivity } from '../../groups/group.ts';
import { selectGroups } from '../../groups/select.ts';
import { Ways } from '../groups/ways.ts';
import type { GroupMember } from '../ports/groups.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage } from '../stage.ts';
import { GroupsStillActive, listed } from './errors.ts';
import { passed, stopped, waiting } from './outcome.ts';
import { poll } from './poll.ts';

/** Below the limit of the stage, so that what stops it names the members. */
const PATIENCE_MS = 50_000;

type Ports = Pick<RunbookPorts, 'registry' | 'from' | 'forward' | 'backward' | 'rules' | 'clock'>;

/** Has consumers leave, and waits until no group that is moved has a member on the cluster that is left. */
export const fenceConsumers: Stage<Ports> = async (run, ports, time) => {
  if (!run.dryRun) await ports.registry.fenceConsumers(run.generation);
  return poll(ports.clock, time, async () => {
    const { groups, active, silent } = await activeGroups(ports);
    const members = await ports.from.groups.members(active);
    const names = active.map((group) => describe(group, members.get(group.id)));
    const evidence = { groups, active: names, silent };
    if (run.dryRun) return passed(`consumers of ${active.length} of ${groups} groups would be fenced`, evidence);
    if (silent.length > 0) return waiting(`not every broker tells its groups: ${listed(silent)}`, evidence);
    if (active.length === 0) return passed(`${groups} groups have no members any more`, evidence);
    if (ports.clock.now() >= time.since + PATIENCE_MS)
      return stopped(new GroupsStillActive(run.way.from, names), evidence);
    return waiting(`groups still have members: ${listed(names)}`, evidence);
  });
};

interface Activity {
  /** How many groups are moved. */
  readonly groups: number;
  readonly active: readonly ConsumerGroup[];
  readonly silent: readonly string[];
}

async function activeGroups({ from, forward, backward, rules }: Ports): Promise<Activity> {
  const listing = await from.groups.list();
  const { selected } = selectGroups(listing, rules);
  const [offsets, forwardTopics, backwardTopics] = await Promise.all([
    from.groups.committed(selected),
    forward.topics(),
    backward?.topics(),
  ]);
  const ways = new Ways(
    { flow: forward.flow, topics: forwardTopics },
    backward && backwardTopics && { flow: backward.flow, topics: backwardTopics },
  );
  const moved = selected.filter((group) => {
    const told = offsets.get(group);
    if (told === undefined || !isTold(told)) return told !== undefined;
    return [...told].some(([topic, partitions]) => [...partitions.keys()].some((each) => ways.of(topic, each)));
  });
  const active = moved.filter((group) => activityOf(listing, group) === GroupActivity.Active);
  return {
    groups: moved.length,
    active: active.flatMap((group) => listing.groups.get(group) ?? []),
    silent: listing.silentBrokers.map(({ broker, code }) => `broker ${broker}: ${code}`),
  };
}

/** `payments (Stable: worker-1 at 10.0.0.7)` */
function describe({ id, state }: ConsumerGroup, members: readonly GroupMember[] | Untold | undefined): string {
  const known = members && isTold(members) ? members : [];
  const names = known.map(({ clientId, host }) => `${clientId} at ${host}`);
  return `${id} (${[state, ...(names.length > 0 ? [names.join(', ')] : [])].join(': ')})`;
}
