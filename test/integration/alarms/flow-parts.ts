import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { localAccount, localCredentials } from '../../../local/region/addresses.ts';
import { callAws, queryAws } from '../../../local/region/call-aws.ts';
import type { Regions } from '../../../local/region/regions.ts';
import { until } from '../../../local/region/until.ts';
import type { ExecutionInput } from '../../../shared/runbook/machine.ts';
import type { RunbookKind } from '../../../shared/runbook/runbook.ts';
import type { DeployedFlow } from '../deployed/deployed-flow.ts';

const SETTLED_MS = 60_000;

/** What a deployed flow is made of in AWS, as somebody with an account's rights gets at it. */
export class FlowParts implements Disposable {
  readonly #regions: Regions;
  readonly #deployed: DeployedFlow;
  readonly #lambda: LambdaClient;
  readonly #machines: SFNClient;

  constructor(regions: Regions, deployed: DeployedFlow) {
    this.#regions = regions;
    this.#deployed = deployed;
    const client = { endpoint: regions.awsEndpoint, credentials: localCredentials };
    this.#lambda = new LambdaClient({ ...client, region: regions.source.awsRegion });
    this.#machines = new SFNClient({ ...client, region: regions.target.awsRegion });
  }

  [Symbol.dispose](): void {
    for (const client of [this.#lambda, this.#machines]) client.destroy();
  }

  /** As alarms, functions and state machines of the flow are named. */
  name(end: string): string {
    return this.#deployed.name(end);
  }

  /** The function that writes heartbeats to the source. */
  get heartbeatsBack(): string {
    return `${this.#deployed.prefix}-us-west-to-us-east-heartbeat`;
  }

  /** Every alarm of both regions, by the end of its name. */
  async alarms(): Promise<readonly string[]> {
    const { awsEndpoint, address } = this.#regions;
    const types = { 'AlarmTypes.member.1': 'MetricAlarm', 'AlarmTypes.member.2': 'CompositeAlarm' };
    const request = { Action: 'DescribeAlarms', Version: '2010-08-01', MaxRecords: '100', ...types };
    const answers = await Promise.all(
      address.clusters.map(({ awsRegion }) => queryAws('cloudwatch', request, { awsEndpoint, awsRegion })),
    );
    const names = answers.flatMap((answer) => [...answer.matchAll(/<AlarmName>(.*?)</g)].map(([, name = '']) => name));
    return names.map((name) => name.replace(this.name(''), ''));
  }

  async start(kind: RunbookKind, input: ExecutionInput): Promise<void> {
    const region = this.#regions.target.awsRegion;
    const stateMachineArn = `arn:aws:states:${region}:${localAccount}:stateMachine:${this.name(kind)}`;
    await this.#machines.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
  }

  /** A variable of a function beside the source is empty. @returns what sets it as it was */
  async takeVariable(name: string, variable: string): Promise<() => Promise<unknown>> {
    const FunctionName = this.name(name);
    const { Environment } = await this.#lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const set = (more: Readonly<Record<string, string>>) => {
      const Variables = { ...Environment?.Variables, ...more };
      return this.#lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    };
    await set({ [variable]: '' });
    return () => set({});
  }

  async enableMapping(topic: string, enabled: boolean): Promise<void> {
    const mapping = async () => (await this.#deployed.mappings()).find((each) => each.topic === topic);
    const UUID = (await mapping())?.uuid;
    await this.#lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }));
    const isSettled = async () => {
      const seen = await mapping();
      return seen?.phase === 'settled' && seen.settings.enabled === enabled;
    };
    await until(isSettled, SETTLED_MS, (last) => new Error(`${topic}'s mapping is not enabled = ${enabled}: ${last}`));
  }

  /** Whether a function is called by its rule. @param beside the cluster in whose region it is */
  async callEachMinute(beside: 'source' | 'target', functionName: string, calls: boolean): Promise<void> {
    const { awsEndpoint, [beside]: cluster } = this.#regions;
    const ask = (operation: string, body: object) => {
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSEvents.${operation}` };
      return callAws('events', { method: 'POST', headers, body: JSON.stringify(body) }, { awsEndpoint, ...cluster });
    };
    const TargetArn = `arn:aws:lambda:${cluster.awsRegion}:${localAccount}:function:${functionName}`;
    const done = async () => {
      const [Name] = JSON.parse(await ask('ListRuleNamesByTarget', { TargetArn })).RuleNames;
      await ask(calls ? 'EnableRule' : 'DisableRule', { Name });
      return true;
    };
    // Its region may be one that does not answer now.
    await until(done, SETTLED_MS, (last) => new Error(`the rule of ${functionName} cannot be changed: ${last}`));
  }
}
