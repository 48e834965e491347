import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { addressOf } from './address-of.ts';
import type { EventSource } from './event-source.ts';

const update = z.object({ Enabled: z.boolean() });
const parameter = z.object({ Name: z.string(), Value: z.string().default('') });
const execution = z.object({ executionArn: z.string() });

interface Reply {
  readonly status?: number;
  readonly body: object;
}

/** In every region what runbooks use of AWS besides DynamoDB: event source mappings, parameters, executions, objects. */
export class RegionalServices implements AsyncDisposable {
  /** By the ARN of the function that they deliver to. */
  readonly sources = new Map<string, EventSource[]>();
  /** ARNs of those that run. */
  readonly running = new Set<string>();
  /** By region and name. */
  readonly #parameters = new Map<string, { readonly value: string; readonly version: number }>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(JSON.stringify({ message: String(error) }));
      });
    });
  }

  static async open(): Promise<RegionalServices> {
    const services = new RegionalServices();
    await new Promise<void>((resolve) => services.#server.listen(0, '127.0.0.1', resolve));
    return services;
  }

  get url(): string {
    return `http://${addressOf(this.#server)}`;
  }

  /** What each region has of a parameter; those that have none are left out. */
  parameters(name: string): readonly string[] {
    return [...this.#parameters].flatMap(([key, { value }]) => (key.endsWith(` ${name}`) ? [value] : []));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    // Credential=<key>/<date>/<region>/<service>/aws4_request
    const [, , region = '', service = ''] =
      request.headers.authorization?.match(/Credential=([^,]*)/)?.[1]?.split('/') ?? [];
    const { status = 200, body } = await this.#reply(service, region, request, Buffer.concat(chunks).toString());
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(service === 's3' ? '' : JSON.stringify(body));
  }

  async #reply(service: string, region: string, { method, url = '/', headers }: IncomingMessage, body: string) {
    const operation = String(headers['x-amz-target']).split('.').at(-1);
    if (service === 'lambda') return this.#mappings(method, new URL(url, this.url), body);
    if (service === 'ssm') return this.#parameter(operation, region, JSON.parse(body));
    if (service === 'states') return this.#execution(JSON.parse(body));
    if (service === 's3') return { body: {} };
    throw new Error(`nobody serves ${service}`);
  }

  async #mappings(method: string | undefined, { pathname, searchParams }: URL, body: string): Promise<Reply> {
    if (method === 'GET') {
      const sources = this.sources.get(searchParams.get('FunctionName') ?? '') ?? [];
      return { body: { EventSourceMappings: sources.map((each) => each.configuration) } };
    }
    const uuid = pathname.split('/').filter(Boolean).at(-1);
    const source = [...this.sources.values()].flat().find((each) => each.uuid === uuid);
    if (source === undefined) return { status: 404, body: { Type: 'User', Message: `no mapping ${uuid}` } };
    // Lambda answers at once, and is Disabling for a while: that is waited for here, by the machine's time.
    await source.set(update.parse(JSON.parse(body)).Enabled);
    return { status: 202, body: source.configuration };
  }

  #parameter(operation: string | undefined, region: string, input: unknown): Reply {
    const { Name, Value } = parameter.parse(input);
    const key = `${region} ${Name}`;
    const { value = undefined, version = 0 } = this.#parameters.get(key) ?? {};
    if (operation === 'GetParameter') {
      if (value === undefined) return { status: 400, body: { __type: 'ParameterNotFound', message: Name } };
      return { body: { Parameter: { Name, Value: value, Version: version } } };
    }
    this.#parameters.set(key, { value: Value, version: version + 1 });
    return { body: { Version: version + 1 } };
  }

  #execution(input: unknown): Reply {
    const { executionArn } = execution.parse(input);
    return { body: { executionArn, status: this.running.has(executionArn) ? 'RUNNING' : 'ABORTED' } };
  }
}
