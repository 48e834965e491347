import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LastKnownGroups } from '../../../shared/checkpoint/last-known-groups.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { GroupOffsets, Untold } from '../../../shared/groups/committed-offsets.ts';
import type { SourceGroups } from '../../../shared/groups/tick.ts';
import type { TopicItem } from '../../../shared/ledger/topic-registry.ts';
import { LatestCheckpoints } from '../../../shared/mm2/latest-checkpoints.ts';

type Told = GroupOffsets<ReturnType<typeof sourceOffset>>;

function at(offset: number, metadata = ''): Told {
  return new Map([['orders', new Map([[0, { offset: sourceOffset(offset), leaderEpoch: -1, metadata }]])]]);
}

function reading(readAt: number, groups: Readonly<Record<string, Told | Untold>>): SourceGroups {
  const selection = { selected: Object.keys(groups), leftOut: new Map() };
  return { readAt, selection, offsets: new Map(Object.entries(groups)), logs: undefined };
}

const UNTOLD = { code: 'KAFKA_UNREACHABLE' };

describe('what was last known of the source', () => {
  it('stands in for a group whose coordinator is silent, with its age', () => {
    const known = new LastKnownGroups();
    known.take(reading(1_000, { billing: at(10), shipping: at(20) }), true);

    const { groups, oldestAt, kept } = known.take(reading(6_000, { billing: UNTOLD, shipping: at(25) }), true);

    expect(Object.fromEntries(groups.offsets)).toEqual({ billing: at(10), shipping: at(25) });
    expect({ oldestAt, kept }).toEqual({ oldestAt: 1_000, kept: 1 });
  });

  it('stands in for the groups of a broker that was not heard, and not for groups that are gone', () => {
    const known = new LastKnownGroups();
    known.take(reading(1_000, { billing: at(10), shipping: at(20) }), true);

    expect([...known.take(reading(6_000, { shipping: at(20) }), false).groups.offsets.keys()]).toEqual([
      'shipping',
      'billing',
    ]);
    expect([...known.take(reading(7_000, { shipping: at(20) }), true).groups.offsets.keys()]).toEqual(['shipping']);
    expect([...known.take(reading(8_000, { shipping: at(20) }), false).groups.offsets.keys()]).toEqual(['shipping']);
  });

  it('says nothing of a group of which nothing was ever told', () => {
    const { groups, oldestAt } = new LastKnownGroups().take(reading(1_000, { billing: UNTOLD }), true);
    expect(Object.fromEntries(groups.offsets)).toEqual({ billing: UNTOLD });
    expect(oldestAt).toBeUndefined();
  });

  it('is told whole when the source is silent, without the logs of that time', () => {
    const known = new LastKnownGroups();
    known.take({ ...reading(1_000, { billing: at(10) }), logs: new Map() }, true);

    const { groups, oldestAt, kept } = known.all(9_000);

    expect(Object.fromEntries(groups.offsets)).toEqual({ billing: at(10) });
    expect({ logs: groups.logs, oldestAt, kept }).toEqual({ logs: undefined, oldestAt: 1_000, kept: 1 });
  });

  it('is recalled from checkpoints, by the names on the source, for groups that the flow covers', () => {
    const latest = new LatestCheckpoints();
    const of = { topic: 'us-east.orders', partition: 0, downstreamOffset: targetOffset(7) };
    latest.written({ ...of, group: 'billing', upstreamOffset: sourceOffset(10), metadata: 'm' });
    latest.written({ ...of, group: 'billing', topic: 'gone', upstreamOffset: sourceOffset(3), metadata: '' });
    latest.written({ ...of, group: 'console-1', upstreamOffset: sourceOffset(10), metadata: '' });
    const item: TopicItem = {
      ...{ version: 1, topic: 'orders', remoteTopic: 'us-east.orders', generation: 1, partitions: 1 },
      ...{ sourceTopicId: 'S', targetTopicId: 'T', state: 'active', consumerGroup: 'c' },
      ...{ mappingUuid: undefined, drainedAfter: undefined },
    };
    const known = new LastKnownGroups();

    known.recall(latest, 5_000, new Map([['orders', item]]), (group) => group !== 'console-1');

    const { groups, oldestAt } = known.all(9_000);
    expect(Object.fromEntries(groups.offsets)).toEqual({ billing: at(10, 'm') });
    expect(oldestAt).toBe(5_000);
  });

  it('never answers less or older than any reading told', () => {
    const group = fc.constantFrom('a', 'b', 'c');
    const told = fc.oneof(
      fc.nat(100).map((offset) => at(offset)),
      fc.constant(UNTOLD),
    );
    const readings = fc.array(fc.tuple(fc.dictionary(group, told), fc.boolean()), { maxLength: 12 });
    fc.assert(
      fc.property(readings, (all) => {
        const known = new LastKnownGroups();
        const model = new Map<string, Told>();
        for (const [i, [groups, complete]] of all.entries()) {
          for (const [id, offsets] of Object.entries(groups)) if (!('code' in offsets)) model.set(id, offsets);
          if (complete) for (const id of model.keys()) if (!(id in groups)) model.delete(id);
          const { offsets } = known.take(reading(i, groups), complete).groups;
          for (const [id, expected] of model) expect(offsets.get(id)).toEqual(expected);
          for (const [id, found] of offsets) if (!('code' in found)) expect(model.get(id)).toEqual(found);
        }
      }),
    );
  });
});
