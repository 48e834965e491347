import { describe, expect, it } from 'vitest';
import { type SourceOffset, sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type {
  CommittedOffset,
  GroupOffsets,
  OffsetsOfGroups,
  Untold,
} from '../../../shared/groups/committed-offsets.ts';
import { activityOf, type GroupListing } from '../../../shared/groups/group.ts';
import { partitionKnowledge, replicatedTopics, translationsOf } from '../../../shared/groups/knowledge.ts';
import type { OffsetMapView } from '../../../shared/groups/ports.ts';
import { selectGroups } from '../../../shared/groups/select.ts';
import type { TopicItem } from '../../../shared/ledger/topic-registry.ts';
import { compileNameList } from '../../../shared/policy/name-list.ts';

const flow = { source: 'us-east', target: 'us-west' };

function item(topic: string, changes: Partial<TopicItem> = {}): TopicItem {
  return {
    version: 1,
    topic,
    remoteTopic: `us-east.${topic}`,
    generation: 2,
    sourceTopicId: 'S',
    targetTopicId: 'T',
    partitions: 1,
    state: 'active',
    consumerGroup: 'causeway',
    mappingUuid: undefined,
    drainedAfter: undefined,
    ...changes,
  };
}

const at = (offset: number) => ({ offset: sourceOffset(offset), leaderEpoch: 0, metadata: '' });
const topics = replicatedTopics([item('orders'), item('payments'), item('gone', { state: 'retired' })]);

describe('what the offset map is asked', () => {
  it('is each offset once, of the generation that is current, of replicated topics only', () => {
    const untold = { code: 'UNSTABLE_OFFSET_COMMIT' };
    const offsets = (
      byTopic: Record<string, readonly [number, CommittedOffset<SourceOffset> | Untold][]>,
    ): GroupOffsets<SourceOffset> => new Map(Object.entries(byTopic).map(([topic, each]) => [topic, new Map(each)]));
    const groups: OffsetsOfGroups<SourceOffset> = new Map<string, GroupOffsets<SourceOffset> | Untold>([
      [
        'a',
        offsets({
          orders: [
            [0, at(5)],
            [3, untold],
          ],
          gone: [[0, at(1)]],
        }),
      ],
      [
        'b',
        offsets({
          orders: [
            [0, at(5)],
            [1, at(7)],
          ],
          local: [[0, at(1)]],
        }),
      ],
      ['c', offsets({ orders: [[0, at(9)]] })],
      ['d', { code: 'GROUP_AUTHORIZATION_FAILED' }],
    ]);
    const requests = translationsOf(flow, topics, groups);
    const partition = { flow, topic: 'orders', remoteTopic: 'us-east.orders', generation: 2 };
    expect(requests.map((each) => ({ ...each, toTarget: [...each.toTarget] }))).toEqual([
      { partition: { ...partition, partition: 0 }, toTarget: [5, 9], toSource: [] },
      { partition: { ...partition, partition: 1 }, toTarget: [7], toSource: [] },
    ]);
  });
});

describe('what is known of a partition', () => {
  const map: OffsetMapView = {
    topicIds: () => ({ source: 'S', target: 'T' }),
    toTarget: () => ({ kind: 'unmapped' }),
    toSource: () => ({ kind: 'unmapped' }),
  };
  const here = { topicId: 'S', logStart: sourceOffset(0), logEnd: sourceOffset(9) };
  const there = { topicId: 'T', logStart: targetOffset(0), logEnd: targetOffset(9) };
  const whyNot = (topic: string) => (topic === 'local' ? 'not named by topics (line 4)' : undefined);
  const known = (
    topic: string,
    source: typeof here | { code: string } | undefined,
    target: typeof there | { code: string } | undefined,
  ) =>
    partitionKnowledge({
      topics,
      whyNot,
      map,
      source: source && new Map([[topic, new Map([[0, source]])]]),
      target: new Map(target ? [[`us-east.${topic}`, new Map([[0, target]])]] : []),
    }).find(topic, 0);

  it('is both logs where the partition is replicated', () => {
    expect(known('orders', here, there)).toEqual({ remoteTopic: 'us-east.orders', source: here, target: there });
  });

  it('does without the source’s log where the source does not answer', () => {
    const expected = { remoteTopic: 'us-east.orders', source: undefined, target: there };
    expect(known('orders', undefined, there)).toEqual(expected);
    expect(known('orders', { code: 'LEADER_NOT_AVAILABLE' }, there)).toEqual(expected);
  });

  it.each([
    ['a topic that no rule names', 'local', here, there, 'topic-not-replicated', 'not named by topics (line 4)'],
    ['a topic that is retired', 'gone', here, there, 'topic-not-replicated', undefined],
    ['a partition that was not asked for', 'orders', here, undefined, 'no-remote-partition', undefined],
    [
      'a partition that is not there',
      'orders',
      here,
      { code: 'UNKNOWN_TOPIC_OR_PARTITION' },
      'no-remote-partition',
      undefined,
    ],
    [
      'a partition without a leader',
      'orders',
      here,
      { code: 'LEADER_NOT_AVAILABLE' },
      'target-log-unknown',
      'LEADER_NOT_AVAILABLE',
    ],
    ['a source topic made anew', 'orders', { ...here, topicId: 'S2' }, there, 'topic-made-anew', 'on the source'],
    ['a remote topic made anew', 'orders', here, { ...there, topicId: 'T2' }, 'topic-made-anew', 'on the target'],
  ])('is why nothing can be carried over of %s', (_what, topic, source, target, reason, detail) => {
    expect(known(topic, source, target)).toEqual({ kind: 'left-out', reason, ...(detail && { detail }) });
  });
});

describe('a group on the target', () => {
  const group = (id: string, state: string) => [id, { id, type: 'classic', state }] as const;
  const groups = new Map([group('idle', 'Empty'), group('dead', 'Dead'), group('busy', 'PreparingRebalance')]);
  const listing = (...silent: number[]): GroupListing => ({
    groups,
    silentBrokers: silent.map((broker) => ({ broker, code: 'KAFKA_UNREACHABLE' })),
  });

  it.each([
    ['idle', 'idle'],
    ['dead', 'idle'],
    ['busy', 'active'],
    ['absent', 'idle'],
  ])('that is %s counts as %s', (id, activity) => {
    expect(activityOf(listing(), id)).toBe(activity);
  });

  it('that is absent counts as unknown as long as a broker was not heard', () => {
    expect(activityOf(listing(2), 'absent')).toBe('unknown');
    expect(activityOf(listing(2), 'busy')).toBe('active');
  });

  it('is chosen by the flow’s lists, with the rule that leaves the others out', () => {
    const rules = {
      include: compileNameList({ patterns: ['.*'] }),
      exclude: compileNameList({ patterns: ['d.*'], origin: { key: 'groups.exclude', line: 7 } }),
    };
    expect(selectGroups(listing(), rules)).toEqual({
      selected: ['busy', 'idle'],
      leftOut: new Map([['dead', 'excluded by d.* in groups.exclude (line 7)']]),
    });
  });
});
