import { randomUUID } from 'node:crypto';
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { localCredentials } from '../../../../local/region/addresses.ts';
import { StepFunctionsExecutions } from '../../../../shared/adapters/step-functions/executions.ts';
import { SilentEndpoint } from '../silent-endpoint.ts';

const WAITS = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 3_600, End: true } } };
const PASSES = { StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } };

const { awsEndpoint } = inject('regions');
if (awsEndpoint === undefined) throw new Error('this test needs the AWS part of the regions');
const client = connect(awsEndpoint);
const executions = new StepFunctionsExecutions(client, 30_000);
const machines: string[] = [];

function connect(endpoint: string): SFNClient {
  return new SFNClient({ region: 'us-west-2', endpoint, credentials: localCredentials });
}

async function create(definition: object): Promise<string> {
  const { stateMachineArn = '' } = await client.send(
    new CreateStateMachineCommand({
      name: `executions-${randomUUID()}`,
      definition: JSON.stringify(definition),
      roleArn: 'arn:aws:iam::000000000000:role/runbook',
    }),
  );
  machines.push(stateMachineArn);
  return stateMachineArn;
}

async function start(stateMachineArn: string): Promise<string> {
  const { executionArn = '' } = await client.send(new StartExecutionCommand({ stateMachineArn }));
  return executionArn;
}

let waits: string;
beforeAll(async () => {
  waits = await create(WAITS);
});
afterAll(async () => {
  for (const stateMachineArn of machines) await client.send(new DeleteStateMachineCommand({ stateMachineArn }));
  client.destroy();
});

test('an execution is running until it is stopped', async () => {
  const execution = await start(waits);

  expect(await executions.isRunning(execution)).toBe(true);
  await client.send(new StopExecutionCommand({ executionArn: execution }));
  await vi.waitFor(() => statusIs(execution, 'ABORTED'), { timeout: 30_000 });
  expect(await executions.isRunning(execution)).toBe(false);
});

test('an execution that has ended is not running', async () => {
  const execution = await start(await create(PASSES));

  await vi.waitFor(() => statusIs(execution, 'SUCCEEDED'), { timeout: 30_000 });

  expect(await executions.isRunning(execution)).toBe(false);
});

test('an execution that is not known any more is not running', async () => {
  const execution = await start(waits);
  await client.send(new StopExecutionCommand({ executionArn: execution }));

  expect(await executions.isRunning(`${execution}-of-last-year`)).toBe(false);
});

test.each([
  ['it does not answer', 'arn:aws:states:us-west-2:000000000000:execution:switchover:one', 200],
  ['the execution is none of its', 'switchover of Monday', 30_000],
])('what is not known is not taken for ended: %s', async (what, execution, timeoutMs) => {
  await using silent = await SilentEndpoint.open();
  const asked = what === 'it does not answer' ? connect(silent.url) : client;

  await expect(new StepFunctionsExecutions(asked, timeoutMs).isRunning(execution)).rejects.toMatchObject({
    code: 'EXECUTION_UNKNOWN',
    retriable: true,
    message: expect.stringContaining(execution),
  });
});

async function statusIs(executionArn: string, expected: string): Promise<void> {
  const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
  expect(status).toBe(expected);
}
