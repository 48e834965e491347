import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import { type Mapping, type MappingOrigin, type MappingPhase, SourceAccessType } from '../../reconcile/mapping.ts';

/** States in which Lambda takes changes; `Deleting` apart, all others are on their way to one of these. */
const SETTLED = new Set(['Enabled', 'Disabled']);

const KNOWN_ACCESS = Object.values(SourceAccessType);

/** A Kafka mapping as Lambda describes it; undefined for other sources and for what is not complete. */
export function parseMapping(configuration: EventSourceMappingConfiguration): Mapping | undefined {
  const { UUID: uuid, Topics: [topic] = [], State: state = '' } = configuration;
  const source = parseSource(configuration);
  if (uuid === undefined || topic === undefined || source === undefined) return undefined;
  const pollers = configuration.ProvisionedPollerConfig;
  return {
    uuid,
    topic,
    group: source.group,
    phase: phase(state),
    origin: source.origin,
    settings: {
      enabled: !['Disabled', 'Disabling'].includes(state),
      batchSize: configuration.BatchSize ?? 100,
      batchingWindowSeconds: configuration.MaximumBatchingWindowInSeconds ?? 0,
      pollers:
        pollers?.MinimumPollers === undefined || pollers.MaximumPollers === undefined
          ? undefined
          : {
              minimum: pollers.MinimumPollers,
              maximum: pollers.MaximumPollers,
              ...(pollers.PollerGroupName && { group: pollers.PollerGroupName }),
            },
      access: (configuration.SourceAccessConfigurations ?? []).map(({ Type, URI = '' }) => ({
        type: KNOWN_ACCESS.find((known) => known === Type) ?? 'OTHER',
        uri: URI,
      })),
    },
    lossless: isLossless(configuration),
  };
}

function parseSource(
  configuration: EventSourceMappingConfiguration,
): { group: string; origin: MappingOrigin } | undefined {
  const servers = configuration.SelfManagedEventSource?.Endpoints?.KAFKA_BOOTSTRAP_SERVERS;
  if (servers !== undefined) {
    const group = configuration.SelfManagedKafkaEventSourceConfig?.ConsumerGroupId ?? '';
    return { group, origin: { kind: 'self-managed', bootstrapServers: servers } };
  }
  if (configuration.EventSourceArn === undefined) return undefined;
  const group = configuration.AmazonManagedKafkaEventSourceConfig?.ConsumerGroupId ?? '';
  return { group, origin: { kind: 'msk', clusterArn: configuration.EventSourceArn } };
}

function phase(state: string): MappingPhase {
  if (state === 'Deleting') return 'deleting';
  return SETTLED.has(state) ? 'settled' : 'busy';
}

function isLossless(configuration: EventSourceMappingConfiguration): boolean {
  const { MaximumRetryAttempts: retries, MaximumRecordAgeInSeconds: age } = configuration;
  return (
    (retries === undefined || retries === -1) &&
    (age === undefined || age === -1) &&
    configuration.DestinationConfig?.OnFailure?.Destination === undefined &&
    (configuration.FilterCriteria?.Filters ?? []).length === 0 &&
    configuration.BisectBatchOnFunctionError !== true &&
    configuration.FunctionResponseTypes?.includes('ReportBatchItemFailures') === true
  );
}
