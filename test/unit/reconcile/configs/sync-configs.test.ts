import { expect, test } from 'vitest';
import { KafkaAuthorizationError, UnknownTopicError } from '../../../../shared/adapters/kafka/errors.ts';
import { rights } from '../../../../shared/adapters/kafka/rights.ts';
import { CausewayError } from '../../../../shared/flow/errors.ts';
import { ConfigSource } from '../../../../shared/policy/config-property-selection.ts';
import { type ConfigPorts, syncConfigs } from '../../../../shared/reconcile/configs/sync-configs.ts';
import type { ConfigChange, PerTopic, TopicConfigs } from '../../../../shared/reconcile/configs/topic-configs.ts';

const flow = { source: 'us-east', target: 'us-west' };
const rules = { covers: () => true, useDefaultsFrom: 'target' } as const;

class Refused extends CausewayError {
  readonly code = 'KAFKA_INVALID_CONFIG';
  readonly retriable = false;

  constructor(what: string) {
    super(`Invalid value for ${what}`, { safe: 'nothing', next: 'nothing' });
  }
}

type Configs = Record<string, Record<string, string>>;

/** Two clusters that count what they are asked; the target refuses values, and whole topics, as it is told to. */
class Clusters implements ConfigPorts {
  requests = 0;
  readonly altered: [string, readonly ConfigChange[]][] = [];
  readonly here: Configs;
  readonly there: Configs;
  readonly refusedValues = new Set<string>();
  readonly refusedTopics = new Map<string, CausewayError>();

  constructor(here: Configs, there: Configs) {
    this.here = here;
    this.there = there;
  }

