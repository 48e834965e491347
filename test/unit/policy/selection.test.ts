import { describe, expect, test } from 'vitest';
import {
  DEFAULT_CONFIG_PROPERTIES_EXCLUDE,
  selectConfigProperty,
} from '../../../shared/policy/config-property-selection.ts';
import { defaultPolicy } from '../../../shared/policy/default-policy.ts';
import { DEFAULT_GROUPS_EXCLUDE, selectGroup } from '../../../shared/policy/group-selection.ts';
import { identityPolicy } from '../../../shared/policy/identity-policy.ts';
import { compileNameList, NameListRefusal } from '../../../shared/policy/name-list.ts';
import { DEFAULT_TOPICS_EXCLUDE, selectTopic, type TopicRules } from '../../../shared/policy/topic-selection.ts';

function list(patterns: readonly string[], key?: string, line = 1) {
  return compileNameList({ patterns, origin: key === undefined ? undefined : { key, line } });
}

const rules: TopicRules = {
  policy: defaultPolicy('.', '.'),
  target: 'us-west',
  include: list(['orders.*', 'eu\\..*', 'us-west\\..*', 'pay.*'], 'us-east->us-west.topics', 4),
  exclude: list(DEFAULT_TOPICS_EXCLUDE),
  replicateHeartbeats: true,
};

describe('a list of names and patterns', () => {
  test('takes whole names only', () => {
    const orders = list(['orders', 'pay.*']);

    expect(['orders', 'orders2', 'my-orders', 'payments'].filter(orders.matches)).toEqual(['orders', 'payments']);
  });

  test('takes nothing when it is empty', () => {
    expect(list([]).matches('')).toBe(false);
    expect(list([]).matches('orders')).toBe(false);
  });

  test('is one pattern, as in MirrorMaker 2: (?i) holds for the patterns after it', () => {
    expect(list(['(?i)a', 'b']).matches('B')).toBe(true);
    expect(list(['a', '(?i)b']).matches('A')).toBe(false);
  });

  test('is refused with the pattern at fault and the place in it', () => {
    const refused = () => list(['orders', 'pay\\b.*']);

    expect(refused).toThrow(NameListRefusal);
    expect(refused).toThrow('pattern pay\\b.* at character 4: word boundaries differ');
  });

  test('is taken where only the whole of it is a pattern', () => {
    expect(list(['(orders', 'payments)']).matches('payments')).toBe(true);
  });
});

describe('whether a topic is copied', () => {
  test.each([
    ['orders', true, 'named by orders.* in us-east->us-west.topics (line 4)'],
    ['eu.orders', true, 'named by eu\\..* in us-east->us-west.topics (line 4)'],
    ['stock', false, 'not named by us-east->us-west.topics (line 4)'],
    ['orders-internal', false, 'excluded by .*[\\-\\.]internal in the default of topics.exclude'],
    ['orders.replica', false, 'excluded by .*\\.replica in the default of topics.exclude'],
    ['us-west.orders', false, 'a copy of what us-west has already: copying it back would make a loop'],
    ['eu.us-west.orders', false, 'a copy of what us-west has already: copying it back would make a loop'],
    ['__consumer_offsets', false, 'an internal topic'],
    ['mm2-offsets.us-west.internal', false, 'a topic of the mirror itself'],
    ['us-west.checkpoints.internal', false, 'a topic of the mirror itself'],
    ['heartbeats', true, 'a heartbeats topic (heartbeats.replication.enabled)'],
    ['us-west.heartbeats', false, 'a copy of what us-west has already: copying it back would make a loop'],
  ])('%s: %s, %s', (topic, covered, reason) => {
    expect(selectTopic(rules, topic)).toEqual({ covered, reason });
  });

  test('heartbeats go by the lists when heartbeats.replication.enabled is false', () => {
    expect(selectTopic({ ...rules, replicateHeartbeats: false }, 'heartbeats').covered).toBe(false);
  });

  test('names that stay as they are show no loop, save heartbeats', () => {
    const identity = { ...rules, policy: identityPolicy('us-east', '.', '.'), include: list(['.*']) };

    expect(selectTopic(identity, 'us-west.orders').covered).toBe(true);
    expect(selectTopic(identity, 'us-west.heartbeats').covered).toBe(false);
  });
});

describe('whether a group or a topic setting is carried over', () => {
  test.each([
    ['billing', true, 'named by .* in the default of groups'],
    ['console-consumer-123', false, 'excluded by console-consumer-.* in the default of groups.exclude'],
    ['connect-sink', false, 'excluded by connect-.* in the default of groups.exclude'],
  ])('%s: %s, %s', (group, covered, reason) => {
    expect(selectGroup(list(['.*']), list(DEFAULT_GROUPS_EXCLUDE), group)).toEqual({ covered, reason });
  });

  test('the default leaves out what belongs to the cluster rather than to the topic', () => {
    const exclude = list(DEFAULT_CONFIG_PROPERTIES_EXCLUDE);
    const names = ['retention.ms', 'min.insync.replicas', 'cleanup.policy', 'message.timestamp.type'];

    expect(names.filter((name) => selectConfigProperty(exclude, name).covered)).toEqual([
      'retention.ms',
      'cleanup.policy',
    ]);
    expect(selectConfigProperty(exclude, 'min.insync.replicas').reason).toBe(
      'excluded by min\\.insync\\.replicas in the default of config.properties.exclude',
    );
  });
});
