import { flowName } from '../../flow/flow.ts';
import { describeHold } from '../../ledger/hold.ts';
import { type ConsumersLook, lookAtConsumers } from '../consumers/look.ts';
import { staleCheckpoints } from '../groups/stale-checkpoints.ts';
import { describeLeftBehind, type LeftBehind, leftBehind } from '../left-behind/left-behind.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import { RunbookKind, type RunbookRun } from '../runbook.ts';
import type { Stage, StageOutcome, StageTime } from '../stage.ts';
import { ifAsked, isFine, lagOf, lookAtCopying, mapFaults, type Settled } from './copying.ts';
import { FlowNotWell, listed } from './errors.ts';
import { judged, stopped, waiting, warned } from './outcome.ts';
import { partitionsOf } from './partitions.ts';
import { ifItAnswers, patiently, poll } from './poll.ts';
import { progressBefore } from './progress.ts';

/** Mappings that are just being changed, and partitions whose leader moves. */
const PATIENCE_MS = 30_000;
/** `reconcile` takes a new topic on once a minute. */
const NEW_TOPIC_MS = 90_000;

type Ports = Pick<
  RunbookPorts,
  | 'from'
  | 'to'
  | 'forward'
  | 'backward'
  | 'registry'
  | 'history'
  | 'rules'
  | 'lastKnown'
  | 'consumers'
  | 'clock'
  | 'settings'
>;

/** The flow copies everything that it should, and a planned run can drain it. In an emergency what is wrong is told. */
export const checkFlow: Stage<Ports> = async (run, ports, time) => {
  const looking = lookAtConsumers(run, ports);
  looking.catch(() => {});
  const copying = await checkCopying(run, ports, time);
  const outcome =
    isTried(run) && copying.kind === 'passed' ? await withCheckpoints(run, copying, ports, time) : copying;
  return outcome.kind === 'passed' && ports.consumers ? withConsumers(outcome, await looking) : outcome;
};

/** Whether it is asked what a failover would come to, with the source still there. */
function isTried({ kind, emergency, dryRun }: RunbookRun): boolean {
  return kind === RunbookKind.Drill || (emergency && dryRun);
}

async function withCheckpoints(
  { emergency }: RunbookRun,
  copying: Passed,
  ports: Ports,
  { since }: StageTime,
): Promise<StageOutcome> {
  const looking = staleCheckpoints(ports);
  const found = await (emergency ? ifItAnswers(looking) : looking);
  if (found === undefined || found.stale.length === 0) return copying;
  const { stale, none } = found;
  const evidence = { ...copying.evidence, stale };
  const says = `a failover would not find groups where they are: ${listed(stale)}`;
  // A group that has just woken has its next checkpoint within seconds.
  if (!none && ports.clock.now() < since + PATIENCE_MS) return waiting(says, evidence);
  return warned(`${copying.says}; ${says}`, evidence);
}

const checkCopying: Stage<Ports> = (run, ports, time) => {
  let progress = progressBefore(time);
  let settled: Settled | undefined;
  return poll(ports.clock, time, async () => {
    const { forward, backward, clock, settings } = ports;
    const [partitions, hold] = await Promise.all([partitionsOf(forward), forward.hold.current()]);
    const name = flowName(forward.flow);
    const none = partitions.length === 0 ? [`${name} copies no topic`] : [];
    const heads = await forward.heads(partitions);
    const map = mapFaults(heads, partitions);
    const lag = run.emergency ? undefined : await lagOf(ports, heads, partitions);
    const slow =
      lag !== undefined && lag.offsets > settings.mostToDrain
        ? [`${lag.offsets} offsets are left to copy, ${settings.mostToDrain} are allowed`]
        : [];
    const copying = await ifAsked(run, hold, () => lookAtCopying(ports, partitions, progress, settled));
    progress = copying?.progress ?? progress;
    settled = copying && isFine(copying) ? copying : undefined;
    const soon = [
      ...none,
      ...map,
      ...(copying?.mappings ?? []),
      ...(copying?.still ?? []),
      ...(lag?.faults ?? []),
      ...slow,
    ];
    const notTakenOn = (copying?.notTakenOn ?? []).map(
      (topic) => `${topic} is to be copied, and no flow has taken it on`,
    );
    const faults = [...soon, ...notTakenOn];
    const evidence = {
      partitions: partitions.length,
      faults,
      lag: lag?.offsets,
      hold,
      reverse: backward !== undefined,
      ...(progress && { progress }),
    };
    const standing = Object.keys(progress?.at ?? {});
    if (faults.length === 0 && standing.length > 0 && copying)
      return waiting(`not seen to be copied yet: ${listed(standing)}`, evidence);
    if (faults.length > 0 && run.emergency) return warned(`not all is copied: ${listed(faults)}`, evidence);
    const patience = soon.length > 0 ? PATIENCE_MS : NEW_TOPIC_MS;
    if (faults.length > 0) return patiently(stopped(new FlowNotWell(name, faults), evidence), clock, time, patience);
    const left = run.kind === RunbookKind.Failback ? await leftAtHome(ports) : undefined;
    const isMissing = left !== undefined && left.missing + left.unknown > 0;
    const lagging = lag === undefined ? '' : `, ${lag.offsets} offsets behind`;
    const stands = hold === undefined ? '' : `; the flow is ${describeHold(hold)}`;
    const seen =
      copying === undefined
        ? `the offset map of ${partitions.length} partitions reads${lagging}${stands}`
        : `${partitions.length} partitions are copied${lagging}`;
    return judged(backward === undefined || isMissing ? 'WARN' : 'PASS', saysOf(run, seen, backward, left), {
      ...evidence,
      ...(left && { leftBehind: left }),
    });
  });
};

function withConsumers(copying: Passed, consumers: ConsumersLook): StageOutcome {
  const { inUse, remarks } = consumers;
  const count = `${inUse.length} event source mappings of Lambda consumers are moved`;
  const says = [copying.says, count, ...remarks.map((each) => `Lambda consumers: ${each}`)].join('; ');
  const verdict = remarks.length > 0 ? 'WARN' : copying.verdict;
  return judged(verdict, says, { ...copying.evidence, consumers });
}

type Passed = Extract<StageOutcome, { readonly kind: 'passed' }>;

/** What a failover left behind on the cluster that applications go back to: there, groups read it after what they have read. */
async function leftAtHome({ backward, to, registry, history }: Ports): Promise<LeftBehind | undefined> {
  if (backward === undefined) return undefined;
  return leftBehind({ registry, history, flow: backward, source: to.cluster });
}

function saysOf(
  { way }: RunbookRun,
  copied: string,
  backward: Ports['backward'],
  left: LeftBehind | undefined,
): string {
  if (backward === undefined)
    return `${copied}; no flow ${way.to}->${way.from} is deployed: there is no way back without loss`;
  return left === undefined ? copied : `${copied}; ${describeLeftBehind(backward.flow, left)}`;
}