  readonly source = { describeConfigs: async (topics: readonly string[]) => this.#describe(this.here, topics) };
  readonly target = {
    describeConfigs: async (topics: readonly string[]) => this.#describe(this.there, topics),
    alterConfigs: async (changes: ReadonlyMap<string, readonly ConfigChange[]>): Promise<PerTopic<'changed'>> => {
      this.requests++;
      return new Map([...changes].map(([topic, each]) => [topic, this.#alter(topic, each)]));
    },
  };

  #describe(cluster: Configs, topics: readonly string[]): PerTopic<TopicConfigs> {
    this.requests++;
    return new Map(
      topics.map((topic): [string, TopicConfigs | CausewayError] => {
        const own = cluster[topic];
        if (own === undefined) return [topic, new UnknownTopicError('some', `topic ${topic}`)];
        const entries = ['retention.ms', 'segment.ms', 'cleanup.policy', ...Object.keys(own)].map((name) => {
          const [value, source] = name in own ? [own[name] ?? '', ConfigSource.Topic] : ['x', ConfigSource.Default];
          return [name, { value, source, readOnly: false, sensitive: false }] as const;
        });
        return [topic, new Map(entries)];
      }),
    );
  }

  #alter(topic: string, changes: readonly ConfigChange[]): 'changed' | CausewayError {
    this.altered.push([topic, changes]);
    const refusal = this.refusedTopics.get(topic);
    if (refusal !== undefined) return refusal;
    const bad = changes.find(({ name, value }) => this.refusedValues.has(`${name}=${value}`));
    if (bad !== undefined) return new Refused(bad.name);
    const own = this.there[topic] ?? {};
    for (const { name, value } of changes) {
      if (value === undefined) delete own[name];
      else own[name] = value;
    }
    return 'changed';
  }
}

function pairs(count: number) {
  return Array.from({ length: count }, (_, i) => ({ topic: `t${i}`, remoteTopic: `us-east.t${i}` }));
}

test('500 topics that are in step cost five requests to each cluster and no change', async () => {
  const here = Object.fromEntries(pairs(500).map(({ topic }) => [topic, { 'retention.ms': '1' }]));
  const there = Object.fromEntries(pairs(500).map(({ remoteTopic }) => [remoteTopic, { 'retention.ms': '1' }]));
  const clusters = new Clusters(here, there);

  expect(await syncConfigs(flow, pairs(500), rules, clusters)).toEqual({
    compared: 500,
    drifted: 0,
    changed: [],
    errors: [],
    complete: true,
  });
  expect(clusters.requests).toBe(10);
});

test('drift is counted and put right in one request for all topics', async () => {
  const clusters = new Clusters(
    { t0: { 'retention.ms': '1' }, t1: {} },
    { 'us-east.t0': { 'retention.ms': '2' }, 'us-east.t1': { 'segment.ms': '9' } },
  );

  const sync = await syncConfigs(flow, pairs(2), rules, clusters);

  expect(sync).toMatchObject({ drifted: 2, errors: [] });
  expect(clusters.there).toEqual({ 'us-east.t0': { 'retention.ms': '1' }, 'us-east.t1': {} });
  expect(clusters.requests).toBe(3);
});

test('a value that the target refuses is told with its key, and every other value of the topic is set', async () => {
  const clusters = new Clusters(
    { t0: { 'retention.ms': '1', 'segment.ms': '2' }, t1: { 'segment.ms': '2' } },
    { 'us-east.t0': {}, 'us-east.t1': {} },
  );
  clusters.refusedValues.add('segment.ms=2');

  const { errors, changed } = await syncConfigs(flow, pairs(2), rules, clusters);

  expect(clusters.there['us-east.t0']).toEqual({ 'retention.ms': '1' });
  expect(changed.map(({ pair, changes }) => [pair.topic, changes])).toEqual([
    ['t0', [{ name: 'retention.ms', value: '1' }]],
  ]);
  expect(errors).toMatchObject([{ code: 'CONFIG_REFUSED', key: 'segment.ms', retriable: false }]);
  expect(errors[0]?.message).toBe(
    'us-east->us-west t0, t1: us-west does not take segment.ms: Invalid value for segment.ms',
  );
  expect(errors[0]?.next).toContain('us-east->us-west.config.properties.exclude');
});

test('a setting that the target does not know is told once for all topics, and never sent', async () => {
  const here = Object.fromEntries(pairs(12).map(({ topic }) => [topic, { 'confluent.x': '1', 'segment.ms': '2' }]));
  const clusters = new Clusters(here, Object.fromEntries(pairs(12).map(({ remoteTopic }) => [remoteTopic, {}])));

  const { errors, drifted } = await syncConfigs(flow, pairs(12), rules, clusters);

  expect(errors).toMatchObject([{ code: 'CONFIG_UNKNOWN_TO_TARGET', key: 'confluent.x' }]);
  expect(errors[0]?.message).toContain('t7 and 2 more: us-west knows no topic setting confluent.x');
  expect(drifted).toBe(12);
  expect(clusters.altered.flatMap(([, changes]) => changes.map(({ name }) => name))).toEqual(
    Array(12).fill('segment.ms'),
  );
});

test('a target that refuses AlterConfigs is told once, with how to do without; settings are not tried one by one', async () => {
  const clusters = new Clusters(
    { t0: { 'retention.ms': '1', 'segment.ms': '2' }, t1: { 'retention.ms': '1' } },
    { 'us-east.t0': {}, 'us-east.t1': {} },
  );
  for (const { remoteTopic } of pairs(2))
    clusters.refusedTopics.set(
      remoteTopic,
      new KafkaAuthorizationError('us-west', rights.alterTopicConfigs(remoteTopic)),
    );

  const { errors, changed } = await syncConfigs(flow, pairs(2), rules, clusters);

  expect(changed).toEqual([]);
  expect(clusters.altered.length).toBe(2);
  expect(errors.map(({ code }) => code)).toEqual(['KAFKA_NOT_AUTHORIZED']);
  expect(errors[0]?.next).toMatch(
    /kafka-cluster:AlterTopicDynamicConfiguration.*sync\.topic\.configs\.enabled = false/,
  );
});

test('a topic deleted between listing and asking, on either side, stands in nobody’s way', async () => {
  const clusters = new Clusters(
    { t0: { 'retention.ms': '1' }, t2: { 'retention.ms': '1' } },
    { 'us-east.t0': {}, 'us-east.t1': {} },
  );

  expect(await syncConfigs(flow, pairs(3), rules, clusters)).toMatchObject({ drifted: 1, errors: [], complete: true });
});

test('no chunk of topics is begun once the time is over', async () => {
  const clusters = new Clusters({}, {});
  let left = 1;

  const sync = await syncConfigs(flow, pairs(250), rules, clusters, () => left-- > 0);

  expect(sync).toMatchObject({ compared: 100, complete: false });
});
