import { userInfo } from 'node:os';
import { flowName } from '../../flow/flow.ts';
import { tokenIn } from '../../runbook/approval-token.ts';
import type { RunbookKind } from '../../runbook/runbook.ts';
import type { StageRecord } from '../../runbook/stage.ts';
import type { Answer } from '../command.ts';
import { ExitCode } from '../exit-code.ts';
import { NoRunError } from './errors.ts';
import { type FollowedRun, followRun } from './follow.ts';
import { stageLine } from './stage-lines.ts';
import type { Asked } from './verbs.ts';

/** Between two calls of `undo`, which waits itself. */
const UNDO_PAUSE_MS = 500;

/**
 * Has the run that holds the lock undone: by its own execution, or by the function where that does not run any more, or has
 * ended without it.
 * @throws NoRunError, and the registry's refusal once applications were moved
 */
export async function abort(asked: Asked): Promise<Answer> {
  const { kind, ports, progress } = asked;
  const flow = flowName(ports.flow);
  const { run, generation } = await ports.registry.entry();
  if (run?.kind !== kind) throw new NoRunError(flow, kind, `no ${kind} holds the lock`);
  await ports.registry.requestAbort(generation);
  const { execution } = run;
  if ((await ports.machine.state(execution)).running) {
    progress(() => `${flow}: ${kind} is asked to end: ${execution}`);
    const { stages, state } = await untilItEnds(asked, execution);
    const undone = stages.find(({ stage, outcome }) => stage === 'undo' && outcome === 'passed');
    if (undone !== undefined) return undoneAnswer(flow, kind, true, undone.says, leftOf(undone.evidence.left));
    // None that moves applications: from the request on the registry refuses that.
    if (state.succeeded) return undoneAnswer(flow, kind, true, 'it came to its end before', []);
  }
  for (;;) {
    const { kind: outcome, says, left } = await ports.undo(execution);
    if (outcome !== 'waiting') return undoneAnswer(flow, kind, outcome === 'passed', says, left);
    progress(() => `  ${says}`);
    await ports.clock.wait(UNDO_PAUSE_MS);
  }
}

/** Stages look at the registry when they are called; the one that waits for a person is not. */
function untilItEnds({ ports, progress }: Asked, execution: string): Promise<FollowedRun> {
  const ended = new Set<string>();
  const endWaiting = async (stages: readonly StageRecord[]) => {
    const token = tokenIn(stages.find(({ stage }) => stage === 'approve'));
    if (token === undefined || ended.has(token)) return;
    // Too late: somebody was quicker and the next stage is called, or the question is about to be put again.
    if ((await ports.machine.decide(token, 'aborted', userInfo().username)) === 'taken') ended.add(token);
  };
  const told = (record: StageRecord) => progress((page) => stageLine(page, record, ports.clock.now()));
  return followRun(ports, execution, false, told, endWaiting);
}

function leftOf(left: unknown): readonly string[] {
  return Array.isArray(left) ? left.map(String) : [];
}

function undoneAnswer(flow: string, kind: RunbookKind, undone: boolean, says: string, left: readonly string[]): Answer {
  return {
    exitCode: undone ? ExitCode.Yes : ExitCode.No,
    json: { flow, runbook: kind, undone, says, left },
    text: ({ style }) =>
      [
        `${flow}: ${undone ? style.good(`${kind} undone`) : style.bad(`${kind} not undone`)}: ${says}`,
        ...left.map((each) => `  left: ${each}`),
      ].join('\n'),
  };
}
