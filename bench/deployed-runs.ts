import type { Applications } from '../local/applications/applications.ts';
import { runbookPorts } from '../shared/cli/runbook/connect.ts';
import { type FollowedRun, followRun } from '../shared/cli/runbook/follow.ts';
import type { RunbookCommandPorts } from '../shared/cli/runbook/ports.ts';
import { stageLine } from '../shared/cli/runbook/stage-lines.ts';
import { UNSTYLED } from '../shared/cli/terminal/page.ts';
import type { Flow } from '../shared/config/flow-schema.ts';
import { flowOf } from '../shared/flow/flow.ts';
import { type RunbookKind, wayOfRunbook } from '../shared/runbook/runbook.ts';
import type { StageRecord } from '../shared/runbook/stage.ts';
import type { BusyPair } from './deployed-pair.ts';
import type { Move } from './moves-report.ts';

/** What runbooks are started with here. */
export const INPUT = { approval: 'waived', reason: 'bench' };

/** Starts a runbook without approval and follows it to its end; each stage is told on the console. */
export async function runRunbook(flow: Flow, kind: RunbookKind, dryRun = false): Promise<FollowedRun> {
  console.log(`\n${kind}${dryRun ? ', dry' : ''}`);
  using ports = runbookPorts(flow, kind, 'causeway');
  return followed(ports, await ports.machine.start({ ...INPUT, dryRun }), dryRun);
}

/** Follows an execution to its end in the same way. */
export async function followed(ports: RunbookCommandPorts, execution: string, dryRun = false): Promise<FollowedRun> {
  const run = await followRun(ports, execution, dryRun, (record) => {
    if (record.outcome !== 'waiting') console.log(stageLine(UNSTYLED, record, Date.now()));
  });
  if (!run.state.succeeded) console.log(`did not go through: ${run.state.error}: ${run.state.cause}`);
  return run;
}

/** The same, measured, with whoever consumes. */
export async function move({ flow, applications: { writers }, lambda }: BusyPair, kind: RunbookKind): Promise<Move> {
  const { from, to } = wayOfRunbook(kind, flowOf(flow));
  lambda?.lingerAt(from);
  writers.longestPauseMs = 0;
  const moved = measured(kind, await runRunbook(flow, kind), writers);
  if (moved.succeeded) await lambda?.settle(to);
  return moved;
}

/** A run, and the longest that the writers stood still meanwhile. */
export function measured(
  kind: RunbookKind,
  { stages, state }: FollowedRun,
  { longestPauseMs }: Pick<Applications['writers'], 'longestPauseMs'>,
): Move {
  const took = ({ startedAt, endedAt }: StageRecord) => (endedAt ?? startedAt) - startedAt;
  const began = Math.min(...stages.map(({ startedAt }) => startedAt));
  const ended = Math.max(...stages.map(({ startedAt, endedAt }) => endedAt ?? startedAt));
  const watched = stages.filter(({ stage }) => stage === 'watch-lag').reduce((sum, each) => sum + took(each), 0);
  return {
    kind,
    succeeded: state.succeeded,
    machineSeconds: (ended - began - watched) / 1_000,
    pauseSeconds: longestPauseMs / 1_000,
  };
}
