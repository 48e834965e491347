import { randomUUID } from 'node:crypto';
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, expect, inject, test, vi } from 'vitest';
import { localCredentials } from '../../../../local/region/addresses.ts';
import { StepFunctionsPlanExecutions } from '../../../../shared/adapters/step-functions/plan-executions.ts';

const { awsEndpoint } = inject('regions');
if (awsEndpoint === undefined) throw new Error('this test needs the AWS part of the regions');
const client = new SFNClient({ region: 'us-west-2', endpoint: awsEndpoint, credentials: localCredentials });
const machines: string[] = [];

/** A machine of one state. */
async function machineOf(state: object): Promise<string> {
  const { stateMachineArn = '' } = await client.send(
    new CreateStateMachineCommand({
      name: `plan-${randomUUID()}`,
      definition: JSON.stringify({ StartAt: 'Only', States: { Only: state } }),
      roleArn: 'arn:aws:iam::000000000000:role/runbook',
    }),
  );
  machines.push(stateMachineArn);
  return stateMachineArn;
}

afterAll(async () => {
  for (const stateMachineArn of machines) await client.send(new DeleteStateMachineCommand({ stateMachineArn }));
  client.destroy();
});

test('a run that a step has started is found until it ends, and runs of others are not taken for it', async () => {
  const machine = await machineOf({ Type: 'Wait', Seconds: 3_600, End: true });
  const executions = new StepFunctionsPlanExecutions(client, machine);
  await client.send(new StartExecutionCommand({ stateMachineArn: machine, name: 'of-a-person' }));
  expect(await executions.running()).toBeUndefined();

  const execution = await executions.start();

  expect(await executions.running()).toBe(execution);
  expect(await executions.state(execution)).toEqual({ kind: 'running' });
  const { input = '' } = await client.send(new DescribeExecutionCommand({ executionArn: execution }));
  expect(JSON.parse(input)).toMatchObject({ startedBy: 'plan' });

  await client.send(new StopExecutionCommand({ executionArn: execution, error: 'Stopped', cause: 'by hand' }));
  await vi.waitFor(async () => expect(await executions.running()).toBeUndefined(), { timeout: 30_000 });
  expect(await executions.state(execution)).toMatchObject({ kind: 'ended-badly' });
});

test('how a run ended is told, with its error and its cause', async () => {
  const fails = await machineOf({ Type: 'Fail', Error: 'drain.STAGE_TIMED_OUT', Cause: 'orders-1: 50 records' });
  const passes = await machineOf({ Type: 'Pass', End: true });
  const ends = async (machine: string) => {
    const executions = new StepFunctionsPlanExecutions(client, machine);
    const execution = await executions.start();
    await vi.waitFor(async () => expect((await executions.state(execution)).kind).not.toBe('running'), {
      timeout: 30_000,
    });
    return executions.state(execution);
  };

  expect(await ends(fails)).toEqual({
    kind: 'ended-badly',
    error: 'drain.STAGE_TIMED_OUT',
    cause: 'orders-1: 50 records',
  });
  expect(await ends(passes)).toEqual({ kind: 'succeeded' });
});

test('a machine that is not there is told by its name, and as something to call again for', async () => {
  const executions = new StepFunctionsPlanExecutions(client, 'arn:aws:states:us-west-2:000000000000:stateMachine:none');
  await expect(executions.start()).rejects.toMatchObject({
    code: 'STEP_FUNCTIONS_FAILED',
    retriable: true,
    message: expect.stringContaining('stateMachine:none: StartExecution failed'),
  });
});
