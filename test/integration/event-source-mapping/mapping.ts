import { randomUUID } from 'node:crypto';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  type CreateFunctionCommandInput,
  DeleteEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  LambdaClient,
  ResourceNotFoundException,
  UpdateEventSourceMappingCommand,
  type UpdateEventSourceMappingCommandInput,
} from '@aws-sdk/client-lambda';
import { onTestFinished } from 'vitest';
import { localCredentials } from '../../../local/region/addresses.ts';
import { Cluster } from './cluster.ts';
import { eventually } from './eventually.ts';
import { type Region, region } from './region.ts';
import { RemoteFunction } from './remote-function.ts';

export function unique(name: string): string {
  return `${name}-${randomUUID().slice(0, 8)}`;
}

export function lambdaClient({ awsEndpoint, cluster } = region()): LambdaClient {
  return new LambdaClient({
    endpoint: awsEndpoint,
    region: cluster.awsRegion,
    credentials: localCredentials,
    maxAttempts: 1,
  });
}

const noWaiting = { MaximumBatchingWindowInSeconds: 0 };

type Settings = Omit<Partial<CreateEventSourceMappingCommandInput>, 'FunctionName'>;

/** One mapping, as the Lambda API shows it. */
export class Mapping {
  readonly uuid: string;
  readonly group: string;
  readonly #lambda: LambdaClient;

  constructor(lambda: LambdaClient, created: EventSourceMappingConfiguration) {
    this.#lambda = lambda;
    this.uuid = created.UUID ?? '';
    const config = created.AmazonManagedKafkaEventSourceConfig ?? created.SelfManagedKafkaEventSourceConfig;
    this.group = config?.ConsumerGroupId ?? '';
  }

  get(): Promise<EventSourceMappingConfiguration> {
    return this.#lambda.send(new GetEventSourceMappingCommand({ UUID: this.uuid }));
  }
  update(change: Omit<UpdateEventSourceMappingCommandInput, 'UUID'>): Promise<EventSourceMappingConfiguration> {
    return this.#lambda.send(new UpdateEventSourceMappingCommand({ ...change, UUID: this.uuid }));
  }
  async untilState(state: string): Promise<EventSourceMappingConfiguration> {
    return eventually(
      () => this.get(),
      (seen) => seen.State === state,
    );
  }
  async untilResult(result: RegExp): Promise<string> {
    const seen = await eventually(
      () => this.get(),
      ({ LastProcessingResult = '' }) => result.test(LastProcessingResult),
    );
    return seen.LastProcessingResult ?? '';
  }
  async disable(): Promise<void> {
    await this.update({ Enabled: false });
    await this.untilState('Disabled');
  }
  async enable(): Promise<void> {
    await this.update({ Enabled: true });
    await this.untilState('Enabled');
  }
  /** Resolves when the mapping is gone, so its consumer group is idle. */
  async delete(): Promise<void> {
    try {
      await this.#lambda.send(new DeleteEventSourceMappingCommand({ UUID: this.uuid }));
      await eventually(
        () =>
          this.get().then(
            ({ State }) => State,
            (error: unknown) => (error instanceof ResourceNotFoundException ? 'gone' : Promise.reject(error)),
          ),
        (seen) => seen === 'gone',
      );
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
  }
}

interface SceneSettings {
  /** 0: the topic does not exist yet. */
  readonly partitions?: number;
  readonly fn?: Partial<CreateFunctionCommandInput>;
  readonly place?: Region;
  /** Of a cluster other than the region's own. */
  readonly bootstrapServers?: string;
}

/** A function, a topic and clients for one test, all of which go when it ends. */
export class Scene {
  readonly topic: string;
  readonly fn: RemoteFunction;
  readonly lambda: LambdaClient;
  readonly cluster: Cluster;
  readonly #clusterArn: string;

  private constructor(topic: string, fn: RemoteFunction, lambda: LambdaClient, cluster: Cluster, clusterArn: string) {
    this.topic = topic;
    this.fn = fn;
    this.lambda = lambda;
    this.cluster = cluster;
    this.#clusterArn = clusterArn;
  }

  static async set({
    partitions = 1,
    fn = {},
    place = region(),
    bootstrapServers = place.cluster.bootstrapServers,
  }: SceneSettings = {}): Promise<Scene> {
    const topic = unique('topic');
    const lambda = lambdaClient(place);
    const cluster = await Cluster.connect(bootstrapServers);
    onTestFinished(() => cluster[Symbol.asyncDispose]());
    if (partitions > 0) await cluster.createTopic(topic, partitions);
    const remote = await RemoteFunction.create(lambda, unique('fn'), fn);
    onTestFinished(() => remote[Symbol.asyncDispose]());
    return new Scene(topic, remote, lambda, cluster, place.cluster.arn);
  }

  /** The MSK form, from the beginning of the topic, no waiting. Removed when the test ends. */
  map(settings: Settings = {}): Promise<Mapping> {
    return this.#create({ EventSourceArn: this.#clusterArn, ...noWaiting, ...settings });
  }

  mapWithDefaultWindow(): Promise<Mapping> {
    return this.#create({ EventSourceArn: this.#clusterArn });
  }

  mapSelfManaged(settings: Settings = {}): Promise<Mapping> {
    return this.#create({
      SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: this.cluster.bootstrapServers.split(',') } },
      SourceAccessConfigurations: [{ Type: 'VPC_SUBNET', URI: 'subnet:subnet-12345678' }],
      ...noWaiting,
      ...settings,
    });
  }

  /** As it is, with nothing awaited. */
  send(settings: Settings): Promise<EventSourceMappingConfiguration> {
    return this.lambda.send(new CreateEventSourceMappingCommand({ FunctionName: this.fn.name, ...settings }));
  }

  async #create(settings: Settings): Promise<Mapping> {
    const created = await this.send({
      Topics: [this.topic],
      StartingPosition: 'TRIM_HORIZON',
      ...settings,
    });
    const mapping = new Mapping(this.lambda, created);
    onTestFinished(() => mapping.delete());
    if (settings.Enabled !== false) await mapping.untilState('Enabled');
    return mapping;
  }
}
