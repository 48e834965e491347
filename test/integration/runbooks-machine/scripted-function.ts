import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  type LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { zipOf } from '../event-source-mapping/zip.ts';

/** What one call of the function comes to; a function that crashes ends its process. */
export type Reaction = { readonly answer: unknown } | { readonly throws: string } | { readonly crashes: true };

const call = z.object({
  stage: z.string(),
  runbook: z.enum(RunbookKind),
  execution: z.string(),
  dryRun: z.boolean(),
  reason: z.string(),
  taskToken: z.string().optional(),
  stops: z.array(z.object({ stage: z.string(), code: z.string(), says: z.string() })).optional(),
  undone: z.object({ says: z.string(), left: z.array(z.string()) }).optional(),
});
export type SeenCall = z.infer<typeof call>;

const CODE = `
exports.handler = async (event) => {
  const response = await fetch(process.env.TEST_URL, { method: 'POST', body: JSON.stringify(event) });
  const reaction = await response.json();
  if ('throws' in reaction) throw Object.assign(new Error('asked to'), { name: reaction.throws });
  if ('crashes' in reaction) process.exit(1);
  return reaction.answer;
};`;

/** Stands where the function `runbook` would: what its calls come to is the test's to say. */
export class ScriptedFunction implements AsyncDisposable {
  readonly name: string;
  readonly arn: string;
  readonly #lambda: LambdaClient;
  readonly #server: Server;
  readonly #calls: SeenCall[] = [];
  #react: (call: SeenCall, nth: number) => Reaction | Promise<Reaction> = () => PASSED;

  private constructor(name: string, arn: string, lambda: LambdaClient, server: Server) {
    this.name = name;
    this.arn = arn;
    this.#lambda = lambda;
    this.#server = server;
    server.on('request', async (request, response) => {
      const seen = call.parse(JSON.parse(Buffer.concat(await request.toArray()).toString()));
      this.#calls.push(seen);
      const nth = this.callsOf(seen.execution).filter(({ stage }) => stage === seen.stage).length;
      response.end(JSON.stringify(await this.#react(seen, nth)));
    });
  }

  static async create(lambda: LambdaClient, name: string): Promise<ScriptedFunction> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { FunctionArn = '' } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::000000000000:role/test',
        Timeout: 30,
        Code: { ZipFile: zipOf('index.js', CODE) },
        Environment: { Variables: { TEST_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } },
      }),
    );
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60 }, { FunctionName: name });
    return new ScriptedFunction(name, FunctionArn, lambda, server);
  }

  /** From now on; what it says nothing of passes. @param nth 1 for the first call of this stage in this execution */
  on(react: (call: SeenCall, nth: number) => Reaction | Promise<Reaction> | undefined): void {
    this.#react = (seen, nth) => react(seen, nth) ?? PASSED;
  }

  callsOf(execution: string): readonly SeenCall[] {
    return this.#calls.filter((each) => each.execution === execution);
  }

  stagesOf(execution: string): readonly string[] {
    return this.callsOf(execution).map(({ stage }) => stage);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lambda.send(new DeleteFunctionCommand({ FunctionName: this.name }));
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

export const PASSED: Reaction = { answer: { kind: 'passed', verdict: 'PASS', says: 'as it should be' } };
export const WAITING: Reaction = { answer: { kind: 'waiting', says: 'not yet' } };
export const stopped = (code: string, says: string): Reaction => ({ answer: { kind: 'stopped', code, says } });
