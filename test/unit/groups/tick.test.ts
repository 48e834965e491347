import { describe, expect, it } from 'vitest';
import { type SourceOffset, sourceOffset, type TargetOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { GroupOffsets, OffsetsOfGroups, Untold } from '../../../shared/groups/committed-offsets.ts';
import type { GroupListing } from '../../../shared/groups/group.ts';
import type {
  CommitOutcome,
  GroupReader,
  OffsetMapReader,
  PartitionLog,
  PartitionLogReader,
} from '../../../shared/groups/ports.ts';
import { carryOut, type FlowTopics, planTick, readSource } from '../../../shared/groups/tick.ts';
import type { TopicItem } from '../../../shared/ledger/topic-registry.ts';
import { compileNameList } from '../../../shared/policy/name-list.ts';

const item: TopicItem = {
  ...{ version: 1, topic: 'orders', remoteTopic: 'us-east.orders', generation: 1, partitions: 1 },
  ...{ sourceTopicId: 'S', targetTopicId: 'T', state: 'active', consumerGroup: 'causeway' },
  ...{ mappingUuid: undefined, drainedAfter: undefined },
};
const topics: FlowTopics = {
  flow: { source: 'us-east', target: 'us-west' },
  topics: new Map([['orders', item]]),
  whyNot: () => undefined,
};
const rules = {
  include: compileNameList({ patterns: ['.*'] }),
  exclude: compileNameList({ patterns: ['console-.*'] }),
};

const offsetsIn = <O extends number>(topic: string, offset: O): GroupOffsets<O> =>
  new Map([[topic, new Map([[0, { offset, leaderEpoch: 0, metadata: '' }]])]]);

/** One cluster with groups `billing`, `shipping`, `silent`, `console-1` and a mapping's; says what it is asked, and in which order. */
function cluster<O extends number>(
  name: string,
  asked: string[],
  topic: string,
  toOffset: (value: number) => O,
  offsets: OffsetsOfGroups<O>,
): GroupReader<O> & PartitionLogReader<O> {
  const groups = new Map(
    ['billing', 'shipping', 'silent', 'console-1', 'causeway.us-east.us-west.orders.g1'].map((id) => [
      id,
      { id, type: 'classic', state: 'Empty' } as const,
    ]),
  );
  const listing: GroupListing = { groups, silentBrokers: [] };
  const log: PartitionLog<O> = {
    topicId: name === 'source' ? 'S' : 'T',
    logStart: toOffset(0),
    logEnd: toOffset(100),
  };
  const note = async <T>(what: string, answer: T): Promise<T> => {
    asked.push(`${name} ${what}`);
    return answer;
  };
  return {
    list: () => note('list', listing),
    committed: (ids) => note(`offsets of ${ids.join(', ')}`, offsets),
    logs: (partitions) =>
      note(
        `logs of ${partitions.map((each) => `${each.topic}-${each.partition}`).join(', ')}`,
        new Map([[topic, new Map([[0, log]])]]),
      ),
  };
}

function world() {
  const asked: string[] = [];
  const maps: OffsetMapReader = {
    read: async (requests) => {
      await Promise.resolve();
      asked.push(`map for ${requests.flatMap(({ toTarget }) => [...toTarget]).join(', ')}`);
      return {
        topicIds: () => ({ source: 'S', target: 'T' }),
        toTarget: (_topic, _partition, offset) => ({ kind: 'exact', offset: targetOffset(offset - 5) }),
        toSource: () => ({ kind: 'unmapped' }),
      };
    },
  };
  const onSource = new Map<string, GroupOffsets<SourceOffset> | Untold>([
    ['billing', offsetsIn('orders', sourceOffset(40))],
    ['shipping', offsetsIn('orders', sourceOffset(60))],
    ['silent', new Map()],
  ]);
  const onTarget: OffsetsOfGroups<TargetOffset> = new Map([['billing', offsetsIn('us-east.orders', targetOffset(7))]]);
  return {
    asked,
    maps,
    source: cluster('source', asked, 'orders', sourceOffset, onSource),
    target: cluster('target', asked, 'us-east.orders', targetOffset, onTarget),
  };
}

describe('a tick', () => {
  it('asks the source for offsets and then for the logs, and the map before the target’s logs', async () => {
    const { asked, source, target, maps } = world();
    const groups = await readSource(source, topics, rules, 1_700_000_000_000);
    expect(groups.selection.leftOut.get('console-1')).toContain('console-.*');
    expect(groups.selection.leftOut.get('causeway.us-east.us-west.orders.g1')).toContain('event source mapping');
    await planTick(groups, target, maps, topics);
    const order = (what: string) => asked.findIndex((each) => each.startsWith(what));

    expect(asked).toHaveLength(7);
    expect(asked.slice(0, 3)).toEqual([
      'source list',
      'source offsets of billing, shipping, silent',
      'source logs of orders-0',
    ]);
    expect(asked).toContain('map for 40, 60');
    expect(asked).toContain('target offsets of billing, shipping');
    expect(order('target logs of us-east.orders-0')).toBeGreaterThan(order('map'));
  });

  it('has the outcome of each commit in the plans that come back', async () => {
    const { source, target, maps } = world();
    const groups = await readSource(source, topics, rules, 1_700_000_000_000);
    const plans = await planTick(groups, target, maps, topics);
    const sent: string[] = [];
    const outcomes: Record<string, readonly CommitOutcome[]> = {
      billing: [{ kind: 'committed' }],
      shipping: [{ kind: 'refused', code: 'UNKNOWN_MEMBER_ID' }],
    };
    const done = await carryOut(plans, {
      commit: async (offsets) => {
        for (const [group, [first]] of offsets)
          sent.push(`${group} ${first?.topic}-${first?.partition}@${first?.offset}`);
        return new Map(Object.entries(outcomes));
      },
    });

    expect(sent).toEqual(['billing us-east.orders-0@35', 'shipping us-east.orders-0@55']);
    expect(done.map(({ group, partitions }) => [group, partitions.map(({ decision }) => decision)])).toEqual([
      ['billing', [{ kind: 'commit', offset: 35, beyond: 0, before: 7 }]],
      ['shipping', [{ kind: 'left-out', reason: 'group-active-on-target', detail: 'UNKNOWN_MEMBER_ID' }]],
      ['silent', []],
    ]);
  });

  it('counts nothing as committed that was not answered', async () => {
    const { source, target, maps } = world();
    const groups = await readSource(source, topics, rules, 1_700_000_000_000);
    const done = await carryOut(await planTick(groups, target, maps, topics), { commit: async () => new Map() });
    const decisions = done.flatMap(({ partitions }) => partitions.map(({ decision }) => decision.kind));
    expect(decisions).toEqual(['left-out', 'left-out']);
  });
});
