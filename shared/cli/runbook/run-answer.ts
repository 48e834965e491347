import { messageOf } from '../../flow/errors.ts';
import { type FlowId, flowName } from '../../flow/flow.ts';
import { withoutTokens } from '../../runbook/approval-token.ts';
import type { LeftBehind } from '../../runbook/left-behind/left-behind.ts';
import type { RegistryEntry } from '../../runbook/registry/entry.ts';
import { ClientState } from '../../runbook/registry/entry.ts';
import type { RunSummary } from '../../runbook/registry/run-summary.ts';
import type { StageRecord } from '../../runbook/stage.ts';
import { type Page, wrapToWidth } from '../terminal/page.ts';
import { leftBehindLines } from './left-behind-lines.ts';
import type { ExecutionState } from './machine.ts';
import type { RunbookCommandPorts } from './ports.ts';
import { describeStart } from './run-words.ts';
import { stageLine } from './stage-lines.ts';

const CLIENTS: Readonly<Record<ClientState, string>> = {
  [ClientState.Serving]: 'served',
  [ClientState.ProducersFenced]: 'their producers held',
  [ClientState.ClientsFenced]: 'their producers and consumers held',
};

/** Where applications are, and what the newest run came to. */
export interface Standing {
  readonly flow: string;
  readonly entry: RegistryEntry;
  readonly run: RunSummary | undefined;
  readonly stages: readonly StageRecord[];
  /** Of the run's execution; undefined without a run. */
  readonly state: ExecutionState | undefined;
  /** While applications are where a failover moved them; why it is not known, where the function does not tell. */
  readonly leftBehind: LeftBehind | { readonly because: string } | undefined;
}

/** @param generation of a run; the newest without it. @throws CausewayError */
export async function standingOf(ports: RunbookCommandPorts, generation?: number): Promise<Standing> {
  const entry = await ports.registry.entry();
  const runs = await ports.journal.runs(generation === undefined ? 1 : entry.generation - generation + 1);
  const run = generation === undefined ? runs[0] : runs.find((each) => each.generation === generation);
  const stages = run === undefined ? [] : await ports.journal.run(run.generation);
  const state = run === undefined ? undefined : await stateOf(run, ports);
  const left = entry.active === ports.flow.target && run !== undefined ? await leftBehindIn(ports) : undefined;
  return { flow: flowName(ports.flow), entry, run, stages: withoutTokens(stages), state, leftBehind: left };
}

/** What Step Functions has forgotten ended long ago, as the journal has it. */
async function stateOf({ execution, outcome }: RunSummary, { machine }: RunbookCommandPorts): Promise<ExecutionState> {
  const { forgotten, ...state } = await machine.state(execution);
  return forgotten ? { ...state, succeeded: outcome === 'finished' } : state;
}

/** What else there is to tell is told without it. */
async function leftBehindIn(ports: RunbookCommandPorts): Promise<Standing['leftBehind']> {
  try {
    return await ports.leftBehind();
  } catch (error) {
    return { because: messageOf(error) };
  }
}

export function describeStanding(
  page: Page,
  ports: Pick<RunbookCommandPorts, 'flow'>,
  standing: Standing,
  now: number,
): string {
  const { flow, entry, run, stages, state } = standing;
  const { bold } = page.style;
  const where = `${bold(flow)}: applications are on ${bold(entry.active)}, ${CLIENTS[entry.clients]}; generation ${entry.generation}`;
  if (run === undefined) return `${where}\nno runbook was ever run`;
  return [
    where,
    headline(page, run, state, entry),
    ...wrapToWidth(describeStart(run), page.width - 2).map((line) => `  ${line}`),
    ...stages.map((each) => stageLine(page, each, now)),
    ...leftLines(page, ports.flow, standing.leftBehind),
  ].join('\n');
}

function leftLines(page: Page, flow: FlowId, left: Standing['leftBehind']): readonly string[] {
  if (left === undefined) return [];
  if ('because' in left) return [page.style.bad(`what a failover may have left behind is not known: ${left.because}`)];
  return leftBehindLines(page, flow, left);
}

function headline(
  { style }: Page,
  { kind, from, to, generation, startedAt, outcome, stoppedAt, execution }: RunSummary,
  state: ExecutionState | undefined,
  { run: lock }: RegistryEntry,
): string {
  const began = new Date(startedAt).toISOString();
  const what = `${kind} ${from} to ${to}, generation ${generation}, begun ${began}`;
  // A failover that looks again later has ended as a run.
  if (state?.running === true && outcome === 'running') return `${what}: ${style.bold('running')}`;
  const at = stoppedAt === undefined ? '' : ` at ${stoppedAt}`;
  const told = outcome === 'running' ? 'its execution ended before it did' : `${outcome}${at}`;
  const locked = lock?.execution === execution ? `; it still holds the lock: start it again, or abort it` : '';
  const more = state?.running === true ? '; its execution goes on' : '';
  return `${what}: ${outcome === 'finished' ? style.good(told) : style.bad(told)}${more}${locked}`;
}
