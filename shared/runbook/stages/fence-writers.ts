import { z } from 'zod';
import type { FlowPartition } from '../../flow/flow.ts';
import type { Heads } from '../ports/flow.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import { RunbookKind, type RunbookRun } from '../runbook.ts';
import type { Evidence, Stage, StageOutcome, StageTime } from '../stage.ts';
import type { Placed } from '../write-fence/place.ts';
import { listed, UnroutedProducer } from './errors.ts';
import { growthOver } from './growth.ts';
import { passed, stopped, waiting, warned } from './outcome.ts';
import { onSource, partitionsOf } from './partitions.ts';
import { byThen, ifItAnswers } from './poll.ts';
import { lookAt, sharedWith } from './watch-writers.ts';
import { mayRefuseWriters, refusedSince, refuseWriters } from './write-fence.ts';

type Ports = Pick<RunbookPorts, 'registry' | 'from' | 'forward' | 'backward' | 'writeFences' | 'clock' | 'settings'>;

/**
 * Clients look at the registry each second: a window that began before they have looked would end with the last that they
 * wrote, and the next one cost as long again.
 */
const CLIENTS_LOOK_MS = 1_500;

/** In an emergency, for the fence at the brokers: nobody waits for a cluster that is going. */
const EMERGENCY_MS = 4_000;

/**
 * Fences producers in the registry, and sees for itself that nobody writes any more: those that follow the registry have
 * some seconds to hear of it, and whoever writes after that does not follow it. Where the brokers are to refuse writers as
 * well, they do so after that, so that nobody who follows is refused; then it is seen once more that nobody writes.
 */
export const fenceWriters: Stage<Ports> = async (run, ports, time) => {
  const { registry, from, forward, settings } = ports;
  if (run.dryRun) return rehearsed(run, ports);
  const { changedAt } = await registry.fenceProducers(run.generation);
  if (run.emergency) return inEmergency(run, ports);
  const partitions = await partitionsOf(forward);
  const watched = { partitions, shared: await sharedWith(ports, partitions) };
  const byRegistry = { at: changedAt, byBrokers: false };
  const begun = settings.fenceByAcls && (await refusedSince(run, from, ports)) !== undefined;
  const first = begun ? undefined : await untilFlat(run, ports, watched, byRegistry, time);
  if (first?.kind === 'waiting' || (first && !settings.fenceByAcls)) return first;
  const placed = await refuseWriters(run, from, ports);
  if (placed.kind === 'no-authorizer')
    return unheld(run, first ?? (await untilFlat(run, ports, watched, byRegistry, time)));
  const unrouted = first === undefined ? textsIn(time.last, 'unrouted') : textsIn(first.evidence, 'said');
  const then = await untilFlat(run, ports, watched, { at: placed.at, byBrokers: true }, time);
  return refused(then, unrouted, placed);
};

async function rehearsed(run: RunbookRun, { from, settings }: Ports): Promise<StageOutcome> {
  const says = 'producers would be fenced, and the ends of all partitions watched';
  if (!settings.fenceByAcls || run.emergency) return passed(says);
  return (await mayRefuseWriters(from)) === 'may'
    ? passed(`${says}; brokers would refuse writers`)
    : unheld(run, passed(says));
}

/** Nobody waits for a cluster that is gone. */
async function inEmergency(run: RunbookRun, ports: Ports): Promise<StageOutcome> {
  const { from, forward, clock, settings } = ports;
  const partitions = await partitionsOf(forward);
  const watched = await ifItAnswers(growthOver(from.cluster, partitions.map(onSource), settings.writersFlatMs, clock));
  const unproven = 'producers are fenced in the registry';
  if (watched === undefined) return passed(`${unproven}; the source does not answer, so that nothing more can be seen`);
  const { grown, untold } = watched;
  const writes = grown.map(({ topic, partition, records }) => `${topic}-${partition} grew by ${records} records`);
  const brokers = settings.fenceByAcls ? await inTime(run, ports) : undefined;
  const evidence = { grown, untold, brokers };
  const wrong = [...writes, ...untold, ...(brokers === undefined || brokers === REFUSE ? [] : [brokers])];
  const says = brokers === REFUSE ? `${unproven}; ${REFUSE}` : unproven;
  if (wrong.length > 0) return warned(`${says}; ${listed(wrong)}`, evidence);
  return passed(`${says}, and its logs stay as they are`, evidence);
}

