import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { eventually } from './eventually.ts';
import { Queue } from './queue.ts';
import { zipOf } from './zip.ts';

const CALL_WITHIN_MS = 20_000;

/** The function's code: it asks the test what to do, and does it. */
const handlerCode = `
exports.handler = async (event, context) => {
  const { awsRequestId, functionName, invokedFunctionArn } = context;
  const call = { event, awsRequestId, functionName, invokedFunctionArn, pid: process.pid, environment: process.env };
  const response = await fetch(process.env.TEST_URL, { method: 'POST', body: JSON.stringify(call) });
  const { answer } = await response.json();
  if ('failure' in answer) throw new Error(answer.failure);
  if ('exitCode' in answer) process.exit(answer.exitCode);
  if ('hang' in answer) await new Promise((resolve) => setTimeout(resolve, 2 ** 30));
  return answer.value;
};`;

const kafkaRecord = z.strictObject({
  topic: z.string(),
  partition: z.number().int(),
  offset: z.number().int(),
  timestamp: z.number().int(),
  timestampType: z.string(),
  key: z.string().nullable(),
  value: z.string().nullable(),
  headers: z.array(z.record(z.string(), z.array(z.number().int()).nullable())),
});
const kafkaEvent = z.strictObject({
  eventSource: z.string(),
  eventSourceArn: z.string().optional(),
  bootstrapServers: z.string(),
  records: z.record(z.string(), z.array(kafkaRecord)),
});
const invocation = z.object({
  event: kafkaEvent,
  awsRequestId: z.string(),
  functionName: z.string(),
  invokedFunctionArn: z.string(),
  pid: z.number().int(),
  environment: z.record(z.string(), z.string()),
});

export type KafkaRecord = z.infer<typeof kafkaRecord>;
type Answer = { value: unknown } | { failure: string } | { exitCode: number } | { hang: true };

/** An invocation that waits for its answer. */
export class Call {
  readonly #response: ServerResponse;
  readonly invocation: z.infer<typeof invocation>;

  constructor(body: string, response: ServerResponse) {
    this.invocation = invocation.parse(JSON.parse(body));
    this.#response = response;
  }

  get event(): z.infer<typeof kafkaEvent> {
    return this.invocation.event;
  }
  /** The partitions of the event, as `topic-partition`. */
  get partitions(): string[] {
    return Object.keys(this.event.records);
  }
  get records(): KafkaRecord[] {
    return Object.values(this.event.records).flat();
  }
  get offsets(): number[] {
    return this.records.map(({ offset }) => offset);
  }
  get values(): (string | null)[] {
    return this.records.map(({ value }) => value && Buffer.from(value, 'base64').toString());
  }
  succeed(value: unknown = null): void {
    this.#answer({ value });
  }
  /** ReportBatchItemFailures. */
  reportFailed(...items: { partition: string; offset: number }[]): void {
    this.succeed({ batchItemFailures: items.map((itemIdentifier) => ({ itemIdentifier })) });
  }
  fail(failure = 'asked to'): void {
    this.#answer({ failure });
  }
  crash(exitCode = 1): void {
    this.#answer({ exitCode });
  }
  /** Until Lambda's time-out. */
  hang(): void {
    this.#answer({ hang: true });
  }
  #answer(answer: Answer): void {
    this.#response.end(JSON.stringify({ answer }));
  }
}

/** A deployed Lambda function whose every invocation the test sees and decides. */
export class RemoteFunction implements AsyncDisposable {
  readonly name: string;
  readonly #lambda: LambdaClient;
  readonly #server: Server;
  readonly #calls = new Queue<Call>();
  #decide: ((call: Call) => void) | undefined;

  private constructor(name: string, lambda: LambdaClient, server: Server) {
    this.name = name;
    this.#lambda = lambda;
    this.#server = server;
  }

  static async create(
    lambda: LambdaClient,
    name: string,
    settings: Partial<CreateFunctionCommandInput> = {},
  ): Promise<RemoteFunction> {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => created.#arrived(new Call(body, response)));
    });
    const created = new RemoteFunction(name, lambda, server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::000000000000:role/test',
        Timeout: 30,
        Code: { ZipFile: zipOf('index.js', handlerCode) },
        ...settings,
        Environment: { Variables: { TEST_URL: created.url, ...settings.Environment?.Variables } },
      }),
    );
    await eventually(
      () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
      ({ State }) => State === 'Active',
    );
    return created;
  }

  /** Where the function asks what to do. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  /** Invocations that nobody has taken yet. */
  get unseen(): number {
    return this.#calls.size;
  }

  /** The next invocation, in order of arrival. */
  nextCall(withinMs = CALL_WITHIN_MS): Promise<Call> {
    return this.#calls.next(withinMs, `invocation of ${this.name}`);
  }

  /** From now on every invocation goes to `decide`. */
  onCall(decide: (call: Call) => void): void {
    this.#decide = decide;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lambda.send(new DeleteFunctionCommand({ FunctionName: this.name }));
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #arrived(call: Call): void {
    if (this.#decide) this.#decide(call);
    else this.#calls.push(call);
  }
}
