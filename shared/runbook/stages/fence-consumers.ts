import { z } from 'zod';
import { isTold, type Untold } from '../../groups/committed-offsets.ts';
import { activityOf, type ConsumerGroup, GroupActivity } from '../../groups/group.ts';
import { selectGroups } from '../../groups/select.ts';
import { describeConsumer } from '../consumers/consumer-id.ts';
import { type StoppedHere, stopHere } from '../consumers/stop-here.ts';
import { readWays } from '../groups/read-ways.ts';
import type { GroupMember } from '../ports/groups.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage, StageOutcome, StageTime } from '../stage.ts';
import { GroupsStillActive, listed } from './errors.ts';
import { passed, stopped, waiting } from './outcome.ts';
import { poll } from './poll.ts';

/** Since Lambda consumers were disabled; below the limit of the stage, so that what stops it names the members. */
const PATIENCE_MS = 50_000;
/** Left of a call for a look at the groups. */
const FOR_THE_GROUPS_MS = 2_000;

type Ports = Pick<RunbookPorts, 'registry' | 'from' | 'forward' | 'backward' | 'rules' | 'consumers' | 'clock'>;

/**
 * Has consumers leave, disables those that Lambda polls for, and waits until no group that is moved has a member on the
 * cluster that is left.
 */
export const fenceConsumers: Stage<Ports> = async (run, ports, time) => {
  const { clock } = ports;
  if (!run.dryRun) await ports.registry.fenceConsumers(run.generation);
  const lambda = await stopHere(run, ports, time.until - FOR_THE_GROUPS_MS);
  if (!run.dryRun && !lambda.done) return stillEnabled(lambda);
  const disabledAt = disabledBefore(time) ?? clock.now();
  const consumers = ports.consumers && { disabled: lambda.inUse, disabledAt };
  const mappings = lambda.inUse.length === 0 ? '' : `${lambda.inUse.length} event source mappings`;
  return poll(clock, time, async () => {
    const { groups, active, silent } = await activeGroups(ports);
    const members = await ports.from.groups.members(active);
    const names = active.map((group) => describe(group, members.get(group.id)));
    const evidence = { groups, active: names, silent, ...(consumers && { consumers }) };
    if (run.dryRun) {
      const fenced = `consumers of ${active.length} of ${groups} groups would be fenced`;
      return passed(mappings === '' ? fenced : `${fenced}, ${mappings} disabled`, evidence);
    }
    if (silent.length > 0) return waiting(`not every broker tells its groups: ${listed(silent)}`, evidence);
    if (active.length === 0) {
      const empty = `${groups} groups have no members any more`;
      return passed(mappings === '' ? empty : `${mappings} are disabled, ${empty}`, evidence);
    }
    if (clock.now() >= (consumers ? disabledAt : time.since) + PATIENCE_MS)
      return stopped(new GroupsStillActive(run.way.from, names), evidence);
    return waiting(`groups still have members: ${listed(names)}`, evidence);
  });
};

function stillEnabled({ inUse, notYet }: StoppedHere): StageOutcome {
  const names = notYet.map((each) => `${describeConsumer(each)} ${each.state}`);
  return waiting(`event source mappings are not disabled yet: ${listed(names)}`, { consumers: { disabled: inUse } });
}

const earlier = z.object({ consumers: z.object({ disabledAt: z.number() }) });

function disabledBefore({ last }: StageTime): number | undefined {
  return earlier.safeParse(last).data?.consumers.disabledAt;
}

interface Activity {
  /** How many groups are moved. */
  readonly groups: number;
  readonly active: readonly ConsumerGroup[];
  readonly silent: readonly string[];
}

async function activeGroups(ports: Ports): Promise<Activity> {
  const { from, rules } = ports;
  const listing = await from.groups.list();
  const { selected } = selectGroups(listing, rules);
  const [offsets, ways] = await Promise.all([from.groups.committed(selected), readWays(ports, false)]);
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
