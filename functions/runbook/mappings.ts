import {
  type EventSourceMappingConfiguration,
  type LambdaClient,
  paginateListEventSourceMappings,
  ResourceConflictException,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { explainRefusal } from '../../shared/adapters/lambda/errors.ts';
import { parseMapping } from '../../shared/adapters/lambda/parse-mapping.ts';
import { isCausewayGroup } from '../../shared/reconcile/consumer-group.ts';
import type { FlowMappings } from '../../shared/runbook/ports/flow.ts';
import type { MappingState, MappingSwitch, SwitchedMapping } from '../../shared/runbook/ports/mapping-switch.ts';

/** The event source mappings of a flow's `replicate` function, those that others made left out. */
export function flowMappings(client: LambdaClient, replicate: string): FlowMappings {
  return mappingSwitch(client, () => listMappings(client, replicate, read));
}

/** Mappings of which nothing is changed but whether they are enabled. */
export function mappingSwitch<Mapping extends SwitchedMapping>(
  client: LambdaClient,
  list: () => Promise<readonly Mapping[]>,
): MappingSwitch<Mapping> {
  return {
    list,
    setEnabled: async ({ uuid }, Enabled) => {
      try {
        await client.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled }));
        return 'updated';
      } catch (error) {
        if (isBusy(error)) return 'busy';
        throw explainRefusal(`to ${Enabled ? 'enable' : 'disable'} mapping ${uuid}`, error);
      }
    },
  };
}

/** What `read` makes of a function's mappings. @throws CausewayError, and the SDK's errors when the region is away */
export async function listMappings<Mapping>(
  client: LambdaClient,
  functionName: string,
  read: (configuration: EventSourceMappingConfiguration) => readonly Mapping[],
): Promise<readonly Mapping[]> {
  const mappings: Mapping[] = [];
  try {
    const pages = paginateListEventSourceMappings({ client, pageSize: 100 }, { FunctionName: functionName });
    for await (const { EventSourceMappings = [] } of pages) mappings.push(...EventSourceMappings.flatMap(read));
  } catch (error) {
    throw explainRefusal('to list mappings', error);
  }
  return mappings;
}

function isBusy(error: unknown): boolean {
  return [ResourceConflictException, ResourceInUseException, ResourceNotFoundException].some(
    (each) => error instanceof each,
  );
}

function read(configuration: EventSourceMappingConfiguration): SwitchedMapping[] {
  const mapping = parseMapping(configuration);
  if (mapping === undefined || !isCausewayGroup(mapping.group)) return [];
  return [{ uuid: mapping.uuid, topic: mapping.topic, state: stateOf(configuration.State) }];
}

/** By Lambda's names (Lambda API reference, `EventSourceMappingConfiguration.State`). */
const STATES: Readonly<Record<string, MappingState>> = {
  Enabled: 'enabled',
  Enabling: 'enabling',
  Disabled: 'disabled',
  Disabling: 'disabling',
};

export function stateOf(state: string | undefined): MappingState {
  return STATES[state ?? ''] ?? 'changing';
}
