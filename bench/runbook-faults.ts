import { setTimeout as wait } from 'node:timers/promises';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { physicalName } from '../infra/flow/names.ts';
import { isExact } from '../local/applications/ledger.ts';
import { until } from '../local/region/until.ts';
import { runbookPorts } from '../shared/cli/runbook/connect.ts';
import type { RunbookCommandPorts } from '../shared/cli/runbook/ports.ts';
import type { Flow } from '../shared/config/flow-schema.ts';
import { flowOf } from '../shared/flow/flow.ts';
import { RunbookKind, wayOfRunbook } from '../shared/runbook/runbook.ts';
import { type StageName, stagesOf } from '../shared/runbook/stages.ts';
import type { BenchArguments } from './arguments.ts';
import { onBusyPair, readToTheEnd } from './deployed-pair.ts';
import { followed, INPUT, runRunbook } from './deployed-runs.ts';
import { killFunction } from './kill-function.ts';
import { OneActive } from './one-active.ts';
import { describeFaults, type Fault, type FaultFigures } from './runbook-faults-report.ts';

const LOOK_MS = 100;
const STOPPED_MS = 20_000;

/**
 * The deployed runbooks under faults, with applications that write and read: their executions are stopped while each stage
 * goes on, and started again; the process of their function is killed at each stage.
 *
 * @returns whether all stages were disturbed and all went through in the end, one cluster was active at any time, and nothing was lost or read twice
 */
export async function runbookFaultsBench(args: BenchArguments): Promise<boolean> {
  const [rate, every] = [args.whole('rate', 1), args.whole('every', 1)];
  return onBusyPair(rate, async ({ regions: { awsEndpoint }, flow, applications }) => {
    const faults: Fault[] = [];
    const watch = new OneActive(flow);
    {
      await using _ = watch;
      for (const fault of [stopAtStages, killAtStages])
        for (const kind of [RunbookKind.Switchover, RunbookKind.Failback])
          faults.push(await fault(flow, kind, every, awsEndpoint));
    }
    const groups = await readToTheEnd(applications);
    const { violations, looks, moves } = watch;
    const { ledger, writers } = applications;
    const counts = { records: ledger.acknowledged, unknown: writers.unknown };
    const figures: FaultFigures = { bench: 'runbook-faults', ...counts, faults, violations, looks, moves, groups };
    console.log(args.flag('json') ? JSON.stringify(figures) : describeFaults(figures));
    const disturbed = faults.every(({ finished, missed }) => finished && missed.length === 0);
    return disturbed && looks > 0 && violations.length === 0 && groups.every(isExact);
  });
}

/** One execution after the other is stopped while the next stage goes on; the last one is let go on. */
async function stopAtStages(flow: Flow, kind: RunbookKind, every: number): Promise<Fault> {
  console.log(`\n${kind}, stopped at each stage`);
  using ports = runbookPorts(flow, kind, 'causeway');
  const client = new SFNClient({ ...(flow.target.region !== undefined && { region: flow.target.region }) });
  const stages: string[] = [];
  for (const stage of stagesToDisturb(kind, every)) {
    const execution = await ports.machine.start(INPUT);
    await goesOn(ports, kind, execution, stage);
    const { running, error } = await ports.machine.state(execution);
    if (running) await stop(ports, client, execution);
    else console.log(`it had ended before ${stage}: ${error ?? 'well'}`);
    if (running) stages.push(stage);
  }
  client.destroy();
  const missed = missedOf(kind, every, stages);
  return { kind, what: 'execution stopped', stages, missed, finished: await endsWell(flow, ports, kind) };
}

/** Ends once the execution is told as stopped: only then the next one gets its lock. */
async function stop(ports: RunbookCommandPorts, client: SFNClient, executionArn: string): Promise<void> {
  await client.send(new StopExecutionCommand({ executionArn }));
  await until(
    async () => !(await ports.machine.state(executionArn)).running,
    STOPPED_MS,
    () => new Error(`${executionArn} was stopped, and runs`),
  );
}

/** What was stopped in its last stage may have done all, and is then not started again. */
async function endsWell(flow: Flow, ports: RunbookCommandPorts, kind: RunbookKind): Promise<boolean> {
  const { run, active } = await ports.registry.entry();
  if (run === undefined && active === wayOfRunbook(kind, ports.flow).to) return true;
  return (await runRunbook(flow, kind)).state.succeeded;
}

/** The function's process dies while a stage goes on; the execution calls it again by itself. */
async function killAtStages(flow: Flow, kind: RunbookKind, every: number, awsEndpoint: string): Promise<Fault> {
  console.log(`\n${kind}, its function killed at each stage`);
  using ports = runbookPorts(flow, kind, 'causeway');
  const name = physicalName('causeway', flowOf(flow), 'runbook');
  const execution = await ports.machine.start(INPUT);
  const following = followed(ports, execution);
  const stages: string[] = [];
  for (const stage of stagesToDisturb(kind, every)) {
    await goesOn(ports, kind, execution, stage);
    if (await killAt(stage, () => killFunction(name, awsEndpoint), ports, kind, execution)) stages.push(stage);
  }
  const { state } = await following;
  return { kind, what: 'function killed', stages, missed: missedOf(kind, every, stages), finished: state.succeeded };
}

/** After a process that has just been killed the next one takes its time to begin. @returns whether there was one before the stage had passed */
async function killAt(
  stage: StageName,
  kill: () => number,
  ports: RunbookCommandPorts,
  kind: RunbookKind,
  execution: string,
): Promise<boolean> {
  while (kill() === 0) {
    if (((await reached(ports, kind, execution)) ?? 0) > orderOf(kind).indexOf(stage)) return false;
    if (!(await ports.machine.state(execution)).running) return false;
    await wait(LOOK_MS);
  }
  return true;
}

/** Not the last one: what is disturbed then has given its lock back, and is not started again. */
function stagesToDisturb(kind: RunbookKind, every: number): readonly StageName[] {
  const names = stagesOf(kind).map(({ name }) => name);
  return names.filter((name) => name !== 'approve' && name !== 'report').filter((_, index) => index % every === 0);
}

function missedOf(kind: RunbookKind, every: number, stages: readonly string[]): readonly string[] {
  return stagesToDisturb(kind, every).filter((name) => !stages.includes(name));
}

/** Waits until a stage has been called, or the one before it has passed, or the execution has ended. */
async function goesOn(ports: RunbookCommandPorts, kind: RunbookKind, execution: string, stage: StageName) {
  for (;;) {
    // Not before it has the lock: LocalStack stops nothing in the first moments of an execution.
    if (((await reached(ports, kind, execution)) ?? -1) >= orderOf(kind).indexOf(stage)) return;
    if (!(await ports.machine.state(execution)).running) return;
    await wait(LOOK_MS);
  }
}

/** The place of the stage that goes on, or is the next one; undefined: the execution has not got the lock. */
async function reached(ports: RunbookCommandPorts, kind: RunbookKind, execution: string): Promise<number | undefined> {
  const { generation, run } = await ports.registry.entry();
  if (run?.execution !== execution) return undefined;
  const places = (await ports.journal.run(generation))
    .filter((each) => each.execution === execution)
    .map((each) => orderOf(kind).indexOf(each.stage) + (each.outcome === 'passed' ? 1 : 0));
  return Math.max(0, ...places);
}

function orderOf(kind: RunbookKind): readonly string[] {
  return stagesOf(kind).flatMap(({ name }) => (name === 'approve' ? [] : [name]));
}
