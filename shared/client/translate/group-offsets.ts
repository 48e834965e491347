import { messageOf } from '../../flow/errors.ts';
import { isProgrammingError } from '../../flow/programming-error.ts';
import { isTold } from '../../groups/committed-offsets.ts';
import { Direction, type OffsetsFrom } from './answer.ts';
import { ClusterNotGiven, OffsetUnknown, UnknownGroup } from './errors.ts';
import type { TranslatorPorts } from './ports.ts';
import type { Way } from './way.ts';

/** A group's offset of one partition; `code` where the cluster does not tell it. */
export interface GroupOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number | { readonly code: string };
}

export interface GroupOffsetsRead {
  readonly offsetsFrom: OffsetsFrom;
  readonly offsets: readonly GroupOffset[];
}

/**
 * All offsets that the group has on the cluster that the way leads from, by the names there.
 * @throws TranslationError, and what the cluster throws when there are no checkpoints instead
 */
export async function readGroupOffsets(ports: TranslatorPorts, way: Way, group: string): Promise<GroupOffsetsRead> {
  try {
    return { offsetsFrom: { kind: 'cluster' }, offsets: await fromCluster(ports, way, group) };
  } catch (error) {
    const { checkpoints } = ports;
    if (error instanceof UnknownGroup || isProgrammingError(error)) throw error;
    if (way.direction !== Direction.Forward || checkpoints === undefined) throw error;
    return (await fromCheckpoints(checkpoints, ports, group, error)) ?? Promise.reject(error);
  }
}

async function fromCluster(ports: TranslatorPorts, way: Way, group: string): Promise<readonly GroupOffset[]> {
  const connect = way.direction === Direction.Forward ? ports.source : ports.target;
  if (connect === undefined) throw new ClusterNotGiven(way.from);
  const told = (await (await connect()).committed([group])).get(group) ?? new Map();
  if (!isTold(told)) throw new OffsetUnknown(way.from, `the group ${group}`, told.code);
  if (told.size === 0) throw new UnknownGroup(way.from, group);
  return [...told].flatMap(([topic, partitions]) =>
    [...partitions].map(([partition, committed]) => ({
      topic,
      partition,
      offset: isTold(committed) ? committed.offset : committed,
    })),
  );
}

async function fromCheckpoints(
  read: NonNullable<TranslatorPorts['checkpoints']>,
  { registry }: TranslatorPorts,
  group: string,
  error: unknown,
): Promise<GroupOffsetsRead | undefined> {
  const last = await read(group).catch((unread: unknown) => {
    if (isProgrammingError(unread)) throw unread;
    return undefined;
  });
  if (last === undefined) return undefined;
  const { topics } = await registry.list();
  const names = new Map(topics.map(({ topic, remoteTopic }) => [remoteTopic, topic]));
  return {
    offsetsFrom: { kind: 'checkpoints', at: last.at, because: messageOf(error) },
    offsets: last.offsets.map(({ topic, ...rest }) => ({ topic: names.get(topic) ?? topic, ...rest })),
  };
}
