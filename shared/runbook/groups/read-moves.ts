import type { FlowPartition } from '../../flow/flow.ts';
import { sourceOffset, targetOffset } from '../../flow/offset.ts';
import { isTold, type OffsetsOfGroups } from '../../groups/committed-offsets.ts';
import type { TranslationRequest } from '../../groups/ports.ts';
import type { TopicPartition } from '../../mm2/topic-partition.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';
import { type KnownOffsets, knownOffsets } from './known-offsets.ts';
import type { MoveFacts } from './move-facts.ts';
import { orAway, readWays } from './read-ways.ts';
import { isShared, type Ways } from './ways.ts';

export interface MoveReading {
  readonly facts: MoveFacts;
  readonly known: Omit<KnownOffsets, 'offsets'>;
}

type Ports = Pick<RunbookPorts, 'from' | 'to' | 'forward' | 'backward' | 'rules' | 'lastKnown'>;

/**
 * All that says where groups go on. The map is read after the groups' offsets, and the logs after the map, so that neither
 * is behind what it is held against.
 * @param run in an emergency the cluster that is left may be gone: then what is known last stands in for it
 * @throws CausewayError when the cluster that is moved to, or the offset map of the way, does not answer
 */
export async function readMoves(ports: Ports, run: Pick<RunbookRun, 'emergency' | 'dryRun'>): Promise<MoveReading> {
  const { to, forward, backward } = ports;
  const { emergency } = run;
  const [ways, { offsets, ...known }] = await Promise.all([readWays(ports, emergency), knownOffsets(ports, run)]);
  const asked = askedOf(ways, offsets);
  const shared = asked.flatMap(({ way }) => (way.forward && isShared(way) ? [way.forward] : []));
  const [forwardMap, backwardMap, heads] = await Promise.all([
    forward.maps.read(requests(asked, 'forward')),
    backward && orAway(backward.maps.read(requests(asked, 'backward')), emergency),
    shared.length === 0 ? new Map() : forward.heads(distinct(shared)),
  ]);
  const there = asked.flatMap(({ way: { forward: f, backward: b }, partition }) =>
    [f?.remoteTopic, b?.topic].flatMap((topic) => (topic === undefined ? [] : [{ topic, partition }])),
  );
  const [fromLogs, toLogs, toListing, toOffsets] = await Promise.all([
    known.answered ? orAway(ports.from.cluster.ends(asked), emergency) : undefined,
    to.cluster.ends(there),
    to.groups.list(),
    to.groups.committed([...offsets.keys()]),
  ]);
  const { recalled } = known;
  const facts = { ways, offsets, recalled, forwardMap, heads, backwardMap, fromLogs, toLogs, toListing, toOffsets };
  return { facts, known };
}

type Asked = TopicPartition & {
  readonly way: NonNullable<ReturnType<Ways['of']>>;
  readonly offsets: ReadonlySet<number>;
};

function askedOf(ways: Ways, groups: OffsetsOfGroups<number>): readonly Asked[] {
  const asked = new Map<string, Asked & { readonly offsets: Set<number> }>();
  for (const told of groups.values()) {
    if (!isTold(told)) continue;
    for (const [topic, offsets] of told)
      for (const [partition, committed] of offsets) {
        const way = isTold(committed) ? ways.of(topic, partition) : undefined;
        if (way === undefined || !isTold(committed)) continue;
        const key = `${topic}-${partition}`;
        const known = asked.get(key) ?? { topic, partition, way, offsets: new Set<number>() };
        asked.set(key, known);
        known.offsets.add(committed.offset);
      }
  }
  return [...asked.values()];
}

function requests(asked: readonly Asked[], direction: 'forward' | 'backward'): TranslationRequest[] {
  return asked.flatMap(({ way, offsets }): TranslationRequest[] => {
    const partition = way[direction];
    if (partition === undefined) return [];
    const all = [...offsets];
    return direction === 'forward'
      ? [{ partition, toTarget: all.map(sourceOffset), toSource: [] }]
      : [{ partition, toTarget: [], toSource: all.map(targetOffset) }];
  });
}

function distinct(partitions: readonly FlowPartition[]): FlowPartition[] {
  return [...new Map(partitions.map((each) => [`${each.topic}-${each.partition}`, each])).values()];
}
