import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainTopic } from '../../../../shared/cli/explain/explain-topic.ts';
import { Rule } from '../../../../shared/cli/explain/explanation.ts';
import { flowPolicy } from '../../../../shared/config/flow-policy.ts';
import { properties } from '../command-line.ts';
import { asked, changed, flowIn } from './question.ts';

const about = (topic: string, ...lines: readonly string[]) => {
  const text = properties(...lines);
  const explain = (file: string) => asked(file, (flow, written) => explainTopic(flow, topic, written));
  return {
    ...explain(text),
    after: (to: 'start' | 'stop', from = explain(text)) =>
      explain(
        changed(
          text,
          from.changes.filter((change) => change.to === to),
        ),
      ),
  };
};

describe('a topic that is replicated', () => {
  test('is explained by the entry that takes it, its line and its remote name', () => {
    const found = about('orders-eu', 'us-east->us-west.topics = payments, orders.*');

    expect(found).toMatchObject({ replicated: true, remoteTopic: 'us-east.orders-eu' });
    expect(found.because).toEqual([
      {
        rule: Rule.Named,
        says: 'orders.*, entry 2 of 2 in topics, takes it',
        property: 'topics',
        place: { key: 'us-east->us-west.topics', line: 5 },
        entries: [{ text: 'orders.*', number: 2, of: 2 }],
      },
    ]);
  });

  test('is explained by the default where the file says nothing', () => {
    const { because } = about('orders');

    expect(because).toMatchObject([{ rule: Rule.Named, property: 'topics', entries: [{ text: '.*' }] }]);
    expect(because[0]).not.toHaveProperty('place');
  });

  test('is left out by the line that is proposed, which keeps the default exclusions', () => {
    const found = about('eu.orders');

    expect(found.changes).toEqual([
      {
        to: 'stop',
        says: 'the same list and this name',
        write: 'us-east->us-west.topics.exclude = .*[\\\\-\\\\.]internal, .*\\\\.replica, __.*, eu\\\\.orders',
      },
    ]);
    expect(found.after('stop')).toMatchObject({ replicated: false });
  });

  test('is left out alone: flags of the list do not make its line take other names', () => {
    expect(about('a', 'topics.exclude = (?i)x').changes[0]?.write).toBe('us-east->us-west.topics.exclude = a, (?i)x');
  });

  test('can be a heartbeats topic, whatever the lists say', () => {
    const found = about('heartbeats', 'us-east->us-west.topics = orders');

    expect(found.because).toMatchObject([{ rule: Rule.Heartbeats, property: 'heartbeats.replication.enabled' }]);
    expect(found.after('stop')).toMatchObject({ replicated: false });
  });

  test('is said to be copied late or in part where the file makes it so', () => {
    const { facts } = about('orders', 'refresh.topics.enabled = false', 'causeway.start.position = latest');

    expect(facts.map(({ text }) => text).join('\n')).toMatch(/not found: refresh.topics.enabled is false \(line 5\)/);
    expect(facts.map(({ text }) => text).join('\n')).toMatch(/only those written from then on/);
  });
});

describe('a topic that is not replicated', () => {
  test.each([
    ['__consumer_offsets', Rule.InternalTopic],
    ['mm2-offset-syncs.us-west.internal', Rule.MirrorTopic],
    ['us-east.checkpoints.internal', Rule.MirrorTopic],
    ['us-west.orders', Rule.Loop],
    ['us-west.heartbeats', Rule.Loop],
    ['x.us-west.orders', Rule.Loop],
  ])('%s: by %s, which no setting changes', (topic, rule) => {
    const found = about(topic);

    expect(found).toMatchObject({ replicated: false, changes: [] });
    expect(found.because.map((each) => each.rule)).toEqual([rule]);
  });

  test('is explained by everything that stands in the way, not only the first', () => {
    const found = about(
      'audit.log',
      'us-east->us-west.enabled = false',
      'topics.exclude = audit.*, .*log',
      'topics = orders',
    );

    expect(found.because.map(({ rule, place }) => [rule, place?.line])).toEqual([
      [Rule.FlowNotEnabled, 5],
      [Rule.Excluded, 6],
      [Rule.NotNamed, 7],
    ]);
    expect(found.because[1]?.entries?.map(({ text }) => text)).toEqual(['audit.*', '.*log']);
    expect(found.after('start')).toMatchObject({ replicated: true });
  });

  test('is explained by the older name of the list, where that is what the file uses', () => {
    const { because } = about('orders', 'us-east->us-west.topics.blacklist = ord.*');

    expect(because).toMatchObject([
      { property: 'topics.exclude', place: { key: 'us-east->us-west.topics.blacklist' } },
    ]);
  });

  test('is explained by an empty list', () => {
    expect(about('orders', 'us-east->us-west.topics =').because[0]?.says).toBe(
      'topics is an empty list, which takes nothing',
    );
  });

  test('is told the entry that is nearly its name', () => {
    expect(about('order', 'topics = orders, payments').because[0]?.says).toBe(
      'no entry of topics takes it; the nearest is orders',
    );
  });

  test('is blamed on the entry that takes it under the flags of one before, which the others keep', () => {
    const found = about('A', 'us-east->us-west.enabled = false', 'topics.exclude = (?i)X, a|b, c');

    expect(found.because[1]?.says).toBe(
      'a|b, entry 2 of 3 in topics.exclude, excludes it together with those before it: a list is one pattern, in which what one entry begins, as (?i), goes on in the next',
    );
    expect(found.changes.map(({ write }) => write)).toEqual([
      'us-east->us-west.enabled = true',
      'us-east->us-west.topics.exclude = (?i)X, c',
    ]);
    expect(found.after('start')).toMatchObject({ replicated: true });
  });

  test('hands the flags of an entry that is left out on to the next', () => {
    expect(about('x', 'topics.exclude = (?i)X, a|b').changes[0]?.write).toBe(
      'us-east->us-west.topics.exclude = (?i)a|b',
    );
  });

  test('is not told a line where the entries of the list hang together', () => {
    const found = about('a', 'us-east->us-west.enabled = false', 'topics.exclude = (a, b)');

    expect(found).toMatchObject({ replicated: false, changes: [] });
    expect(found.because[1]?.says).toEqual(
      expect.stringMatching(/^b\), entry 2 of 2 in topics.exclude, excludes it together/),
    );
  });

  test('changes every line of a continued list', () => {
    const found = about('stock', 'us-east->us-west.topics = orders, \\', '  payments, \\', '  clicks', 'tasks.max = 2');

    expect(found.changes).toMatchObject([{ lines: { first: 5, last: 7 } }]);
    expect(found.after('start')).toMatchObject({ replicated: true });
  });
});

