import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { BatchResponse } from '../../../../shared/replicate/replicate-event.ts';
import { linesOf } from '../../../lines.ts';
import type { Invocation, Invoked } from './runtime.ts';

/** A line of the function's log. */
export type LogLine = Readonly<Record<string, unknown>>;

export interface Answer {
  /** Undefined: the invocation failed, and Lambda delivers all of the event again. */
  readonly response: BatchResponse | undefined;
  readonly error: { readonly name: string; readonly message: string } | undefined;
  /** What was logged above INFO, without the lines that are metrics. */
  readonly log: readonly LogLine[];
  /** Metrics in CloudWatch's embedded format, one line each time they were published. */
  readonly metrics: readonly LogLine[];
  /** How long the handler took. */
  readonly ms: number;
}

/** The functions that a process of its own can be. */
export type FunctionName = 'replicate' | 'monitor';

/** A function as it is deployed, most often `replicate`, in a process of its own: its module, its environment variables, its log. */
export class ExecutionEnvironment implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #lines: LogLine[] = [];
  /** What is not a log line: Node's own words at a crash. */
  #words = '';
  readonly #closed: Promise<number | null>;
  #invocations = 0;
  #wrote = () => {};

  constructor(variables: Readonly<Record<string, string>>, clockSkewMs = 0, name: FunctionName = 'replicate') {
    const env = { PATH: process.env.PATH, AWS_LAMBDA_FUNCTION_NAME: name, CLOCK_SKEW_MS: String(clockSkewMs) };
    const service = { POWERTOOLS_SERVICE_NAME: name };
    this.#process = fork(join(import.meta.dirname, 'runtime.ts'), {
      env: { ...env, ...service, ...variables },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#closed = new Promise((resolve) => this.#process.once('close', resolve));
    for (const input of [this.#process.stdout, this.#process.stderr]) {
      if (input) void this.#read(input);
    }
  }

  /** @throws Error with what the process wrote when it ended instead */
  async invoke(event: unknown, remainingMs = 60_000): Promise<Answer> {
    const from = this.#lines.length;
    const invocation: Invocation = { event, remainingMs };
    this.#process.send(invocation);
    const { response, error, ms }: Invoked = await Promise.race([this.#answer(), this.#ended()]);
    const lines = await this.#linesOf(++this.#invocations, from);
    return { response, error, log: lines.filter(isTelling), metrics: lines.filter(({ _aws }) => _aws), ms };
  }

  /** For a process that cannot start: what it logged, and its exit code. */
  async end(): Promise<Pick<Answer, 'log' | 'metrics'> & { readonly exitCode: number | null }> {
    const exitCode = await this.#closed;
    return { log: this.#lines.filter(isTelling), metrics: this.#lines.filter(({ _aws }) => _aws), exitCode };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#closed;
  }

  async #read(input: Readable): Promise<void> {
    for await (const line of linesOf(input)) this.#written(line);
  }

  #written(line: string): void {
    if (line.startsWith('{')) this.#lines.push(JSON.parse(line));
    else this.#words += `${line}\n`;
    this.#wrote();
  }

  /** The answer comes another way than the two streams of the log, which both say when they are complete. */
  async #linesOf(invocation: number, from: number): Promise<LogLine[]> {
    for (;;) {
      const lines = this.#lines.slice(from);
      if (lines.filter(({ answered }) => answered === invocation).length === 2) return lines;
      await new Promise<void>((resolve) => {
        this.#wrote = resolve;
      });
    }
  }

  #answer(): Promise<Invoked> {
    return new Promise((resolve) => this.#process.once('message', (invoked: Invoked) => resolve(invoked)));
  }

  async #ended(): Promise<never> {
    throw new Error(`the function's process ended (${await this.#closed}): ${this.#words}`);
  }
}

/** Above INFO; metrics have no level. */
function isTelling({ level }: LogLine): boolean {
  return level !== undefined && level !== 'INFO';
}
