import type { OffsetToCommit } from '../../groups/ports.ts';
import { Reason } from '../../groups/reason.ts';
import { describeSilence } from '../groups/known-offsets.ts';
import { type GroupMove, planMoves } from '../groups/plan-moves.ts';
import { readMoves } from '../groups/read-moves.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage } from '../stage.ts';
import { GroupsLeftOut } from './errors.ts';
import { passed, stopped, waiting } from './outcome.ts';
import { poll } from './poll.ts';
import { shadowMetadata, shadowOf } from './shadow-name.ts';

/** What passes by itself, like an open transaction, is waited for so long. */
const PATIENCE_MS = 30_000;
/** The production group may well run on the target, and be elsewhere: its shadow has no place there yet. */
const OF_THE_PRODUCTION_GROUP: readonly Reason[] = [
  Reason.GroupActive,
  Reason.AheadOnTarget,
  Reason.TargetOffsetPastEnd,
];

type Ports = Pick<RunbookPorts, 'from' | 'to' | 'forward' | 'backward' | 'rules' | 'lastKnown' | 'clock'>;

/** Moves a shadow of every group, as `move-groups` would move the group. Nothing of the group itself is touched. */
export const shadowGroups: Stage<Ports> = (run, ports, time) =>
  poll(ports.clock, time, async () => {
    const { facts, known } = await readMoves(ports, { emergency: false, dryRun: run.dryRun });
    const moves = planMoves({ ...facts, toListing: { groups: new Map(), silentBrokers: [] }, toOffsets: new Map() });
    const left = moves.filter(({ faults }) => faults.some(({ reason }) => !OF_THE_PRODUCTION_GROUP.includes(reason)));
    const names = [
      ...known.silentBrokers.map(describeSilence),
      ...left.map(({ group, faults }) => `${group}: ${faults.map(({ reason }) => reason).join(', ')}`),
    ];
    const whole = moves.filter((move) => !left.includes(move));
    const evidence = {
      groups: whole.map(({ group, partitions, readTwice, beyond }) => ({ group, partitions, readTwice, beyond })),
      leftOut: names,
    };
    if (names.length > 0 && ports.clock.now() < time.since + PATIENCE_MS) return waiting(names.join('; '), evidence);
    if (names.length > 0) return stopped(new GroupsLeftOut(run.way.to, names), evidence);
    if (run.dryRun) return passed(`${whole.length} groups could be moved`, evidence);
    const shadows = new Map(whole.map((move) => [shadowOf(run.generation, move.group), commitsOf(move)]));
    const outcomes = await ports.to.groups.commit(shadows);
    const refused = [...outcomes]
      .filter(([, each]) => each.some(({ kind }) => kind === 'refused'))
      .map(([name]) => name);
    if (refused.length > 0) return waiting(`the target did not take ${refused.join(', ')}`, evidence);
    return passed(`${whole.length} groups have a shadow on ${run.way.to}`, evidence);
  });

/** Each with where the group was on the source, which has gone on by the time that the records are compared. */
function commitsOf({ commits, origins }: GroupMove): readonly OffsetToCommit[] {
  return commits.map((each, i) => {
    const origin = origins[i];
    return { ...each, metadata: origin === undefined ? '' : shadowMetadata(origin.topic, origin.offset) };
  });
}
