import { flowName } from '../../flow/flow.ts';
import { isTold } from '../../groups/committed-offsets.ts';
import { flowPartition } from '../../groups/knowledge.ts';
import { selectGroups } from '../../groups/select.ts';
import type { TopicItem } from '../../ledger/topic-registry.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import { sideBySide } from '../../reconcile/side-by-side.ts';
import type { LastKnownOffset } from '../ports/groups.ts';
import type { RunbookPorts } from '../ports/ports.ts';

/** Logs that are read at a time, to see whether a group has consumed a record since. */
const READ_AT_ONCE = 8;

type Ports = Pick<RunbookPorts, 'from' | 'forward' | 'rules' | 'lastKnown' | 'clock' | 'settings'>;

export interface StaleCheckpoints {
  /** By group and partition, with where the group is and where it would be taken from. */
  readonly stale: readonly string[];
  /** Whether there is no checkpoint at all. */
  readonly none: boolean;
}

/** Where a group is, and where a failover would take it from. */
interface Standing {
  readonly group: string;
  readonly item: TopicItem;
  readonly partition: number;
  readonly offset: number;
  readonly known: LastKnownOffset | undefined;
}

/**
 * Groups that a failover would not find where they are, if the source were lost now: what they have consumed since their last
 * checkpoint is older than it may be. One that sleeps has an old checkpoint, and is where that says.
 * @throws CausewayError when the source or the checkpoints do not answer
 */
export async function staleCheckpoints(ports: Ports): Promise<StaleCheckpoints> {
  const { from, forward, rules, lastKnown, clock, settings } = ports;
  const items = new Map((await forward.topics()).map((item) => [item.topic, item]));
  // The groups first: a checkpoint that is read after them is not behind what they tell for having been read early.
  const { selected } = selectGroups(await from.groups.list(), rules);
  const offsets = await from.groups.committed(selected);
  const known = (await lastKnown())?.offsets;
  const standings = [...offsets].flatMap(([group, topics]) =>
    [...(isTold(topics) ? topics : [])].flatMap(([topic, partitions]) => {
      const item = items.get(topic);
      if (item === undefined) return [];
      return [...partitions].flatMap(([partition, at]): Standing[] =>
        isTold(at)
          ? [{ group, item, partition, offset: at.offset, known: known?.get(group)?.get(topic)?.get(partition) }]
          : [],
      );
    }),
  );
  if (known === undefined && standings.length > 0)
    return { stale: [`${flowName(forward.flow)} has no checkpoint of any group`], none: true };
  const oldest = clock.now() - settings.checkpointAgeMs;
  const late = standings.filter(({ known, offset }) => {
    return known === undefined || (known.offset < offset && known.writtenAt < oldest);
  });
  const stale = await sideBySide(
    late,
    async ({ group, item, partition, offset, known }) => {
      const place = flowPartition(forward.flow, item, partition);
      const name = `${group}: ${describeTopicPartition(place)}`;
      // Offsets that hold no record are nothing that it has consumed.
      if (!(await forward.hasRecords(place, known?.offset ?? 0, offset))) return [];
      if (known === undefined) return [`${name} has no checkpoint, the group is at ${offset}`];
      return [
        `${name} is at ${offset}, its checkpoint of ${new Date(known.writtenAt).toISOString()} has ${known.offset}`,
      ];
    },
    undefined,
    READ_AT_ONCE,
  );
  return { stale: stale.flat(), none: false };
}
