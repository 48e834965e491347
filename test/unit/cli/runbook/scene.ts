import type { Decision } from '../../../../shared/cli/runbook/machine.ts';
import type { RunbookCommandPorts, UndoAnswer } from '../../../../shared/cli/runbook/ports.ts';
import type { Asked } from '../../../../shared/cli/runbook/verbs.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import type { LeftBehind } from '../../../../shared/runbook/left-behind/left-behind.ts';
import type { RegistryEntry } from '../../../../shared/runbook/registry/entry.ts';
import { initialEntry } from '../../../../shared/runbook/registry/initial-entry.ts';
import type { RunSummary } from '../../../../shared/runbook/registry/run-summary.ts';
import { RunbookKind } from '../../../../shared/runbook/runbook.ts';
import type { StageRecord } from '../../../../shared/runbook/stage.ts';

export const FLOW = { source: 'us-east', target: 'us-west' };
export const EXECUTION = 'arn:aws:states:us-west-2:123456789012:execution:causeway-switchover:one';
export const BEGAN = Date.UTC(2030, 0, 2, 3, 4, 5);

/** Of the record of a stage that goes on. */
export const WAITING = { outcome: 'waiting', verdict: undefined, endedAt: undefined } as const;

export function record(stage: StageRecord['stage'], more: Partial<StageRecord> = {}): StageRecord {
  return {
    generation: 3,
    stage,
    execution: EXECUTION,
    startedAt: BEGAN,
    endedAt: BEGAN + 1_500,
    calls: 1,
    outcome: 'passed',
    verdict: 'PASS',
    says: `${stage} is well`,
    evidence: {},
    error: undefined,
    ...more,
  };
}

export function summary(more: Partial<RunSummary> = {}): RunSummary {
  return {
    generation: 3,
    kind: RunbookKind.Switchover,
    from: 'us-east',
    to: 'us-west',
    execution: EXECUTION,
    startedAt: BEGAN,
    endedAt: BEGAN + 9_000,
    outcome: 'finished',
    stoppedAt: undefined,
    dryRun: false,
    startedBy: 'person',
    reason: '',
    ...more,
  };
}

/** A run that holds the lock. */
export function locked(): Partial<RegistryEntry> {
  const run = { kind: RunbookKind.Switchover, from: 'us-east', to: 'us-west', execution: EXECUTION, startedAt: BEGAN };
  return { version: 8, generation: 3, run: { ...run, abortRequested: false } };
}

/** One look after the other: what each finds; the last holds from then on. */
export interface Look {
  readonly entry?: Partial<RegistryEntry>;
  readonly stages?: readonly StageRecord[];
  /** Whether the execution is running; `forgotten`: Step Functions does not know it any more. */
  readonly running?: boolean | 'forgotten';
  /** What Step Functions answers instead. */
  readonly fails?: Error;
  /** What a decision comes to. */
  readonly decided?: 'taken' | 'too late' | Error;
}

/** A deployed runbook whose state changes with each time that is waited. */
export class Scene implements RunbookCommandPorts {
  readonly flow = FLOW;
  readonly started: object[] = [];
  readonly decisions: object[] = [];
  readonly aborts: number[] = [];
  readonly lines: string[] = [];
  readonly undoAnswers: UndoAnswer[] = [];
  runs: readonly RunSummary[] = [];
  failure: { readonly error: string; readonly cause: string } | undefined;
  readonly #looks: Look[];

  constructor(...looks: Look[]) {
    this.#looks = looks;
  }

  get asked(): Asked {
    return {
      kind: RunbookKind.Switchover,
      ports: this,
      progress: (line) => void this.lines.push(line(UNSTYLED)),
    };
  }

  get #look(): Look {
    return this.#looks[0] ?? {};
  }

  readonly registry = {
    entry: async () => ({ ...initialEntry(FLOW), ...this.#look.entry }),
    requestAbort: async (generation: number) => {
      this.aborts.push(generation);
      return { ...initialEntry(FLOW), ...this.#look.entry };
    },
  };

  readonly journal = {
    run: async () => this.#look.stages ?? [],
    runs: async () => this.runs,
    stage: async (_: number, name: string) => this.#look.stages?.find(({ stage }) => stage === name),
  };

  readonly journalOf = () => this.journal;

  left: LeftBehind | Error | undefined;

  readonly leftBehind = async () => {
    if (this.left instanceof Error) throw this.left;
    return this.left;
  };

  readonly machine = {
    start: async (input: object) => {
      this.started.push(input);
      return EXECUTION;
    },
    state: async () => {
      if (this.#look.fails !== undefined) throw this.#look.fails;
      const running = this.#look.running === true;
      return {
        running,
        succeeded: !running && this.failure === undefined && this.#look.running !== 'forgotten',
        error: this.failure?.error,
        cause: this.failure?.cause,
        ...(this.#look.running === 'forgotten' && { forgotten: true as const }),
      };
    },
    decide: async (taskToken: string, decision: Decision) => {
      this.decisions.push({ taskToken, decision });
      const { decided = 'taken' } = this.#look;
      if (decided instanceof Error) throw decided;
      return decided;
    },
  };

  readonly undo = async () => this.undoAnswers.shift() ?? { kind: 'passed' as const, says: 'undone', left: [] };

  /** How much time passes whenever something waits, ms. */
  passes = 0;
  #passed = 0;

  readonly clock = {
    now: () => BEGAN + 5_000 + this.#passed,
    wait: async () => {
      this.#passed += this.passes;
      if (this.#looks.length > 1) this.#looks.shift();
    },
  };
}
