import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainGroup } from '../../../../shared/cli/explain/explain-group.ts';
import { Rule } from '../../../../shared/cli/explain/explanation.ts';
import { flowPolicy } from '../../../../shared/config/flow-policy.ts';
import { properties } from '../command-line.ts';
import { asked, changed, flowIn } from './question.ts';

const about = (group: string, ...lines: readonly string[]) => {
  const text = properties(...lines);
  const explain = (file: string) => asked(file, (flow, written) => explainGroup(flow, group, written));
  const found = explain(text);
  return {
    ...found,
    after: (to: 'start' | 'stop' | 'commit') =>
      explain(
        changed(
          text,
          found.changes.filter((change) => change.to === to),
        ),
      ),
  };
};

test('any group gets the verdict that checkpoint goes by', () => {
  const group = fc.oneof(fc.constantFrom('billing', 'causeway.x', 'connect-y', '__z'), fc.string({ minLength: 1 }));
  const lists = fc.constantFrom([], ['groups = billing'], ['groups.exclude = b.*'], ['groups = (?i)X, causeway.*']);
  fc.assert(
    fc.property(group, lists, (name, lines) => {
      const text = properties(...lines);
      expect(about(name, ...lines).replicated).toBe(flowPolicy(flowIn(text)).coversGroup(name).covered);
    }),
  );
});

describe('a consumer group', () => {
  test('is translated but not committed unless the file says so', () => {
    const found = about('billing');

    expect(found).toMatchObject({
      replicated: true,
      committed: false,
      checkpointsTopic: 'us-east.checkpoints.internal',
      says: 'the offsets of billing are translated, but not committed on us-west',
    });
    expect(found.after('commit')).toMatchObject({ replicated: true, committed: true });
  });

  test('is committed with sync.group.offsets.enabled', () => {
    const found = about('billing', 'sync.group.offsets.enabled = true', 'sync.group.offsets.interval.seconds = 7');

    expect(found).toMatchObject({ replicated: true, committed: true });
    expect(found.facts.find(({ label }) => label === 'commits')?.text).toContain('every 7 s, while the group is idle');
    expect(found.after('stop')).toMatchObject({ replicated: false, committed: false });
  });

  test('is explained by everything that stands in its way', () => {
    const found = about('console-consumer-7', 'emit.checkpoints.enabled = false', 'us-east->us-west.groups = billing');

    expect(found.because.map(({ rule, place }) => [rule, place?.line])).toEqual([
      [Rule.CheckpointsOff, 5],
      [Rule.Excluded, undefined],
      [Rule.NotNamed, 6],
    ]);
    expect(found.after('start')).toMatchObject({ replicated: true });
  });

  test('of an event source mapping is never carried over, which no setting changes', () => {
    const found = about('causeway.us-east.us-west.orders.g1', 'groups = .*');

    expect(found).toMatchObject({ replicated: false, changes: [], because: [{ rule: Rule.PollingGroup }] });
  });

  test('may have any characters in its name', () => {
    const found = about('app (blue), v1.2', 'groups = billing');

    expect(found.after('start')).toMatchObject({ replicated: true, group: 'app (blue), v1.2' });
  });
});
