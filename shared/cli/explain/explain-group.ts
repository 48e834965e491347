import { flowPolicy } from '../../config/flow-policy.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { flowOf } from '../../flow/flow.ts';
import { POLLING_GROUP_PREFIX } from '../../policy/group-selection.ts';
import { compileNameList } from '../../policy/name-list.ts';
import { type Change, type Explanation, type Fact, type Finding, Rule } from './explanation.ts';
import { enabling, notEnabled } from './flow-enabled.ts';
import { changesToExclude, changesToInclude, listGround, listObstacles, type NameLists } from './name-lists.ts';
import type { WrittenFile } from './written-file.ts';

const CHECKPOINTS = 'emit.checkpoints.enabled';
const COMMITS = 'sync.group.offsets.enabled';

export interface GroupExplanation extends Explanation {
  readonly group: string;
  /** Topic on the target that its translated offsets are written to. */
  readonly checkpointsTopic: string;
  /** Whether they are also committed there, for applications that know nothing of checkpoints. */
  readonly committed: boolean;
}

/** Whether `flow` translates the offsets of the consumer group `group`, and commits them on the target. */
export function explainGroup(flow: Flow, group: string, file: WrittenFile): GroupExplanation {
  const id = flowOf(flow);
  const lists: NameLists = {
    property: 'groups',
    include: compileNameList(flow.groups.include),
    exclude: compileNameList(flow.groups.exclude),
  };
  const fixed = ownGroup(group);
  const obstacles = [
    ...notEnabled(flow, file),
    ...fixed,
    ...(fixed.length > 0 ? [] : [...checkpointsOff(flow, file), ...listObstacles(lists, group)]),
  ];
  const replicated = obstacles.length === 0;
  const committed = replicated && flow.syncGroupOffsets.enabled;
  const including = changesToInclude(lists, group, id, file);
  // Lines that would not do alone are not proposed.
  const toStart =
    fixed.length > 0 || including === undefined ? [] : [...enabling(flow, file), ...emitting(flow, file), ...including];
  return {
    group,
    checkpointsTopic: flowPolicy(flow).policy.checkpointsTopic(flow.source.alias),
    committed,
    flow: id,
    replicated,
    says: replicated ? says(flow, group) : `the offsets of ${group} are not carried over`,
    because: replicated ? [listGround(lists, group)] : obstacles,
    facts: replicated ? facts(flow, file) : [],
    changes: replicated ? [...toCommit(flow, file), ...(changesToExclude(lists, group, id, file) ?? [])] : toStart,
  };
}

/** What no setting changes. */
function ownGroup(group: string): readonly Finding[] {
  if (!group.startsWith(POLLING_GROUP_PREFIX)) return [];
  const says = `an event source mapping of Causeway reads with it: groups whose ids begin with ${POLLING_GROUP_PREFIX} are never carried over`;
  return [{ rule: Rule.PollingGroup, says }];
}

function says({ syncGroupOffsets, target }: Flow, group: string): string {
  const commits = syncGroupOffsets.enabled ? 'and committed' : 'but not committed';
  return `the offsets of ${group} are translated, ${commits} on ${target.alias}`;
}

function checkpointsOff(flow: Flow, file: WrittenFile): readonly Finding[] {
  if (flow.emitCheckpoints.enabled) return [];
  const says = `${CHECKPOINTS} is false, so no group is translated`;
  return [file.finding(flowOf(flow), Rule.CheckpointsOff, CHECKPOINTS, says)];
}

function emitting(flow: Flow, file: WrittenFile): readonly Change[] {
  if (flow.emitCheckpoints.enabled) return [];
  return [file.change(flowOf(flow), CHECKPOINTS, 'true', 'start', 'group offsets translated')];
}

function facts(flow: Flow, file: WrittenFile): readonly Fact[] {
  const { source, target, emitCheckpoints, syncGroupOffsets, refreshGroups } = flow;
  const place = file.place(flowOf(flow), COMMITS);
  const set = place === undefined ? 'the default' : `line ${place.line}`;
  const commits = syncGroupOffsets.enabled
    ? `every ${syncGroupOffsets.intervalSeconds} s, while the group is idle in ${target.alias}, never backwards`
    : `no: ${COMMITS} is false (${set}); applications have to read the checkpoints`;
  return [
    {
      label: 'written to',
      text: `${flowPolicy(flow).policy.checkpointsTopic(source.alias)} in ${target.alias}, every ${emitCheckpoints.intervalSeconds} s`,
    },
    { label: 'commits', text: commits },
    { label: 'needs', text: `offsets that the group has committed in ${source.alias}, of topics that the flow copies` },
    ...(refreshGroups.enabled
      ? []
      : [{ label: 'note', text: 'groups made later are not found: refresh.groups.enabled is false' }]),
  ];
}

function toCommit(flow: Flow, file: WrittenFile): readonly Change[] {
  return flow.syncGroupOffsets.enabled
    ? []
    : [file.change(flowOf(flow), COMMITS, 'true', 'commit', 'offsets committed as well')];
}
