import { userInfo } from 'node:os';
import { flowName } from '../../flow/flow.ts';
import { tokenIn, withoutTokens } from '../../runbook/approval-token.ts';
import type { ExecutionInput } from '../../runbook/machine.ts';
import type { RunbookKind } from '../../runbook/runbook.ts';
import type { Answer, Progress } from '../command.ts';
import { ExitCode } from '../exit-code.ts';
import { NoRunError, NothingToApproveError } from './errors.ts';
import { type FollowedRun, followRun } from './follow.ts';
import type { RunbookCommandPorts } from './ports.ts';
import { describeStanding, standingOf } from './run-answer.ts';
import { stageLine } from './stage-lines.ts';

export interface Asked {
  readonly kind: RunbookKind;
  readonly ports: RunbookCommandPorts;
  readonly progress: Progress;
}

/** Starts an execution and, unless it is left to itself, follows it to its end. @throws CausewayError */
export async function start(
  { kind, ports, progress }: Asked,
  input: ExecutionInput,
  detached: boolean,
): Promise<Answer> {
  const flow = flowName(ports.flow);
  const dryRun = input.dryRun === true;
  const execution = await ports.machine.start(input);
  if (detached) {
    return {
      exitCode: ExitCode.Yes,
      json: { flow, runbook: kind, execution },
      text: () => `${flow}: ${kind} started: ${execution}\nFollow it with: causeway ${kind} status`,
    };
  }
  progress(({ style }) => `${style.bold(flow)}: ${dryRun ? 'dry run of ' : ''}${kind} started: ${execution}`);
  const run = await followRun(ports, execution, dryRun, (record) =>
    progress((page) => stageLine(page, record, ports.clock.now())),
  );
  return ended(flow, kind, execution, run);
}

function ended(flow: string, kind: RunbookKind, execution: string, { generation, stages, state }: FollowedRun): Answer {
  const { succeeded, error, cause } = state;
  return {
    exitCode: succeeded ? ExitCode.Yes : ExitCode.No,
    json: { flow, runbook: kind, execution, generation, succeeded, error, cause, stages: withoutTokens(stages) },
    text: ({ style }) =>
      succeeded
        ? style.good(`${flow}: ${kind} went through`)
        : `${style.bad(`${flow}: ${kind} did not go through: ${error ?? 'stopped'}`)}${cause === undefined ? '' : `\n${cause}`}`,
  };
}

/** @throws CausewayError */
export async function status({ kind, ports }: Asked, generation: number | undefined): Promise<Answer> {
  const standing = await standingOf(ports, generation);
  if (generation !== undefined && standing.run === undefined)
    throw new NoRunError(standing.flow, kind, `there is no run of generation ${generation}`);
  const { run, state } = standing;
  const wrong = run !== undefined && state?.running !== true && run.outcome !== 'finished' && run.outcome !== 'undone';
  return {
    exitCode: wrong ? ExitCode.No : ExitCode.Yes,
    json: standing,
    text: (page) => describeStanding(page, ports, standing, ports.clock.now()),
  };
}

/** @throws NothingToApproveError, also for a decision that comes too late, and AwsCallError */
export async function approve({ kind, ports }: Asked, approved: boolean): Promise<Answer> {
  const flow = flowName(ports.flow);
  const { run, generation } = await ports.registry.entry();
  const token = run?.kind === kind ? tokenIn(await ports.journal.stage(generation, 'approve')) : undefined;
  if (token === undefined) throw new NothingToApproveError(flow, kind);
  const decided = await ports.machine.decide(token, approved ? 'approved' : 'refused', userInfo().username);
  if (decided === 'too late') throw new NothingToApproveError(flow, kind);
  const done = approved ? 'approved; it goes on' : 'refused; it is undone';
  return { exitCode: ExitCode.Yes, json: { flow, runbook: kind, approved }, text: () => `${flow}: ${kind} ${done}` };
}
