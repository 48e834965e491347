import { type FlowPartition, flowName } from '../../flow/flow.ts';
import { isTold } from '../../groups/committed-offsets.ts';
import type { Hold } from '../../ledger/hold.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import { type ConsumersLook, lookAtConsumers } from '../consumers/look.ts';
import { describeLeftBehind, type LeftBehind, leftBehind } from '../left-behind/left-behind.ts';
import type { Heads } from '../ports/flow.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import { RunbookKind, type RunbookRun } from '../runbook.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import { FlowNotWell, listed } from './errors.ts';
import { judged, stopped, waiting, warned } from './outcome.ts';
import { onSource, partitionsOf } from './partitions.ts';
import { ifItAnswers, patiently, poll } from './poll.ts';
import { lookAtProgress, type Progress, type ProgressLook, progressBefore } from './progress.ts';

/** Mappings that are just being changed, and partitions whose leader moves. */
const PATIENCE_MS = 30_000;
/** `reconcile` takes a new topic on once a minute. */
const NEW_TOPIC_MS = 90_000;

type Ports = Pick<
  RunbookPorts,
  'from' | 'to' | 'forward' | 'backward' | 'registry' | 'history' | 'rules' | 'consumers' | 'clock' | 'settings'
>;

/** The flow copies everything that it should, and a planned run can drain it. In an emergency what is wrong is told. */
export const checkFlow: Stage<Ports> = async (run, ports, time) => {
  const looking = lookAtConsumers(run, ports);
  looking.catch(() => {});
  const outcome = await checkCopying(run, ports, time);
  return outcome.kind === 'passed' && ports.consumers ? withConsumers(outcome, await looking) : outcome;
};

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
    return judged(
      backward === undefined || isMissing ? 'WARN' : 'PASS',
      saysOf(run, partitions.length, lag?.offsets, backward, left),
      { ...evidence, ...(left && { leftBehind: left }) },
    );
  });
};

interface Settled {
  readonly mappings: readonly string[];
  readonly notTakenOn: readonly string[];
}

interface Copying extends ProgressLook, Settled {}

function isFine({ mappings, notTakenOn }: Settled): boolean {
  return mappings.length === 0 && notTakenOn.length === 0;
}

/**
 * Not where an earlier run has stopped the flow: what is not copied then is not to be. Not of a source that is lost either; a
 * dry run of an emergency looks at one that is there, and does without where it is not.
 */
async function ifAsked(
  { emergency, dryRun }: RunbookRun,
  hold: Hold | undefined,
  look: () => Promise<Copying>,
): Promise<Copying | undefined> {
  if (hold !== undefined || (emergency && !dryRun)) return undefined;
  return emergency ? ifItAnswers(look()) : look();
}

/** @param settled what a look of the same call has found to be fine, and which costs many requests */
async function lookAtCopying(
  ports: Ports,
  partitions: readonly FlowPartition[],
  before: Progress | undefined,
  settled: Settled | undefined,
): Promise<Copying> {
  const [mappings, look, notTakenOn = []] = await Promise.all([
    settled?.mappings ?? mappingFaults(ports, partitions),
    lookAtProgress(ports, partitions, before),
    settled?.notTakenOn ?? ports.forward.notTakenOn(),
  ]);
  return { ...look, mappings, notTakenOn };
}

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
  count: number,
  lag: number | undefined,
  backward: Ports['backward'],
  left: LeftBehind | undefined,
): string {
  const copied = `${count} partitions are copied${lag === undefined ? '' : `, ${lag} offsets behind`}`;
  if (backward === undefined)
    return `${copied}; no flow ${way.to}->${way.from} is deployed: there is no way back without loss`;
  return left === undefined ? copied : `${copied}; ${describeLeftBehind(backward.flow, left)}`;
}

function mapFaults(heads: Heads, partitions: readonly FlowPartition[]): string[] {
  return partitions.flatMap((each) => {
    const head = heads.get(each.topic)?.get(each.partition);
    return head === undefined || isTold(head) ? [] : [`${describeTopicPartition(each)}: ${head.code}`];
  });
}

async function mappingFaults({ forward }: Ports, partitions: readonly FlowPartition[]): Promise<string[]> {
  const mappings = await forward.mappings.list();
  const enabled = new Set(mappings.filter(({ state }) => state === 'enabled').map(({ topic }) => topic));
  return [...new Set(partitions.map(({ topic }) => topic))]
    .filter((topic) => !enabled.has(topic))
    .map((topic) => `${topic} has no event source mapping that is enabled`);
}

async function lagOf(
  { from }: Ports,
  heads: Heads,
  partitions: readonly FlowPartition[],
): Promise<{ readonly offsets: number; readonly faults: readonly string[] }> {
  const ends = await from.cluster.ends(partitions.map(onSource));
  let offsets = 0;
  const faults: string[] = [];
  for (const each of partitions) {
    const head = heads.get(each.topic)?.get(each.partition);
    const log = ends.get(each.topic)?.get(each.partition);
    if (log === undefined || !isTold(log)) {
      faults.push(`${describeTopicPartition(each)}: the source does not tell its end: ${log?.code ?? 'NOT_ANSWERED'}`);
    } else if (head === undefined || isTold(head)) {
      offsets += Math.max(0, log.logEnd - Math.max(log.logStart, head?.nextSource ?? 0));
    }
  }
  return { offsets, faults };
}
