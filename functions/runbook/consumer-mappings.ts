import {
  type EventSourceMappingConfiguration,
  type LambdaClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { MappingRefusedError } from '../../shared/adapters/lambda/errors.ts';
import { parseMapping } from '../../shared/adapters/lambda/parse-mapping.ts';
import type { FlowEnd } from '../../shared/config/flow-schema.ts';
import type { MappingOrigin } from '../../shared/reconcile/mapping.ts';
import type { ConsumerMapping } from '../../shared/runbook/ports/consumers.ts';
import type { MappingSwitch } from '../../shared/runbook/ports/mapping-switch.ts';
import { listMappings, mappingSwitch, stateOf } from './mappings.ts';

/** A function of the users' own, by its name or ARN in one region. */
export interface ConsumerFunction {
  /** As the configuration names it, for both regions. */
  readonly consumer: string;
  readonly functionName: string;
}

/** Event source mappings by which the users' functions read from one cluster; what else they read is left out. */
export function consumerMappings(
  client: LambdaClient,
  functions: readonly ConsumerFunction[],
  cluster: FlowEnd,
): MappingSwitch<ConsumerMapping> {
  return mappingSwitch(client, async () => {
    const all = await Promise.all(functions.map((each) => mappingsOf(client, each, cluster)));
    return all.flat();
  });
}

async function mappingsOf(
  client: LambdaClient,
  { consumer, functionName }: ConsumerFunction,
  cluster: FlowEnd,
): Promise<readonly ConsumerMapping[]> {
  try {
    return await listMappings(client, functionName, (configuration) => read(consumer, cluster, configuration));
  } catch (error) {
    // A function that is not deployed in this region has no mapping there, which is what is told of it.
    if (error instanceof MappingRefusedError && error.cause instanceof ResourceNotFoundException) return [];
    throw error;
  }
}

function read(consumer: string, cluster: FlowEnd, configuration: EventSourceMappingConfiguration): ConsumerMapping[] {
  const mapping = parseMapping(configuration);
  if (mapping === undefined || !readsFrom(cluster, mapping.origin)) return [];
  const { uuid, topic, group } = mapping;
  return [
    { consumer, uuid, topic, group, state: stateOf(configuration.State), startsAt: configuration.StartingPosition },
  ];
}

function readsFrom({ clusterArn, admin, data }: FlowEnd, origin: MappingOrigin): boolean {
  if (origin.kind === 'msk') return origin.clusterArn === clusterArn;
  const servers = [...admin.bootstrapServers, ...data.bootstrapServers];
  return origin.bootstrapServers.some((server) => servers.includes(server));
}
