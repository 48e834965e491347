import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  EventSourcePosition,
  FunctionResponseType,
  InvalidParameterValueException,
  type LambdaClient,
  paginateListEventSourceMappings,
  ResourceConflictException,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { type FlowId, flowName } from '../../flow/flow.ts';
import type { Mapping, MappingOrigin, MappingSettings } from '../../reconcile/mapping.ts';
import type { EventSourceMappings, MappingSpec } from '../../reconcile/ports.ts';
import { explainRefusal, MappingRefusedError } from './errors.ts';
import { parseMapping } from './parse-mapping.ts';

/** Fields with which no record is ever dropped: retried for as long as the source keeps it, offset by offset. */
const LOSSLESS = {
  FunctionResponseTypes: [FunctionResponseType.ReportBatchItemFailures],
  MaximumRetryAttempts: -1,
};

/** Event source mappings of one function, by the Lambda API of the function's region. Refusals are MappingRefusedError. */
export class LambdaEventSourceMappings implements EventSourceMappings {
  readonly #client: LambdaClient;
  readonly #functionName: string;
  readonly #flow: FlowId;

  /** @param functionName name or ARN of the flow's `replicate` function */
  constructor(client: LambdaClient, functionName: string, flow: FlowId) {
    this.#client = client;
    this.#functionName = functionName;
    this.#flow = flow;
  }

  async list(): Promise<readonly Mapping[]> {
    const mappings: Mapping[] = [];
    const pages = paginateListEventSourceMappings(
      { client: this.#client, pageSize: 100 },
      { FunctionName: this.#functionName },
    );
    for await (const page of this.#explained(pages)) {
      for (const configuration of page.EventSourceMappings ?? []) {
        const mapping = parseMapping(configuration);
        if (mapping) mappings.push(mapping);
      }
    }
    return mappings;
  }

  async *#explained<P>(pages: AsyncIterable<P>): AsyncGenerator<P> {
    try {
      yield* pages;
    } catch (error) {
      throw explainRefusal('to list mappings', error);
    }
  }

  async create(spec: MappingSpec): Promise<'created' | 'busy'> {
    const request = new CreateEventSourceMappingCommand({
      FunctionName: this.#functionName,
      Topics: [spec.topic],
      // Of a partition that the group has committed nothing of.
      StartingPosition: EventSourcePosition.TRIM_HORIZON,
      ...originFields(spec.origin, spec.group),
      ...settingsFields(spec.settings),
      ...LOSSLESS,
      Tags: {
        'causeway:flow': tagValue(flowName(this.#flow)),
        'causeway:topic': spec.topic,
        'causeway:generation': String(spec.generation),
      },
    });
    return unlessBusy('created', 'to make a mapping', this.#client.send(request));
  }

  async update(uuid: string, settings: MappingSettings): Promise<'updated' | 'busy'> {
    const request = new UpdateEventSourceMappingCommand({
      UUID: uuid,
      // Without configuration the mapping goes back to on-demand pollers.
      ProvisionedPollerConfig: {},
      ...settingsFields(settings),
      ...LOSSLESS,
    });
    try {
      return await unlessBusy('updated', `to change mapping ${uuid}`, this.#client.send(request));
    } catch (error) {
      if (isGone(error)) return 'busy';
      throw error;
    }
  }

  async remove(uuid: string): Promise<'removed' | 'busy'> {
    try {
      const request = new DeleteEventSourceMappingCommand({ UUID: uuid });
      return await unlessBusy('removed', `to remove mapping ${uuid}`, this.#client.send(request));
    } catch (error) {
      if (isGone(error)) return 'removed';
      throw error;
    }
  }
}

function originFields(origin: MappingOrigin, group: string): Partial<CreateEventSourceMappingCommandInput> {
  if (origin.kind === 'msk')
    return { EventSourceArn: origin.clusterArn, AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: group } };
  return {
    SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: [...origin.bootstrapServers] } },
    SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: group },
  };
}

function settingsFields(settings: MappingSettings) {
  const { enabled, batchSize, batchingWindowSeconds, pollers, access } = settings;
  return {
    Enabled: enabled,
    BatchSize: batchSize,
    MaximumBatchingWindowInSeconds: batchingWindowSeconds,
    ...(pollers && {
      ProvisionedPollerConfig: {
        MinimumPollers: pollers.minimum,
        MaximumPollers: pollers.maximum,
        ...(pollers.group !== undefined && { PollerGroupName: pollers.group }),
      },
    }),
    ...(access.length > 0 && {
      SourceAccessConfigurations: access.flatMap(({ type, uri }) => (type === 'OTHER' ? [] : { Type: type, URI: uri })),
    }),
  };
}

/** Tag values take letters, digits, spaces and `_.:/=+-@`, so the `>` of a flow's name has to go. */
function tagValue(text: string): string {
  return text.replaceAll('->', ':').replace(/[^\p{L}\p{N}\s_.:/=+\-@]/gu, '_');
}

async function unlessBusy<T extends string>(done: T, what: string, request: Promise<unknown>): Promise<T | 'busy'> {
  try {
    await request;
    return done;
  } catch (error) {
    if (error instanceof ResourceConflictException || error instanceof ResourceInUseException) return 'busy';
    if (error instanceof InvalidParameterValueException && GROUP_TAKEN.test(error.message)) return 'busy';
    throw explainRefusal(what, error);
  }
}

/** Another run has just made the mapping: a consumer group serves one mapping only. */
const GROUP_TAKEN = /group.*already/i;

function isGone(error: unknown): boolean {
  return error instanceof MappingRefusedError && error.cause instanceof ResourceNotFoundException;
}
