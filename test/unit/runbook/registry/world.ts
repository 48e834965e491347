import type { RegistryEntry } from '../../../../shared/runbook/registry/entry.ts';
import type { Executions, FlowRegistry } from '../../../../shared/runbook/registry/ports.ts';
import { Registry } from '../../../../shared/runbook/registry/registry.ts';
import { type RunbookKind, StartedBy, wayOfRunbook } from '../../../../shared/runbook/runbook.ts';
import { type Change, type Fate, FLOW, type Invocation, type Run } from './invocation.ts';
import { Model } from './model.ts';

/** Longer than any program takes: once anybody was moved, no alarm moves anybody. */
const ALARM_COOLDOWN_MS = 1_000_000_000;

interface Call {
  readonly happen: (fate: Fate) => void;
}

/** A registry table and executions, in which every call happens when it is told to. */
export class World {
  entry: RegistryEntry | undefined;
  readonly model = new Model(FLOW.source);
  readonly runs: Run[] = [];
  readonly running = new Set<string>();
  /** Calls that have not happened yet. */
  waiting: Call[] = [];
  #time = 0;
  #asks = 0;

  start(kind: RunbookKind, startedBy: StartedBy = StartedBy.Person): Run {
    const run = { kind, startedBy, execution: `execution-${this.runs.length}`, generation: undefined };
    this.runs.push(run);
    this.running.add(run.execution);
    return run;
  }

  /** Everything ends, and what is under way is lost. */
  stopAll(): void {
    this.running.clear();
    this.waiting = [];
  }

  /** Answers when it is decided; what is refused and what is lost is told as the error. */
  async ask(run: Run, change: Change | 'begin'): Promise<RegistryEntry | Error> {
    const invocation = { run, change, generation: run.generation, toldEnded: new Set<string>(), writes: 0 };
    // No two environments have the same time.
    const skew = (this.#asks++ * 7_919) % 5_000;
    const registry = new Registry({
      flow: FLOW,
      entries: this.#entries(invocation),
      alarmCooldownMs: ALARM_COOLDOWN_MS,
      now: () => ++this.#time + skew,
    });
    try {
      const entry = await this.#asked(registry, invocation);
      if (change === 'begin') run.generation = entry.generation;
      return entry;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #asked(registry: Registry, invocation: Invocation): Promise<RegistryEntry> {
    const { kind, execution, startedBy } = invocation.run;
    const way = wayOfRunbook(kind, FLOW);
    const start = { kind, way, execution, startedBy };
    if (invocation.change === 'begin') return registry.begin(start, this.#executions(invocation));
    if (invocation.generation === undefined) throw new Error('has not begun');
    return registry[invocation.change](invocation.generation);
  }

  #entries(invocation: Invocation): FlowRegistry {
    return {
      read: () => this.#later(() => this.entry),
      write: (expected, entry) => this.#later(() => this.#write(invocation, expected, entry)),
    };
  }

  #executions({ toldEnded }: Invocation): Executions {
    return {
      isRunning: (execution) =>
        this.#later(() => {
          const runs = this.running.has(execution);
          if (!runs) toldEnded.add(execution);
          return runs;
        }),
    };
  }

  #write(invocation: Invocation, expected: number, entry: RegistryEntry): 'written' | 'conflict' {
    if ((this.entry?.version ?? 0) !== expected) return 'conflict';
    invocation.writes += 1;
    this.model.written(invocation, this.entry, entry);
    this.entry = entry;
    return 'written';
  }

  #later<T>(carryOut: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const call: Call = {
        happen: (fate) => {
          this.waiting = this.waiting.filter((each) => each !== call);
          const lost = new Error(fate);
          if (fate === 'never-arrived') return reject(lost);
          const answer = carryOut();
          if (fate === 'answered') resolve(answer);
          else reject(lost);
        },
      };
      this.waiting.push(call);
    });
  }
}
