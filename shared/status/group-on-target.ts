import { counted } from '../counted.ts';
import { describeTopicPartition } from '../mm2/topic-partition.ts';
import { type FlowFacts, known, placeKey } from './facts.ts';
import { type PlaceOnTarget, type Standing, standingOf } from './on-target.ts';

/** Partitions of a group that are off their places, and by how many records together. */
export interface Off {
  readonly partitions: number;
  readonly records: number;
}

/** Where a group stands on the target, held against where it belongs there. */
export interface GroupOnTarget {
  /** Whether the flow commits its offsets there. Where it does not, nothing is held against anything. */
  readonly synced: boolean;
  /** It has members there. */
  readonly active: boolean;
  /** `checkpoint` does not know it yet: it lists groups anew by `refresh.groups`. */
  readonly unlisted: boolean;
  /** Partitions in which it stands at its place. */
  readonly inPlace: number;
  /** It would read these records twice. */
  readonly behind: Off;
  /** It would skip these records. */
  readonly ahead: Off;
  /** Partitions that it has no offset of there. */
  readonly nowhere: number;
  /** Partitions of which the target does not tell. */
  readonly untold: number;
}

const SEE = 'see the log of the function checkpoint';
const BY_HAND = 'offsets are never set back: docs/groups.md says what to do';

/** How a group stands on the target in all its places there, and what is wrong with it. */
export function tellOnTarget(
  facts: FlowFacts,
  group: string,
  places: readonly PlaceOnTarget[],
): { readonly onTarget: GroupOnTarget; readonly problems: readonly string[] } {
  const { commitsOffsets: synced, target, late } = facts;
  const found = known(facts.onTarget);
  const unlisted = late.unlisted.has(group);
  if (!synced || found === undefined || unlisted) return { onTarget: { ...NOWHERE, synced, unlisted }, problems: [] };
  const watched = 'value' in facts.groups;
  const standings = places.map((place): Standed => {
    const standing = standingOf(found, place);
    const lags = standing.kind === 'behind' || standing.kind === 'nowhere';
    return { place, standing: lags && watched && !late.offsets.has(placeKey(place)) ? { kind: 'in-place' } : standing };
  });
  const of = (kind: Standing['kind']) => standings.filter(({ standing }) => standing.kind === kind);
  const [behind, ahead, nowhere, untold] = [of('behind'), of('ahead'), of('nowhere'), of('untold')];
  const still = watched && late.seconds > 0 ? `, still after ${late.seconds} s` : '';
  const onTarget = {
    ...{ synced, unlisted, active: of('active').length > 0, inPlace: of('in-place').length },
    ...{ behind: sum(behind), ahead: sum(ahead), nowhere: nowhere.length, untold: untold.length },
  };
  const behindBy = counted(onTarget.behind.records, 'record');
  const aheadBy = counted(onTarget.ahead.records, 'record');
  const problems = [
    [behind, `behind its place on ${target} by ${behindBy}${still}, and would read them twice`, SEE] as const,
    [ahead, `ahead of its place on ${target} by ${aheadBy}, and would skip them`, BY_HAND] as const,
    [nowhere, `has no offset on ${target}${still}, and would begin by its auto.offset.reset`, SEE] as const,
    [untold, `where it is on ${target} is not told: ${codes(untold)}`, undefined] as const,
  ].flatMap(([rows, says, next]) =>
    rows.length === 0 ? [] : [`${says} (${named(rows)})${next === undefined ? '' : `; ${next}`}`],
  );
  return { onTarget, problems };
}

interface Standed {
  readonly place: PlaceOnTarget;
  readonly standing: Standing;
}

const NONE: Off = { partitions: 0, records: 0 };
const NOWHERE = { active: false, inPlace: 0, behind: NONE, ahead: NONE, nowhere: 0, untold: 0 };

function sum(rows: readonly Standed[]): Off {
  const records = rows.map(({ standing }) => ('records' in standing ? standing.records : 0));
  return { partitions: rows.length, records: records.reduce((all, each) => all + each, 0) };
}

function codes(rows: readonly Standed[]): string {
  return [...new Set(rows.flatMap(({ standing }) => ('code' in standing ? [standing.code] : [])))].join(', ');
}

function named([first, ...others]: readonly Standed[]): string {
  const name = first === undefined ? '' : describeTopicPartition(first.place);
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}
