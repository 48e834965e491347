import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';
import { findJava } from '../../../local/setup/requirements.mjs';
import { installTools } from '../../../local/setup/tools.ts';
import { linesOf } from '../../lines.ts';

const SOURCES = fileURLToPath(new URL('oracle', import.meta.url));
const MAIN_CLASS = 'org.apache.kafka.connect.mirror.Oracle';
/** Started for a second or two: the slower compiler is not worth its start. */
export const QUICK_START = '-XX:TieredStopAtLevel=1';

/** The jars may have to be fetched first. */
const STARTS_WITHIN_MS = 300_000;

const answersSchema = z.array(z.unknown());

/** What `oracle/Oracle.java` knows to answer. */
export type Question =
  | 'write'
  | 'read'
  | 'write Connect offset'
  | 'read Connect offset'
  | 'choose offset syncs'
  | 'keep offset syncs'
  | 'choose checkpoints'
  | 'client'
  | 'live client'
  | 'live offset syncs';

/** MirrorMaker 2's own classes, from its jars, in one JVM. It asks no broker, but for what is called `live`. */
export class MirrorMaker implements AsyncDisposable {
  readonly #jvm: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  readonly #complaints: Promise<string>;
  readonly #classes: string;

  private constructor(jvm: ChildProcessByStdio<Writable, Readable, Readable>, classes: string) {
    this.#jvm = jvm;
    this.#classes = classes;
    this.#lines = linesOf(jvm.stdout);
    this.#complaints = text(jvm.stderr);
    // A question that cannot be written gets no answer either, and then it is told why.
    jvm.stdin.on('error', () => {});
  }

  static async start(): Promise<MirrorMaker> {
    const classes = mkdtempSync(join(tmpdir(), 'causeway-mirror-maker-'));
    const { java, options } = await withClassPath(classes);
    const compiler = ['-m', 'jdk.compiler/com.sun.tools.javac.Main', '-proc:none', '-d', classes];
    await promisify(execFile)(java, [QUICK_START, ...compiler, ...options, ...filesIn(SOURCES, '.java')]);
    const jvm = spawn(java, [QUICK_START, ...options, MAIN_CLASS], { stdio: ['pipe', 'pipe', 'pipe'] });
    return new MirrorMaker(jvm, classes);
  }

  /** @returns one answer a case, in their order */
  async ask(about: Question, cases: readonly unknown[]): Promise<readonly unknown[]> {
    this.#jvm.stdin.write(`${JSON.stringify({ about, cases })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`MirrorMaker 2 did not answer (${about}):\n${await this.#complaints}`);
    return answersSchema.parse(JSON.parse(value));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#jvm, 'exit');
    this.#jvm.kill('SIGKILL');
    if (this.#jvm.exitCode === null && this.#jvm.signalCode === null) await ended;
    rmSync(this.#classes, { recursive: true });
  }
}

/** Started before the first test of a file, stopped after the last. @returns how the tests ask it */
export function mirrorMakerForTests(): Pick<MirrorMaker, 'ask'> {
  let started: MirrorMaker | undefined;
  beforeAll(async () => {
    started = await MirrorMaker.start();
  }, STARTS_WITHIN_MS);
  afterAll(() => started?.[Symbol.asyncDispose]());
  return {
    ask: (about, cases) => {
      if (started === undefined) throw new Error('MirrorMaker 2 is asked before the tests begin');
      return started.ask(about, cases);
    },
  };
}

/** Java, and the options by which it finds MirrorMaker 2's classes and those in `folders`. */
export async function withClassPath(...folders: readonly string[]) {
  const { mirrormaker2 } = await installTools(['mirrormaker2']);
  const classPath = [...folders, ...filesIn(mirrormaker2, '.jar')].join(delimiter);
  return { java: findJava() ?? 'java', options: ['-cp', classPath] };
}

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}
