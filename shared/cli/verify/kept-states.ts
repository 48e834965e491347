import type { PartitionState, Underway } from '../../verify/partition.ts';
import { type Compared, readState, writeState } from './state-file.ts';

const EACH_MS = 5_000;

/** How far a comparison is, kept in a file every few seconds and at its end. */
export class KeptStates implements AsyncDisposable {
  /** As another run left them. */
  readonly states: ReadonlyMap<string, PartitionState>;
  readonly #path: string | undefined;
  readonly #compared: Compared;
  readonly #underway: Map<string, Underway>[] = [];
  readonly #timer: NodeJS.Timeout;
  #writing: Promise<void> = Promise.resolve();

  /** @param path undefined: nothing is kept. @throws VerifyFileUnusable */
  static async open(path: string | undefined, compared: Compared): Promise<KeptStates> {
    return new KeptStates(path, compared, path === undefined ? new Map() : await readState(path, compared));
  }

  private constructor(path: string | undefined, compared: Compared, states: ReadonlyMap<string, PartitionState>) {
    this.#path = path;
    this.#compared = compared;
    this.states = states;
    this.#timer = setInterval(() => this.#write(), EACH_MS);
    this.#timer.unref();
  }

  /** For one flow to fill in. */
  underway(): Map<string, Underway> {
    const ofFlow = new Map<string, Underway>();
    this.#underway.push(ofFlow);
    return ofFlow;
  }

  #write(): void {
    const path = this.#path;
    if (path === undefined) return;
    const now = this.#underway.flatMap((each) => [...each].map(([key, { state }]) => [key, state()] as const));
    const all = new Map([...this.states, ...now]);
    this.#writing = this.#writing.then(() => writeState(path, this.#compared, all));
    // It is waited for at the end.
    this.#writing.catch(() => {});
  }

  /** @throws VerifyFileUnusable */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#write();
    await this.#writing;
  }
}
