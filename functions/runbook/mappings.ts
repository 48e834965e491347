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
import type { FlowMapping, FlowMappings, MappingState } from '../../shared/runbook/ports/flow.ts';

/** The event source mappings of a flow's `replicate` function, of which nothing is changed but whether they are enabled. */
export function flowMappings(client: LambdaClient, replicate: string): FlowMappings {
  return {
    list: async () => {
      const mappings: FlowMapping[] = [];
      try {
        const pages = paginateListEventSourceMappings({ client, pageSize: 100 }, { FunctionName: replicate });
        for await (const { EventSourceMappings = [] } of pages) mappings.push(...EventSourceMappings.flatMap(read));
      } catch (error) {
        throw explainRefusal('to list mappings', error);
      }
      return mappings;
    },
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

function isBusy(error: unknown): boolean {
  return [ResourceConflictException, ResourceInUseException, ResourceNotFoundException].some(
    (each) => error instanceof each,
  );
}

function read(configuration: EventSourceMappingConfiguration): FlowMapping[] {
  const mapping = parseMapping(configuration);
  if (mapping === undefined || !isCausewayGroup(mapping.group)) return [];
  return [{ uuid: mapping.uuid, topic: mapping.topic, state: stateOf(configuration.State) }];
}

function stateOf(state: string | undefined): MappingState {
  if (state === 'Enabled') return 'enabled';
  return state === 'Disabled' ? 'disabled' : 'changing';
}
