import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ConfigEntry, ConfigSource } from '../../../../shared/policy/config-property-selection.ts';
import { configsAtCreation, planConfigs } from '../../../../shared/reconcile/configs/plan-configs.ts';
import type { TopicConfigs } from '../../../../shared/reconcile/configs/topic-configs.ts';

const rules = { covers: (name: string) => name !== 'min.insync.replicas', useDefaultsFrom: 'target' } as const;

function entry(value: string | null, source: ConfigSource = ConfigSource.Topic, more: Partial<ConfigEntry> = {}) {
  return { value, source, readOnly: false, sensitive: false, ...more };
}

function configs(entries: Record<string, ConfigEntry>): TopicConfigs {
  return new Map(Object.entries(entries));
}

test('a value of the source topic is set, one that it no longer has is taken off, one that is equal is left', () => {
  const source = configs({
    'retention.ms': entry('1000'),
    'cleanup.policy': entry('delete', ConfigSource.Default),
    'segment.ms': entry('7'),
  });
  const target = configs({
    'retention.ms': entry('2000'),
    'cleanup.policy': entry('compact'),
    'segment.ms': entry('7'),
  });

  expect(planConfigs(source, target, rules)).toEqual({
    changes: [
      { name: 'retention.ms', value: '1000' },
      { name: 'cleanup.policy', value: undefined },
    ],
    unknown: [],
  });
});

test('a default that happens to be equal is made the remote topic’s own, so that it stays when the default changes', () => {
  const source = configs({ 'retention.ms': entry('1000') });

  expect(planConfigs(source, configs({ 'retention.ms': entry('1000', ConfigSource.Default) }), rules).changes).toEqual([
    { name: 'retention.ms', value: '1000' },
  ]);
});

test.each([
  ['read-only', entry('1', ConfigSource.Topic, { readOnly: true })],
  ['sensitive', entry(null, ConfigSource.Topic, { sensitive: true })],
  ['of the brokers’ own file', entry('1', ConfigSource.StaticBroker)],
])('a value that is %s is neither set nor taken off, at creation either', (_, from) => {
  const source = configs({ 'retention.ms': from });

  expect(planConfigs(source, configs({ 'retention.ms': entry('5') }), rules).changes).toEqual([]);
  expect(configsAtCreation(source, rules)).toEqual({});
});

test('excluded properties are left as they are on the target', () => {
  const source = configs({ 'min.insync.replicas': entry('2') });

  expect(planConfigs(source, configs({ 'min.insync.replicas': entry('1') }), rules).changes).toEqual([]);
});

test('a cluster-wide value that was set while brokers ran is frozen on the remote topic, as MirrorMaker 2 does', () => {
  const source = configs({ 'retention.ms': entry('9', ConfigSource.DynamicBroker) });

  expect(configsAtCreation(source, rules)).toEqual({ 'retention.ms': '9' });
});

test('use.defaults.from=source sets what the source has by default, at creation too', () => {
  const source = configs({ 'retention.ms': entry('1000', ConfigSource.Default) });
  const target = configs({ 'retention.ms': entry('2000', ConfigSource.Default) });

  expect(planConfigs(source, target, { ...rules, useDefaultsFrom: 'source' }).changes).toEqual([
    { name: 'retention.ms', value: '1000' },
  ]);
  expect(configsAtCreation(source, { ...rules, useDefaultsFrom: 'source' })).toEqual({ 'retention.ms': '1000' });
  expect(configsAtCreation(source, rules)).toEqual({});
});

test('what the target’s Kafka does not know is named, and only when it would be set', () => {
  const source = configs({ 'local.new': entry('1'), 'other.new': entry('1', ConfigSource.Default) });

  expect(planConfigs(source, configs({}), rules)).toEqual({ changes: [], unknown: ['local.new'] });
});

const anyEntry = fc.record({
  value: fc.constantFrom('1', '2', '3'),
  source: fc.constantFrom(...Object.values(ConfigSource)),
  readOnly: fc.boolean(),
  sensitive: fc.boolean(),
});
const NAMES = ['a', 'b', 'min.insync.replicas', 'c'];
const anyConfigs = fc.record(Object.fromEntries(NAMES.map((name) => [name, anyEntry])));

test('after the changes there is nothing left to change, and no other value was touched', () => {
  fc.assert(
    fc.property(anyConfigs, anyConfigs, fc.constantFrom('source', 'target'), (from, to, useDefaultsFrom) => {
      const [source, before] = [configs(from), configs(to)];
      const { changes } = planConfigs(source, before, { ...rules, useDefaultsFrom });
      const after = new Map(before);
      for (const { name, value } of changes)
        after.set(name, value === undefined ? entry('default', ConfigSource.Default) : entry(value));

      expect(planConfigs(source, after, { ...rules, useDefaultsFrom }).changes).toEqual([]);
      const touched = changes.map(({ name }) => name);
      expect(touched).not.toContain('min.insync.replicas');
      for (const name of NAMES) if (!touched.includes(name)) expect(after.get(name)).toBe(before.get(name));
    }),
  );
});
