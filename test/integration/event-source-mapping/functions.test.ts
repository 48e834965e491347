import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
} from '@aws-sdk/client-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from './eventually.ts';
import { lambdaClient, unique } from './mapping.ts';
import { region } from './region.ts';
import { zipOf } from './zip.ts';

/** A deployed function that is invoked directly. */
async function deploy(code: string, settings: Partial<CreateFunctionCommandInput> = {}) {
  const lambda = lambdaClient();
  const FunctionName = unique('fn');
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/test',
      Code: { ZipFile: zipOf('index.mjs', code) },
      ...settings,
    }),
  );
  onTestFinished(async () => void (await lambda.send(new DeleteFunctionCommand({ FunctionName }))));
  await eventually(
    () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
    ({ State }) => State === 'Active',
  );
  return async (event: unknown = {}) => {
    const invoke = new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), LogType: 'Tail' });
    const { Payload, FunctionError, LogResult = '' } = await lambda.send(invoke);
    const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString());
    return { answer, FunctionError, log: Buffer.from(LogResult, 'base64').toString() };
  };
}

test('a function sees its own environment, Lambda’s, and nothing of the machine’s', async () => {
  const invoke = await deploy('export const handler = async () => ({ env: process.env, node: process.version });', {
    Environment: { Variables: { FLOW: 'us-east->us-west' } },
    MemorySize: 256,
  });

  const { answer } = await invoke();

  expect(answer).toMatchObject({
    node: expect.stringMatching(/^v24\./),
    env: {
      FLOW: 'us-east->us-west',
      AWS_REGION: region().cluster.awsRegion,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_ENDPOINT_URL: region().awsEndpoint,
      AWS_ACCESS_KEY_ID: expect.any(String),
    },
  });
  expect(answer).not.toHaveProperty('env.CAUSEWAY_MSK_CLUSTERS');
});

test('invocations one after the other share an environment, those at the same time do not', async () => {
  const invoke = await deploy(
    'export const handler = async ({ ms }) => { await new Promise((done) => setTimeout(done, ms)); return process.pid; };',
  );

  const first = await invoke({ ms: 0 });
  const second = await invoke({ ms: 0 });
  const together = await Promise.all([invoke({ ms: 500 }), invoke({ ms: 500 })]);

  expect(second.answer).toBe(first.answer);
  expect(new Set(together.map(({ answer }) => answer)).size).toBe(2);
});

test('the log of an invocation holds what it wrote, all of it and nothing else', async () => {
  const invoke = await deploy(
    'export const handler = async ({ word }) => { for (let i = 0; i < 50; i++) console.log(word, i); };',
  );

  await invoke({ word: 'before' });
  const { log } = await invoke({ word: 'now' });

  expect(log).toMatch(/^START RequestId: /);
  expect(log.match(/now \d+/g)).toHaveLength(50);
  expect(log).not.toContain('before');
  expect(log).toMatch(/\nREPORT RequestId: .*Duration: /);
});

test.each([
  ['throws', 'export const handler = async () => { throw new TypeError("no"); };', 'TypeError', /^no$/],
  ['exits', 'export const handler = async () => process.exit(3);', 'Runtime.ExitError', /exited/],
  [
    'never answers',
    'export const handler = () => new Promise(() => setInterval(() => {}, 1e3));',
    'Sandbox.Timedout',
    /1.00 s/,
  ],
  ['cannot be loaded', 'throw new Error("at load"); export const handler = 1;', 'Error', /^at load$/],
  ['has no handler', 'export const other = 1;', 'Runtime.HandlerNotFound', /index.handler/],
])('a function that %s fails with Lambda’s error document', async (_what, code, errorType, errorMessage) => {
  const invoke = await deploy(code, { Timeout: 1 });

  const first = await invoke();
  const again = await invoke();

  for (const { answer, FunctionError } of [first, again]) {
    expect(FunctionError).toBe('Unhandled');
    expect(answer).toMatchObject({ errorType, errorMessage: expect.stringMatching(errorMessage) });
  }
});

test('an event of 6 MB and an answer of 5 MB pass unchanged', async () => {
  const invoke = await deploy(
    'export const handler = async ({ text }) => ({ length: text.length, text: "ä".repeat(2.5e6) });',
    { MemorySize: 512, Timeout: 20 },
  );

  const { answer } = await invoke({ text: 'x'.repeat(6 * 2 ** 20 - 100) });

  expect(answer).toEqual({ length: 6 * 2 ** 20 - 100, text: 'ä'.repeat(2.5e6) });
});
