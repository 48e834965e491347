import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../region/until.ts';
import { findJava } from '../setup/requirements.mjs';
import { installTools } from '../setup/tools.ts';

const MAIN_CLASS = 'org.apache.kafka.connect.mirror.MirrorMaker';
const LINES_TOLD = 30;
const GOOD_WITHIN_MS = 90_000;
/** Between two stops, so that it gets on. */
const GO_ON_MS = 200;

/** Properties of a pair of clusters with one broker each: by default it asks for three replicas. */
export const SINGLE_BROKER_REPLICATION = `replication.factor = 1
offset-syncs.topic.replication.factor = 1
checkpoints.topic.replication.factor = 1
heartbeats.topic.replication.factor = 1
offset.storage.replication.factor = 1
config.storage.replication.factor = 1
status.storage.replication.factor = 1
`;

/** MirrorMaker 2 in its dedicated mode, from the Maven jars. Ends when it is told to, or is killed. */
export class MirrorMaker2 implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #log: string;
  readonly #ended = new AbortController();

  private constructor(process: ChildProcess, log: string) {
    this.#process = process;
    this.#log = log;
    process.once('exit', () => this.#ended.abort(this.#failure()));
  }

  /**
   * @param file its `mm2.properties`; what it prints is put beside it
   * @param javaOptions of its heap, for example
   */
  static async start(file: string, javaOptions: readonly string[]): Promise<MirrorMaker2> {
    const { mirrormaker2 } = await installTools(['mirrormaker2']);
    const log = `${file}.log`;
    const output = openSync(log, 'a');
    const args = [...javaOptions, '-cp', join(mirrormaker2, '*'), MAIN_CLASS, file];
    const child = spawn(findJava() ?? 'java', args, { cwd: dirname(file), stdio: ['ignore', output, output] });
    closeSync(output);
    await once(child, 'spawn');
    return new MirrorMaker2(child, log);
  }

  /** Aborted once it has ended, with an error that holds the end of its output. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** SIGTERM has it end as an operator would; SIGKILL as a lost machine does. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.ended.aborted) return;
    const ended = once(this.ended, 'abort');
    this.#process.kill(signal);
    await ended;
  }

  /** Kills it at a moment at which `isGood` holds; while it is asked, nothing goes on. */
  async killWhen(isGood: () => Promise<boolean>): Promise<void> {
    await until(
      async () => {
        this.#process.kill('SIGSTOP');
        let good = false;
        try {
          good = await isGood();
        } finally {
          if (!good) this.#process.kill('SIGCONT');
        }
        if (!good) await delay(GO_ON_MS);
        return good;
      },
      GOOD_WITHIN_MS,
      (last) => (last instanceof Error ? last : new Error('no good moment to kill MirrorMaker 2 has come')),
      this.ended,
    );
    await this.end('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
  }

  #failure(): Error {
    const { exitCode, signalCode } = this.#process;
    const output = readFileSync(this.#log, 'utf8').trimEnd().split('\n');
    return new Error(`MirrorMaker 2 ended (${exitCode ?? signalCode}):\n${output.slice(-LINES_TOLD).join('\n')}`);
  }
}