const REFUSE = 'brokers refuse all writers from now on';

async function inTime(run: RunbookRun, ports: Ports): Promise<string> {
  const { from, clock } = ports;
  const placed = await ifItAnswers(byThen(clock, clock.now() + EMERGENCY_MS, refuseWriters(run, from, ports)));
  if (placed === undefined) return 'brokers refuse nobody: they did not make the ACLs';
  return placed.kind === 'standing' ? REFUSE : withoutAuthorizer(run);
}

interface Watched {
  readonly partitions: readonly FlowPartition[];
  /** Of {@link sharedWith}. */
  readonly shared: Heads;
}

interface Fence {
  /** ms since the epoch */
  readonly at: number;
  /** Who writes all the same is none of those that brokers can refuse. */
  readonly byBrokers: boolean;
}

async function untilFlat(
  run: RunbookRun,
  ports: Ports,
  { partitions, shared }: Watched,
  fence: Fence,
  { until }: StageTime,
): Promise<StageOutcome> {
  const { clock, settings } = ports;
  const back = run.kind === RunbookKind.Failback;
  if (!fence.byBrokers) await clock.wait(Math.max(0, fence.at + CLIENTS_LOOK_MS - clock.now()));
  for (;;) {
    const { grown, untold, said } = await lookAt(ports, partitions, shared);
    const window = { fencedAt: fence.at, windowMs: settings.writersFlatMs, partitions: partitions.length };
    const evidence = { ...window, grown, untold, said };
    if (grown.length > 0 && clock.now() >= fence.at + settings.writersSettleMs)
      return stopped(new UnroutedProducer(run.way.from, said, { refused: fence.byBrokers, back }), evidence);
    const flat = `${partitions.length} partitions stayed as they were for ${settings.writersFlatMs / 1_000} s`;
    if (grown.length === 0 && untold.length === 0) return passed(flat, evidence);
    if (clock.now() + settings.writersFlatMs < until) continue;
    if (grown.length === 0) return waiting(`not every partition tells its end: ${listed(untold)}`, evidence);
    return waiting(`producers finish what they had begun: ${listed(said)}`, evidence);
  }
}

/** With what the brokers had to do with it: whoever they had to stop does not follow the registry, and is to be told. */
function refused(
  then: StageOutcome,
  unrouted: readonly string[],
  { byOthers }: Extract<Placed, { readonly kind: 'standing' }>,
): StageOutcome {
  const evidence = { ...then.evidence, unrouted, brokers: 'refuse', fencedByOthers: byOthers };
  if (then.kind !== 'passed') return { ...then, evidence };
  const says = `${then.says}, and brokers refuse all writers`;
  if (unrouted.length === 0) return passed(says, evidence);
  return warned(`${says}; stopped by that, because they do not follow the registry: ${listed(unrouted)}`, evidence);
}

function unheld(run: RunbookRun, outcome: StageOutcome): StageOutcome {
  const says = withoutAuthorizer(run);
  const evidence = { ...outcome.evidence, brokers: 'no-authorizer' };
  return outcome.kind === 'passed' ? warned(`${outcome.says}; ${says}`, evidence) : { ...outcome, evidence };
}

function withoutAuthorizer({ way }: RunbookRun): string {
  return `brokers refuse nobody: ${way.from} has no authorizer, causeway.fence.acls does nothing there`;
}

function textsIn(evidence: Evidence | undefined, name: 'said' | 'unrouted'): readonly string[] {
  return z.array(z.string()).safeParse(evidence?.[name]).data ?? [];
}
