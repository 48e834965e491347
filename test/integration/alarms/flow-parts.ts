import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
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
  readonly #lambdaOfTarget: LambdaClient;
  readonly #machines: SFNClient;

  constructor(regions: Regions, deployed: DeployedFlow) {
    this.#regions = regions;
    this.#deployed = deployed;
    const client = { endpoint: regions.awsEndpoint, credentials: localCredentials };
    this.#lambda = new LambdaClient({ ...client, region: regions.source.awsRegion });
    this.#lambdaOfTarget = new LambdaClient({ ...client, region: regions.target.awsRegion });
    this.#machines = new SFNClient({ ...client, region: regions.target.awsRegion });
  }

  [Symbol.dispose](): void {
    for (const client of [this.#lambda, this.#lambdaOfTarget, this.#machines]) client.destroy();
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

  /** @returns ARN of the execution */
  async start(kind: RunbookKind, input: ExecutionInput): Promise<string> {
    const region = this.#regions.target.awsRegion;
    const stateMachineArn = `arn:aws:states:${region}:${localAccount}:stateMachine:${this.name(kind)}`;
    const asked = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
    return (await this.#machines.send(asked)).executionArn ?? '';
  }

  /** As somebody does in Step Functions. LocalStack stops nothing in the first moments of an execution. */
  async stopWhileItRuns(executionArn: string): Promise<void> {
    const isStopped = async () => {
      await this.#machines.send(new StopExecutionCommand({ executionArn }));
      const { status } = await this.#machines.send(new DescribeExecutionCommand({ executionArn }));
      if (status !== 'ABORTED' && status !== 'RUNNING') throw new Error(`${executionArn} had ended: ${status}`);
      return status === 'ABORTED';
    };
    await until(isStopped, SETTLED_MS, (last) => new Error(`${executionArn} was stopped, and runs: ${last}`));
  }

  /** A variable of a function is empty. @returns what sets it as it was */
  async takeVariable(beside: 'source' | 'target', name: string, variable: string): Promise<() => Promise<unknown>> {
    const FunctionName = this.name(name);
    const lambda = beside === 'source' ? this.#lambda : this.#lambdaOfTarget;
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const set = (more: Readonly<Record<string, string>>) => {
      const Variables = { ...Environment?.Variables, ...more };
      return lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    };
    await set({ [variable]: '' });
    return () => set({});
  }

  /** What `causeway failback status` asks; an error of the function is an answer. */
  async askRunbook(): Promise<void> {
    const Payload = JSON.stringify({ ask: 'left-behind' });
    await this.#lambdaOfTarget.send(new InvokeCommand({ FunctionName: this.name('runbook'), Payload }));
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
