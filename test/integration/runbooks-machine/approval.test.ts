import { randomUUID } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SendTaskFailureCommand, SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { awsEnvironment, localCredentials } from '../../../local/region/addresses.ts';
import { RunbookMachine } from '../../../shared/cli/runbook/machine.ts';
import { NOT_ASKED, RUN_ABORTED } from '../../../shared/runbook/machine.ts';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { stagesOf } from '../../../shared/runbook/stages.ts';
import { Machine } from './machine.ts';
import { ScriptedFunction } from './scripted-function.ts';

const { Switchover } = RunbookKind;

// JSONata is evaluated by a Java virtual machine inside of LocalStack, which has to begin first.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const resources = new AsyncDisposableStack();
let sfn: SFNClient;
let fn: ScriptedFunction;
let switchover: Machine;

beforeAll(async () => {
  const { awsEndpoint = '' } = inject('regions');
  const client = { endpoint: awsEndpoint, region: 'us-west-2', credentials: localCredentials };
  sfn = new SFNClient(client);
  const lambda = new LambdaClient(client);
  resources.defer(() => {
    sfn.destroy();
    lambda.destroy();
  });
  fn = resources.use(await ScriptedFunction.create(lambda, `approval-${randomUUID().slice(0, 8)}`));
  switchover = resources.use(await Machine.create(sfn, Switchover, fn));
});
afterAll(() => resources[Symbol.asyncDispose]());
afterEach(() => vi.unstubAllEnvs());

/** A switchover that asks `unheard` times without being heard, and is answered by the token that is. */
async function answered(answer: (taskToken: string) => Promise<unknown>, unheard = 0) {
  const asked = Promise.withResolvers<string>();
  const tokens: string[] = [];
  fn.on(({ stage, taskToken = '' }, nth) => {
    if (stage !== 'approve') return undefined;
    tokens.push(taskToken);
    if (nth <= unheard) return { throws: NOT_ASKED };
    asked.resolve(taskToken);
    return undefined;
  });
  const execution = await switchover.start({});
  await answer(await asked.promise);
  return { execution, tokens, ...(await switchover.end(execution)) };
}

const approve = (taskToken: string) =>
  sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ by: 'ann' }) }));
const fail = (taskToken: string, error: string) =>
  sfn.send(new SendTaskFailureCommand({ taskToken, error, cause: 'by ann' }));

describe('Approval', () => {
  it('is awaited, and given by the token that the function was called with', async () => {
    const { execution, status, tokens } = await answered(approve);

    expect(status).toBe('SUCCEEDED');
    expect(fn.stagesOf(execution)).toEqual([...stagesOf(Switchover).map(({ name }) => name), 'conclude']);
    expect(tokens).toHaveLength(1);
  });

  it('is asked for again until the function could note the token, which is then the one that counts', async () => {
    const { status, tokens } = await answered(approve, 2);

    expect(status).toBe('SUCCEEDED');
    expect(tokens).toHaveLength(3);
  });

  it('comes too late once the run has ended', async () => {
    const { tokens } = await answered(approve);
    const { awsEndpoint = '' } = inject('regions');
    for (const [name, value] of Object.entries(awsEnvironment(awsEndpoint, 'us-west-2'))) vi.stubEnv(name, value);
    using command = new RunbookMachine('us-east->us-west', 'switchover', 'us-west-2');

    for (const token of tokens) expect(await command.decide(token, 'approved', 'ann')).toBe('too late');
  });

  it.each(['REFUSED', RUN_ABORTED])(
    'that ends with %s has the runbook undone, and nobody is asked twice',
    async (code) => {
      const { execution, error, cause } = await answered((token) => fail(token, code));

      expect([error, cause]).toEqual([`approve.${code}`, expect.stringContaining('by ann')]);
      expect(fn.stagesOf(execution).slice(-3)).toEqual(['approve', 'undo', 'conclude']);
    },
  );
});
