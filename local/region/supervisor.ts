import { onSuddenEnd } from '../setup/sudden-end.mjs';
import type { RegionProcessDied } from './errors.ts';
import { Guard } from './guard.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import type { LocalStack } from './local-stack.ts';
import { killLeftovers } from './process-group.ts';
import type { RunFolder } from './run-folder.ts';

/** Starts the parts of a run side by side, watches them, and stops all of them when one dies or this process ends. */
export class Supervisor {
  readonly run: RunFolder;
  readonly clusters: KafkaCluster[] = [];
  localStack: LocalStack | undefined;
  /** Resolves, and never rejects, once a process has died and everything else has been stopped. */
  readonly failure: Promise<RegionProcessDied>;
  readonly died: (error: RegionProcessDied) => void;
  readonly #dying = new AbortController();
  readonly #forgetSuddenEnd: () => void;
  readonly #guard = new Guard();
  #stopped: Promise<void> | undefined;

  constructor(run: RunFolder) {
    this.run = run;
    this.#forgetSuddenEnd = onSuddenEnd((failed) => this.#endNow(failed));
    const { promise, resolve } = Promise.withResolvers<RegionProcessDied>();
    this.failure = promise;
    this.died = (error) => {
      this.#dying.abort(error);
      this.stop(true).then(() => resolve(error));
    };
  }

  /** @throws the first error of a part; then everything has been stopped */
  async start(): Promise<void> {
    const { signal } = this.#dying;
    try {
      await Promise.all(this.#parts.map((part) => part.start(signal)));
    } catch (error) {
      this.#dying.abort(error);
      await this.stop(true);
      throw signal.reason;
    }
  }

  /** Any number of calls stop once. */
  stop(failed: boolean): Promise<void> {
    this.#stopped ??= this.#stopAll(failed);
    return this.#stopped;
  }

  async #stopAll(failed: boolean): Promise<void> {
    await Promise.all(this.#parts.map((part) => part.kill()));
    killLeftovers(this.run.id, []);
    this.run.finish(failed);
    this.#guard.release();
    this.#forgetSuddenEnd();
    if (failed) console.error(`The logs of run ${this.run.id} are in ${this.run.logs}`);
  }

  #endNow(failed: boolean): void {
    const { id, logs } = this.run;
    const started = [...this.clusters.map(({ address }) => address.alias), ...(this.localStack ? ['AWS'] : [])];
    console.error(`Stopping run ${id} (${started.join(', ')}) and removing its data ...`);
    for (const part of this.#parts) part.killNow();
    killLeftovers(id, []);
    this.run.finish(failed);
    console.error(failed ? `Stopped. The logs of run ${id} are in ${logs}` : `Stopped: nothing of run ${id} is left.`);
  }

  get #parts(): (KafkaCluster | LocalStack)[] {
    return this.localStack ? [...this.clusters, this.localStack] : this.clusters;
  }
}
