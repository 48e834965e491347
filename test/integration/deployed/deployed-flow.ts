import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Kafka, logLevel } from 'kafkajs';
import { inject } from 'vitest';
import {
  awsEnvironment,
  type ClusterAddress,
  localAccount,
  localCredentials,
  type RegionsAddress,
} from '../../../local/region/addresses.ts';
import { queryAws } from '../../../local/region/call-aws.ts';
import { createTopics } from '../../../local/region/create-topics.ts';
import { packageProgram } from '../../../local/setup/program.ts';
import { projectRoot } from '../../../local/setup/project.ts';
import { runLogged } from '../../../local/setup/steps.mjs';
import { DynamoDbTopicRegistry } from '../../../shared/adapters/dynamodb/topic-registry.ts';
import { DynamoDbVerifiedPlaces } from '../../../shared/adapters/dynamodb/verified-places.ts';
import { LambdaEventSourceMappings } from '../../../shared/adapters/lambda/event-source-mappings.ts';
import type { Mapping } from '../../../shared/reconcile/mapping.ts';

/** A stack's template, as far as it is looked at. */
export interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}
export type ChangeTemplate = (template: Template) => Template;

/** One flow of its own between the two clusters, deployed by the CDK from its `mm2.properties` and never looked at by schedule. */
export class DeployedFlow implements AsyncDisposable {
  readonly prefix = `t${randomUUID().slice(0, 8)}`;
  readonly flow = { source: 'us-east', target: 'us-west' };
  readonly registry: DynamoDbTopicRegistry;
  readonly places: DynamoDbVerifiedPlaces;
  readonly #folder: string;
  readonly #awsEndpoint: string;
  readonly #source: ClusterAddress;
  readonly #target: ClusterAddress;
  readonly #lambda: LambdaClient;
  readonly #lambdaOfTarget: LambdaClient;
  readonly #dynamo: DynamoDBClient;
  readonly #standing = new Set<ClusterAddress>();

