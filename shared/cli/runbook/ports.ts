import type { FlowId } from '../../flow/flow.ts';
import type { LeftBehind } from '../../runbook/left-behind/left-behind.ts';
import type { RunJournal } from '../../runbook/registry/ports.ts';
import type { Registry } from '../../runbook/registry/registry.ts';
import type { Decision, ExecutionState } from './machine.ts';

/** What the commands of a runbook ask, in the flow's target region. Every call may throw CausewayError. */
export interface RunbookCommandPorts {
  readonly flow: FlowId;
  readonly registry: Pick<Registry, 'entry' | 'requestAbort'>;
  readonly journal: Pick<RunJournal, 'run' | 'runs' | 'stage'>;
  /** The journal of one dry run. */
  readonly journalOf: (execution: string) => Pick<RunJournal, 'run'>;
  readonly machine: {
    start(input: object): Promise<string>;
    state(execution: string): Promise<ExecutionState>;
    decide(taskToken: string, decision: Decision, by: string): Promise<'taken' | 'too late'>;
  };
  /** Calls the function once, as the state machine would. */
  readonly undo: (execution: string) => Promise<UndoAnswer>;
  /** Asks the function, which reaches both clusters; undefined: no failover has moved applications since they were on the source. */
  readonly leftBehind: () => Promise<LeftBehind | undefined>;
  readonly clock: { readonly now: () => number; readonly wait: (ms: number) => Promise<void> };
}

/** What `undo` came to: it is called again while it waits. */
export interface UndoAnswer {
  readonly kind: 'passed' | 'waiting' | 'stopped';
  readonly says: string;
  /** What could not be undone, a sentence each. */
  readonly left: readonly string[];
}
