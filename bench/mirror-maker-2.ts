import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findJava } from '../local/setup/requirements.mjs';
import { installTools } from '../local/setup/tools.ts';

const MAIN_CLASS = 'org.apache.kafka.connect.mirror.MirrorMaker';
const LINES_TOLD = 30;

export interface MirrorMakerOptions {
  /** Of the source, which the copy's name begins with. */
  readonly alias: string;
  readonly sourceServers: string;
  readonly targetServers: string;
  readonly topic: string;
  /** Of the groups, a regular expression. */
  readonly groups: string;
}

/**
 * MirrorMaker 2 in its dedicated mode, from the Maven jars, with its defaults (`offset.lag.max = 100`) but for:
 * - replication factors of 1, for clusters of one broker;
 * - groups carried over, each second instead of each minute, and Connect's offsets flushed every 5 seconds instead of 60,
 *   so that it is done sooner;
 * - `isolation.level = read_committed`: by default it copies records of aborted transactions as well.
 */
export class MirrorMaker2 implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #ended = new AbortController();

  private constructor(process: ChildProcess, folder: string) {
    this.#process = process;
    this.#folder = folder;
    process.once('exit', (code, signal) => this.#ended.abort(this.#failure(code ?? signal)));
  }

  static async start(options: MirrorMakerOptions): Promise<MirrorMaker2> {
    const { mirrormaker2 } = await installTools(['mirrormaker2']);
    const folder = mkdtempSync(join(tmpdir(), 'causeway-mm2-'));
    const file = join(folder, 'mm2.properties');
    writeFileSync(file, propertiesOf(options));
    const output = openSync(join(folder, 'output.log'), 'a');
    const args = ['-Xmx512m', '-cp', join(mirrormaker2, '*'), MAIN_CLASS, file];
    const child = spawn(findJava() ?? 'java', args, { cwd: folder, stdio: ['ignore', output, output] });
    closeSync(output);
    await once(child, 'spawn');
    return new MirrorMaker2(child, folder);
  }

  /** Aborted, with an error that holds the end of its output, when it ends by itself. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode === null && signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#folder, { recursive: true });
  }

  #failure(how: number | string | null): Error {
    const output = readFileSync(join(this.#folder, 'output.log'), 'utf8').trimEnd().split('\n');
    return new Error(`MirrorMaker 2 ended (${how}):\n${output.slice(-LINES_TOLD).join('\n')}`);
  }
}

function propertiesOf({ alias, sourceServers, targetServers, topic, groups }: MirrorMakerOptions): string {
  return `clusters = ${alias}, us-west
${alias}.bootstrap.servers = ${sourceServers}
us-west.bootstrap.servers = ${targetServers}
${alias}->us-west.enabled = true
topics = ${topic}
groups = ${groups}
emit.heartbeats.enabled = false

${alias}.consumer.isolation.level = read_committed

emit.checkpoints.interval.seconds = 1
sync.group.offsets.enabled = true
sync.group.offsets.interval.seconds = 1
refresh.groups.interval.seconds = 5
us-west.offset.flush.interval.ms = 5000

replication.factor = 1
offset-syncs.topic.replication.factor = 1
checkpoints.topic.replication.factor = 1
heartbeats.topic.replication.factor = 1
offset.storage.replication.factor = 1
config.storage.replication.factor = 1
status.storage.replication.factor = 1
`;
}
