import { messageOf } from '../../shared/flow/errors.ts';
import type { FlowId } from '../../shared/flow/flow.ts';
import { type RunbookCall, RunbookMetric } from '../../shared/runbook/machine.ts';
import type { RunbookPorts } from '../../shared/runbook/ports/ports.ts';
import { lastDrill } from '../../shared/runbook/registry/last-drill.ts';
import { RunOutcome } from '../../shared/runbook/registry/run-summary.ts';
import { StartedBy } from '../../shared/runbook/runbook.ts';
import { keepRecord, recordAfter, recordBefore } from '../../shared/runbook/stages/record.ts';
import { standingOf } from '../../shared/runbook/stages/standing.ts';
import type { Meter } from '../meter.ts';
import { endedRun } from './ended-run.ts';

type Concluding = Extract<RunbookCall, { readonly stage: 'conclude' }>;
type Ports = Pick<RunbookPorts, 'registry' | 'journal' | 'publication' | 'reports' | 'clock'>;

/** By which `lock` refuses, the last one when it has waited for another run. */
const NOTHING_TO_DO: ReadonlySet<string> = new Set([
  ...['ALREADY_ACTIVE', 'ALARM_TOO_SOON', 'RUN_UNFINISHED', 'STAGE_TIMED_OUT'],
]);

/**
 * How a run ended: for the alarm, and for those who look it up.
 * @returns where the report of a run is that stopped, or why there is none; undefined where its stage `report` wrote it
 */
export async function conclude(
  call: Concluding,
  flow: FlowId,
  ports: Ports,
  meter: Meter,
): Promise<string | undefined> {
  const failed = call.stops.length > 0 ? 1 : 0;
  if (call.dryRun) meter.addOf({ Runbook: call.runbook }, { [RunbookMetric.DryRunFailed]: failed });
  else if (!isIdleAlarm(call)) meter.add(RunbookMetric.Failed, failed);
  const [report] = await Promise.all([note(call, flow, ports), tellClients(ports)]);
  const drilledAt = await lastDrill(ports.journal).catch(() => undefined);
  if (drilledAt !== undefined) meter.add(RunbookMetric.DrillAge, Math.max(0, (ports.clock.now() - drilledAt) / 1_000));
  return report;
}

/** What the log has of each run and dry run when it has ended: its history. */
export function endOf({ dryRun, startedBy, reason, stops: [stop], undone }: Concluding) {
  const inEarnest = stop === undefined ? 'finished' : undone.says === '' ? 'stopped' : 'undone';
  const dry = stop === undefined ? 'would finish' : 'would stop';
  const { stage: stoppedAt, code, says } = stop ?? {};
  return { outcome: dryRun ? dry : inEarnest, startedBy, reason, stoppedAt, code, says };
}

/**
 * An alarm that comes while another run goes on, or when applications are where they are wanted, has begun nothing that could
 * fail, and nothing that would make good what failed before.
 */
function isIdleAlarm({ startedBy, stops: [stop] }: Concluding): boolean {
  return startedBy === StartedBy.Alarm && stop?.stage === 'lock' && NOTHING_TO_DO.has(stop.code);
}

/**
 * What the registry says is said again where clients look that do not read it: before the first run for the first time, and
 * wherever a region was away when they were moved. What is newer there stays.
 */
async function tellClients({ registry, publication }: Ports): Promise<void> {
  const entry = await registry.entry().catch(() => undefined);
  if (entry !== undefined) await publication.publish(entry);
}

/** The registry or its table may be what stopped the run: the metric is published all the same. */
async function note(call: Concluding, flow: FlowId, ports: Ports): Promise<string | undefined> {
  const { execution, dryRun, stops, undone } = call;
  const run = endedRun(call, flow);
  const standing = await standingOf(run, 'report', ports).catch(() => undefined);
  if (standing === undefined) return undefined;
  const known = { ...run, generation: standing.generation };
  const endedAt = ports.clock.now();
  for (const { stage, code, says } of stops) {
    const before = await recordBefore(known, stage, ports);
    if (before?.outcome === 'stopped') continue;
    // It did not come to say so itself: it ran out of time, or crashed, or somebody refused to approve.
    const record = recordAfter(known, stage, { kind: 'waiting', says, evidence: before?.evidence ?? {} }, before, {
      began: before?.startedAt ?? endedAt,
      ended: endedAt,
    });
    const error = { code, safe: '', next: '' };
    await keepRecord({ ...record, endedAt, outcome: 'stopped', calls: before?.calls ?? 0, error }, known, ports);
  }
  const stoppedAt = stops[0]?.stage;
  const superseded = stops.some(({ code }) => code === 'RUN_SUPERSEDED');
  const holdsLock = standing.entry.run?.execution === execution;
  const undoneAll = undone.says !== '' && !holdsLock && !superseded;
  const outcome = stoppedAt === undefined ? RunOutcome.Finished : undoneAll ? RunOutcome.Undone : RunOutcome.Stopped;
  await ports.journal.endRun(known.generation, { outcome, endedAt, stoppedAt }).catch(() => {});
  if (stoppedAt === undefined || dryRun) return undefined;
  const written = ports.journal.run(known.generation).then((records) => ports.reports.write(known, records));
  return written.catch((error: unknown) => `not written: ${messageOf(error)}`);
}
