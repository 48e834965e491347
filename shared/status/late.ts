import { CausewayError } from '../flow/errors.ts';
import { checkpointsOf } from '../groups/checkpoints.ts';
import type { GroupPlan } from '../groups/plan.ts';
import type { Checkpoint } from '../mm2/checkpoint.ts';
import { isDue } from '../mm2/checkpoint-rule.ts';
import type { FlowFacts } from './facts.ts';
import { type CheckpointedGroup, known, type Late, placeKey } from './facts.ts';
import { standingOf } from './on-target.ts';
import type { StatusPorts } from './ports.ts';

/** Three ticks of `checkpoint`, and time for a cold start. */
const TICKS = 3;
const LEAST_MS = 15_000;
/** A group that `checkpoint` has not listed yet is waited for if it lists at least this often. */
const LONGEST_LISTING_MS = 60_000;
const LOOK_EVERY_MS = 1_000;

/** Something that `checkpoint` has to do yet. */
interface Due {
  readonly next: Checkpoint;
  readonly before: Checkpoint | undefined;
  readonly offset: boolean;
  readonly checkpoint: boolean;
  /** Not a checkpoint of the group is there. */
  readonly isNew: boolean;
}

export interface Patience {
  /** Replaces the three ticks, for groups that are new, too. */
  readonly groupMs?: number | undefined;
  /** False: nothing is watched, and so nothing is late. */
  readonly watches?: boolean;
  readonly watching?: (groups: number, seconds: number) => void;
}

/**
 * What `checkpoint` should have done and does not do while it is watched. At one look a healthy flow cannot be told from
 * one that stands: a group that reads on is always a tick behind. So what is behind is looked at until it has come to
 * where it belonged at the first look. Both the target's offsets and its checkpoints of that look were read before the
 * source's offsets, so that they are not ahead of these.
 */
export async function findLate(
  ports: StatusPorts,
  facts: Pick<FlowFacts, 'onTarget' | 'checkpoints' | 'groups'>,
  { groupMs, watching, watches = true }: Patience,
): Promise<Late> {
  if (!watches) return { seconds: 0, offsets: new Set(), checkpoints: [], unlisted: new Set() };
  const { tickMs, listMs } = ports.intervals;
  const base = groupMs ?? Math.max(LEAST_MS, TICKS * tickMs);
  const isListed = listMs <= LONGEST_LISTING_MS || groupMs !== undefined;
  const all = dueAt(ports, facts);
  const unlisted = new Set(all.filter(({ isNew }) => isNew && !isListed).map(({ next }) => next.group));
  let open: readonly Due[] = all.filter(({ next }) => !unlisted.has(next.group));
  const begin = ports.now();
  const patience = open.some(({ isNew }) => isNew) && groupMs === undefined ? base + listMs : base;
  const until = begin + patience;
  if (open.length > 0 && patience > 0) watching?.(new Set(open.map(({ next }) => next.group)).size, patience / 1_000);
  while (open.length > 0 && ports.now() < until) {
    await ports.wait(Math.min(LOOK_EVERY_MS, until - ports.now()));
    const still = await lookAgain(ports, open);
    if (still === undefined) break;
    open = still;
    if (ports.now() >= begin + base && open.every(({ isNew }) => !isNew)) break;
  }
  return {
    seconds: Math.round((ports.now() - begin) / 1_000),
    offsets: new Set(open.filter(({ offset }) => offset).map(({ next }) => placeKey(next))),
    checkpoints: open.filter(({ checkpoint }) => checkpoint).map(({ next }) => next),
    unlisted,
  };
}

function dueAt(ports: StatusPorts, facts: Pick<FlowFacts, 'onTarget' | 'checkpoints' | 'groups'>): readonly Due[] {
  const onTarget = known(facts.onTarget);
  const written = facts.checkpoints === undefined ? undefined : known(facts.checkpoints);
  const plans: readonly GroupPlan[] = known(facts.groups) ?? [];
  return plans.flatMap(checkpointsOf).flatMap((next): Due[] => {
    const of = written?.find(({ group }) => group === next.group);
    const before = lastOf(written, next);
    const standing = onTarget === undefined || !ports.commitsOffsets ? undefined : standingOf(onTarget, at(next)).kind;
    const offset = standing === 'behind' || standing === 'nowhere';
    const checkpoint = written !== undefined && isDue(before, next);
    return offset || checkpoint
      ? [{ next, before, offset, checkpoint, isNew: written !== undefined && of === undefined }]
      : [];
  });
}

/** What is still open; undefined where the target does not tell. */
async function lookAgain(ports: StatusPorts, open: readonly Due[]): Promise<readonly Due[] | undefined> {
  try {
    const target = await ports.target();
    const groups = [...new Set(open.filter(({ offset }) => offset).map(({ next }) => next.group))];
    const [listing, offsets, written] = await Promise.all([
      target.list(),
      groups.length === 0 ? new Map() : target.committed(groups),
      open.some(({ checkpoint }) => checkpoint) ? ports.lastCheckpoints() : [],
    ]);
    return open.flatMap((due) => {
      const { kind } = standingOf({ listing, offsets }, at(due.next));
      const offset = due.offset && (kind === 'behind' || kind === 'nowhere');
      const last = lastOf(written, due.next);
      const checkpoint = due.checkpoint && isSame(last, due.before);
      return offset || checkpoint ? [{ ...due, offset, checkpoint }] : [];
    });
  } catch (error) {
    if (error instanceof CausewayError) return undefined;
    throw error;
  }
}

/** A checkpoint that was written since the first look is of offsets that are at least as new. */
function isSame(a: Checkpoint | undefined, b: Checkpoint | undefined): boolean {
  return a?.upstreamOffset === b?.upstreamOffset && a?.downstreamOffset === b?.downstreamOffset;
}

function lastOf(
  written: readonly CheckpointedGroup[] | undefined,
  { group, topic, partition }: Checkpoint,
): Checkpoint | undefined {
  const of = written?.find((each) => each.group === group);
  return of?.checkpoints.find((each) => each.topic === topic && each.partition === partition);
}

function at({ group, topic, partition, downstreamOffset }: Checkpoint) {
  return { group, topic, partition, offset: downstreamOffset };
}