describe('names', () => {
  test('that the copy cannot have keep a topic out, as reconcile will say', () => {
    const found = about('x'.repeat(245));

    expect(found).toMatchObject({ replicated: false, changes: [], because: [{ rule: Rule.RemoteName }] });
  });

  test('follow the policy, which is named with its line', () => {
    const identity = about(
      'orders',
      'replication.policy.class = org.apache.kafka.connect.mirror.IdentityReplicationPolicy',
    );
    const pattern = about('orders', 'causeway.replication.policy.pattern = replica-{source}-{topic}');

    expect(identity.remoteTopic).toBe('orders');
    expect(identity.facts[0]?.text).toBe('orders in us-west, named by IdentityReplicationPolicy (line 5)');
    expect(identity.facts[1]?.text).toContain('origin-dc');
    expect(pattern.remoteTopic).toBe('replica-us-east-orders');
    expect(pattern.facts[0]?.text).toContain('the pattern replica-{source}-{topic} (line 5)');
  });

  test('of a copy lead back to its original', () => {
    expect(about('us-east.orders', 'topics = orders').facts.at(-1)?.text).toContain('causeway explain orders');
  });
});

describe('any topic under any lists', () => {
  const pattern = fc.constantFrom(
    '.*',
    'orders.*',
    'pay.*',
    '(?i)X',
    '(?i)a',
    'x',
    'a|b',
    '(a, b)',
    'us-.*',
    '.*\\\\.replica',
    'orders',
    'heartbeats',
  );
  const list = fc.array(pattern, { maxLength: 4 }).map((patterns) => patterns.join(', '));
  const line = (key: string) =>
    fc
      .option(fc.tuple(fc.constantFrom('', 'us-east->us-west.'), list))
      .map((some) => (some === null ? [] : [`${some[0]}${key} = ${some[1]}`]));
  const text = fc
    .tuple(
      fc.constantFrom([], ['us-east->us-west.enabled = false']),
      line('topics'),
      line('topics.exclude'),
      line('topics.blacklist'),
      fc.constantFrom([], ['heartbeats.replication.enabled = false']),
    )
    .map((parts) => properties(...parts.flat()));
  const topic = fc.oneof(
    fc.constantFrom(
      'orders',
      'orders-2',
      'pay.x',
      'x',
      'a',
      'us-east.b',
      'us-west.a',
      'heartbeats',
      'us-west.heartbeats',
      'b.replica',
      '__x',
    ),
    fc.stringMatching(/^[a-zA-Z0-9._-]{1,12}$/),
  );

  test('gets the verdict that reconcile goes by', () => {
    fc.assert(
      fc.property(text, topic, (file, name) => {
        const { enabled, ...rest } = flowIn(file);
        const found = asked(file, (flow, written) => explainTopic(flow, name, written));
        expect(found.replicated).toBe(enabled && flowPolicy({ enabled, ...rest }).covers(name).covered);
      }),
    );
  });

  test('gets the other answer from the file with the lines that are proposed', () => {
    fc.assert(
      fc.property(text, topic, (file, name) => {
        const explain = (of: string) => asked(of, (flow, written) => explainTopic(flow, name, written));
        const found = explain(file);
        if (found.changes.length === 0) return;
        expect(explain(changed(file, found.changes)).replicated).toBe(!found.replicated);
      }),
      {
        numRuns: 300,
        examples: [
          [properties('us-east->us-west.enabled = false', 'us-east->us-west.topics.exclude = (?i)X, a|b'), 'A'],
        ],
      },
    );
  });
});
