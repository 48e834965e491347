import type { describeConfigsV4, incrementalAlterConfigsV1 } from '@platformatic/kafka';
import type { CausewayError } from '../../flow/errors.ts';
import { type ConfigEntry, ConfigSource } from '../../policy/config-property-selection.ts';
import type { ConfigChange, PerTopic, TopicConfigs } from '../../reconcile/configs/topic-configs.ts';
import { apis } from './apis.ts';
import type { KafkaCluster } from './cluster.ts';
import type { NeededRight } from './errors.ts';
import { answerOfItems, refusalOf } from './item-answer.ts';
import { rights } from './rights.ts';

const TOPIC = 2;
/** IncrementalAlterConfigs' operations. */
const SET = 0;
const DELETE = 1;

/** Kafka's `DescribeConfigsResponse.ConfigSource`; others are those of brokers' loggers, clients and groups. */
const SOURCES: ReadonlyMap<number, ConfigSource> = new Map([
  [1, ConfigSource.Topic],
  [2, ConfigSource.DynamicBroker],
  [3, ConfigSource.DynamicBroker],
  [4, ConfigSource.StaticBroker],
]);

type Described = ReturnType<typeof describeConfigsV4.parseResponse>;
type AlteredResource = Parameters<typeof incrementalAlterConfigsV1.createRequest>[0][number];
type Altered = ReturnType<typeof incrementalAlterConfigsV1.parseResponse>;

/** Every topic is answered for, in one request. @throws CausewayError when the cluster cannot be asked at all */
export async function describeTopics(
  cluster: KafkaCluster,
  topics: readonly string[],
  signal?: AbortSignal,
): Promise<PerTopic<TopicConfigs>> {
  const { results } = await cluster.call({
    ...doing('DescribeConfigs', topics, rights.describeTopicConfigs),
    signal,
    to: async () => 'any',
    run: (connection) =>
      connection
        .call(
          apis.describeConfigs,
          topics.map((resourceName) => ({ resourceType: TOPIC, resourceName })),
          false,
          false,
        )
        .catch(answerOfItems(isDescribed, (answer) => answer.results)),
  });
  return new Map(
    results.map((result) => {
      const refusal = refusalOf(
        result,
        of(cluster, 'DescribeConfigs', result.resourceName, rights.describeTopicConfigs),
      );
      return [result.resourceName, refusal ?? readConfigs(result)];
    }),
  );
}

/**
 * Sets and clears what is named and leaves every other value as it is. Each topic's changes are taken together or not at
 * all, and may be repeated.
 * @throws CausewayError when the cluster cannot be asked at all
 */
export async function alterTopics(
  cluster: KafkaCluster,
  changes: ReadonlyMap<string, readonly ConfigChange[]>,
  signal?: AbortSignal,
): Promise<PerTopic<'changed'>> {
  const resources: AlteredResource[] = [...changes].map(([resourceName, each]) => ({
    resourceType: TOPIC,
    resourceName,
    configs: each.map(({ name, value }) =>
      value === undefined ? { name, configOperation: DELETE } : { name, configOperation: SET, value },
    ),
  }));
  const { responses } = await cluster.call({
    ...doing('IncrementalAlterConfigs', [...changes.keys()], rights.alterTopicConfigs),
    signal,
    to: async () => 'any',
    run: (connection) =>
      connection
        .call(apis.incrementalAlterConfigs, resources, false)
        .catch(answerOfItems(isAltered, (answer) => answer.responses)),
  });
  return new Map(
    responses.map((response): [string, CausewayError | 'changed'] => {
      const { resourceName: topic } = response;
      const asked = of(cluster, 'IncrementalAlterConfigs', topic, rights.alterTopicConfigs);
      return [topic, refusalOf(response, asked) ?? 'changed'];
    }),
  );
}

function isDescribed(value: object): value is Described {
  return 'results' in value;
}

function isAltered(value: object): value is Altered {
  return 'responses' in value;
}

function readConfigs({ configs }: Described['results'][number]): TopicConfigs {
  return new Map(
    configs.map(({ name, value, configSource, readOnly, isSensitive }): [string, ConfigEntry] => [
      name,
      {
        value: value ?? null,
        source: SOURCES.get(configSource) ?? ConfigSource.Default,
        readOnly,
        sensitive: isSensitive,
      },
    ]),
  );
}

function doing(request: string, topics: readonly string[], needs: (topic: string) => NeededRight) {
  const [first = ''] = topics;
  const named = topics.length > 1 ? `${first} and ${topics.length - 1} more topics` : first;
  return { request: `${request} of ${named}`, subject: `topic ${named}`, needs: needs(named) };
}

function of(cluster: KafkaCluster, request: string, topic: string, needs: (topic: string) => NeededRight) {
  return { cluster: cluster.alias, ...doing(request, [topic], needs) };
}
