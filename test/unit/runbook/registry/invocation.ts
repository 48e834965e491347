import type { FlowId } from '../../../../shared/flow/flow.ts';
import type { RunbookKind, StartedBy } from '../../../../shared/runbook/runbook.ts';

export const FLOW: FlowId = { source: 'us-east', target: 'us-west' };

export type Change = 'fenceProducers' | 'fenceConsumers' | 'unfence' | 'promote' | 'finish' | 'requestAbort';

/** One run, of which any number of invocations may be under way. It outlives its execution: late invocations are its. */
export interface Run {
  readonly kind: RunbookKind;
  readonly startedBy: StartedBy;
  readonly execution: string;
  /** Once one of its invocations was told. */
  generation: number | undefined;
}

/** One invocation that asks the registry for something. */
export interface Invocation {
  readonly run: Run;
  readonly change: Change | 'begin';
  readonly generation: number | undefined;
  /** Executions of which it was told that they do not run any more. */
  readonly toldEnded: Set<string>;
  writes: number;
}

/** What becomes of a call: carried out and answered, carried out with its answer lost, or never arrived. */
export type Fate = 'answered' | 'answer-lost' | 'never-arrived';