  /** @param regions default: those that all tests share */
  constructor({ awsEndpoint, clusters, folder }: RegionsAddress = inject('regions')) {
    const [source, target] = clusters;
    if (awsEndpoint === undefined || source === undefined || target === undefined)
      throw new Error('needs both regions');
    this.#awsEndpoint = awsEndpoint;
    this.#source = source;
    this.#target = target;
    this.#folder = join(folder, 'deployments', this.prefix);
    mkdirSync(this.#folder, { recursive: true });
    const client = { endpoint: awsEndpoint, credentials: localCredentials };
    this.#lambda = new LambdaClient({ ...client, region: source.awsRegion });
    this.#lambdaOfTarget = new LambdaClient({ ...client, region: target.awsRegion });
    this.#dynamo = new DynamoDBClient({ ...client, region: target.awsRegion });
    const table = this.name('offset-map');
    this.registry = new DynamoDbTopicRegistry(this.#dynamo, table, this.flow);
    this.places = new DynamoDbVerifiedPlaces(this.#dynamo, table, this.flow);
  }

  /** Of the flow itself, or of what is named so by its end: functions, alarms, tables, state machines. */
  name(end?: string): string {
    return [`${this.prefix}-us-east-to-us-west`, ...(end === undefined ? [] : [end])].join('-');
  }

  /** Destroys what stands yet. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.destroy(...this.#standing);
    this.#lambda.destroy();
    this.#lambdaOfTarget.destroy();
    this.#dynamo.destroy();
  }

  get source(): ClusterAddress {
    return this.#source;
  }
  get target(): ClusterAddress {
    return this.#target;
  }

  topic(name: string): string {
    return `${this.prefix}-${name}`;
  }

  /**
   * Deploys both regions.
   * @param change of the stacks' templates, before they are deployed
   */
  async deploy(properties: Readonly<Record<string, string>> = {}, change?: ChangeTemplate): Promise<void> {
    const all = {
      clusters: 'us-east, us-west',
      'us-east.bootstrap.servers': this.#source.bootstrapServers,
      'us-west.bootstrap.servers': this.#target.bootstrapServers,
      'us-east->us-west.enabled': 'true',
      'us-east->us-west.topics': `${this.prefix}-.*`,
      'us-west->us-east.enabled': 'false',
      // Those of other tests may be on the source already.
      'heartbeats.replication.enabled': 'false',
      'replication.factor': '1',
      'checkpoints.topic.replication.factor': '1',
      'heartbeats.topic.replication.factor': '1',
      'refresh.topics.enabled': 'false',
      'refresh.topics.interval.seconds': '5',
      // Those of the demo are enough to wait for.
      'causeway.alarms.enabled': 'false',
      'us-east.causeway.region': this.#source.awsRegion,
      'us-east.causeway.cluster.arn': this.#source.arn,
      'us-west.causeway.region': this.#target.awsRegion,
      'us-west.causeway.cluster.arn': this.#target.arn,
      ...properties,
    };
    const lines = Object.entries(all).map(([key, value]) => `${key} = ${value}\n`);
    writeFileSync(this.#configuration, lines.join(''));
    const environments = [this.#source, this.#target].map(({ awsRegion }) => `aws://${localAccount}/${awsRegion}`);
    if (this.#standing.size === 0) await this.#cdk('bootstrap', ...environments);
    for (const cluster of [this.#source, this.#target]) this.#standing.add(cluster);
    const deploy = ['deploy', '--all', '--require-approval', 'never', '--concurrency', '2'] as const;
    if (change === undefined) return this.#cdk(...deploy);
    await this.#cdk('synth', '--quiet');
    for (const cluster of [this.#source, this.#target]) {
      const path = join(this.#assembly, `${this.#stack(cluster)}.template.json`);
      writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
    }
    await this.#cdk(...deploy, '--app', this.#assembly);
  }

  /** Destroys the stacks of these clusters' regions, in order. */
  async destroy(...clusters: readonly ClusterAddress[]): Promise<void> {
    for (const cluster of clusters) {
      await this.#cdk('destroy', this.#stack(cluster), '--exclusively', '--force', '--app', this.#assembly);
      this.#standing.delete(cluster);
    }
  }

  /** Mappings of the flow's `replicate`, whether or not the function is there. */
  mappings(): Promise<readonly Mapping[]> {
    return new LambdaEventSourceMappings(this.#lambda, this.#replicate, this.flow).list();
  }

  async makeSourceTopic(topic: string): Promise<void> {
    await this.#admin(this.#source, (admin) => createTopics(admin, [{ topic }]));
  }

  async targetTopics(): Promise<string[]> {
    return (await this.#admin(this.#target, (admin) => admin.listTopics())).filter((name) =>
      name.includes(this.prefix),
    );
  }

  /** @returns the end of partition 0, 0 for a topic that is not there (yet) */
  endInTarget(topic: string): Promise<number> {
    return this.#admin(this.#target, async (admin) =>
      (await admin.listTopics()).includes(topic) ? Number((await admin.fetchTopicOffsets(topic))[0]?.high) : 0,
    );
  }

  /** One run of `verify`, as its schedule calls it. @throws Error when it fails */
  async verify(): Promise<void> {
    const FunctionName = this.name('verify');
    const Payload = JSON.stringify({ action: 'verify' });
    const { FunctionError } = await this.#lambdaOfTarget.send(new InvokeCommand({ FunctionName, Payload }));
    if (FunctionError !== undefined) throw new Error(`${FunctionName}: ${FunctionError}`);
  }

  /** How long CloudFormation took over the one resource of this type in the source's stack, when it updated it last. */
  async lastUpdateMs(resourceType: string): Promise<number> {
    const place = { awsEndpoint: this.#awsEndpoint, awsRegion: this.#source.awsRegion };
    const request = { Action: 'DescribeStackEvents', Version: '2010-05-15', StackName: this.#stack(this.#source) };
    const events = (await queryAws('cloudformation', request, place)).split('<member>');
    const timeOf = (status: string) => {
      const marks = [resourceType, status].map((mark) => `>${mark}<`);
      const times = events
        .filter((event) => marks.every((mark) => event.includes(mark)))
        .map((event) => Date.parse(/<Timestamp>(.*?)</.exec(event)?.[1] ?? ''));
      return Math.max(...times);
    };
    return timeOf('UPDATE_COMPLETE') - timeOf('UPDATE_IN_PROGRESS');
  }

  /** What CloudWatch keeps of the page that the stack of this cluster's region made, as XML has it. */
  dashboard(cluster: ClusterAddress): Promise<string> {
    const DashboardName = cluster === this.#source ? this.name('source') : this.name();
    const request = { Action: 'GetDashboard', Version: '2010-08-01', DashboardName };
    return queryAws('cloudwatch', request, { awsEndpoint: this.#awsEndpoint, awsRegion: cluster.awsRegion });
  }

  get #configuration(): string {
    return join(this.#folder, 'mm2.properties');
  }

  get #replicate(): string {
    return `arn:aws:lambda:${this.#source.awsRegion}:${localAccount}:function:${this.name('replicate')}`;
  }

  #stack({ awsRegion }: ClusterAddress): string {
    return `Causeway-${this.prefix}-${awsRegion}`;
  }

  async #admin<T>(cluster: ClusterAddress, work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const kafka = new Kafka({ brokers: cluster.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  /** The stacks as they were deployed last: taking them away need not synthesize them anew. */
  get #assembly(): string {
    return join(this.#folder, 'cdk.out');
  }

  #cdk(...args: readonly string[]): Promise<void> {
    const context = ['-c', 'local=true', '-c', `prefix=${this.prefix}`, '-c', `config=${this.#configuration}`];
    return runLogged(packageProgram('cdklocal'), [...args, ...context, '--output', this.#assembly], {
      cwd: projectRoot,
      log: join(this.#folder, `cdk-${args[0]}.log`),
      env: { ...process.env, ...awsEnvironment(this.#awsEndpoint, this.#source.awsRegion), CI: 'true' },
    });
  }
}
