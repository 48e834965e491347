import {
  CreateEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { type ClusterAddress, localCredentials } from '../local/region/addresses.ts';
import type { RemoteFunction } from '../test/integration/event-source-mapping/remote-function.ts';

export interface Deployed {
  readonly name: string;
  readonly batchSize: number;
  /** How long a call takes on the cluster that is left. */
  readonly lingersMs: number;
  /** Its owner has disabled its mappings, on both clusters. */
  readonly isAsleep: boolean;
}

const PROMPT = { batchSize: 500, lingersMs: 0, isAsleep: false } as const;
/** One that keeps up, one that is behind when it is moved, and one that is not to be woken. */
export const FUNCTIONS: readonly Deployed[] = [
  { ...PROMPT, name: 'billing' },
  { ...PROMPT, name: 'audit', batchSize: 100, lingersMs: 8_000 },
  { ...PROMPT, name: 'archive', isAsleep: true },
];

/** One region's half: the functions that are deployed there, and the mappings by which they read from its cluster. */
export class LambdaRegion {
  readonly cluster: ClusterAddress;
  readonly client: LambdaClient;
  readonly functions: RemoteFunction[] = [];
  #made = 0;

  constructor(awsEndpoint: string, cluster: ClusterAddress) {
    this.cluster = cluster;
    this.client = new LambdaClient({
      endpoint: awsEndpoint,
      region: cluster.awsRegion,
      credentials: localCredentials,
    });
  }

  async map({ name, batchSize }: Deployed, topic: string, group: string, isEnabled: boolean): Promise<void> {
    await this.client.send(
      new CreateEventSourceMappingCommand({
        ...{ FunctionName: name, EventSourceArn: this.cluster.arn, Topics: [topic], Enabled: isEnabled },
        ...{ StartingPosition: 'TRIM_HORIZON', BatchSize: batchSize },
        AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: group },
      }),
    );
    this.#made++;
  }

  async disable(): Promise<void> {
    for (const { UUID, State } of (await Promise.all(FUNCTIONS.map(({ name }) => this.#mappings(name)))).flat())
      if (State === 'Enabled') await this.client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  }

  /** @param isActive whether applications are here. @returns what is not as it has to be */
  async strays(isActive: boolean): Promise<readonly string[]> {
    const { alias } = this.cluster;
    let told = 0;
    const strays: string[] = [];
    for (const { name, isAsleep } of FUNCTIONS) {
      // What a poller read from is to be there for it to leave its group.
      const wanted = isActive && !isAsleep ? ['Enabled'] : ['Disabled', 'Disabling'];
      const all = await this.#mappings(name);
      told += all.length;
      for (const { Topics: [topic] = [], State } of all)
        if (!wanted.includes(State ?? '')) strays.push(`${name} on ${topic} at ${alias} is ${State}, not ${wanted[0]}`);
    }
    if (told !== this.#made) strays.push(`${told} of ${this.#made} mappings are left at ${alias}`);
    return strays;
  }

  async #mappings(FunctionName: string): Promise<readonly EventSourceMappingConfiguration[]> {
    const { EventSourceMappings = [] } = await this.client.send(new ListEventSourceMappingsCommand({ FunctionName }));
    return EventSourceMappings;
  }
}

/** Lambda wants a group of its own for each mapping. @param writtenAt the cluster where the records are written */
export function groupFor(name: string, topic: string, { alias: writtenAt }: ClusterAddress): string {
  return `app-${name}-${topic}-${writtenAt}`;
}
