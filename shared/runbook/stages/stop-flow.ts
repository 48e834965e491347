import type { CausewayError } from '../../flow/errors.ts';
import type { FlowPartition } from '../../flow/flow.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';
import type { Stage, StageOutcome, StageTime } from '../stage.ts';
import { FlowStillWrites, listed } from './errors.ts';
import { growthOver } from './growth.ts';
import { LOOK_MS, setMappingsBy } from './mappings.ts';
import { passed, stopped, waiting, warned } from './outcome.ts';
import { onTarget, partitionsOf, sharedTopics } from './partitions.ts';
import { ifItAnswers } from './poll.ts';

/** A leader is elected within; who waits for longer keeps all other partitions waiting too. */
const LEADERLESS_MS = 20_000;
/** Left of a call to look at the target after the hold. */
const FOR_THE_REST_MS = 3_000;

type Ports = Pick<RunbookPorts, 'forward' | 'backward' | 'to' | 'clock' | 'settings'>;

/**
 * Holds the flow at the target, which needs nothing of the source, and beside that disables its mappings. The hold is
 * placed first, or `reconcile` would enable them again.
 */
export const stopFlow: Stage<Ports> = async (run, ports, time) => {
  const { forward, clock } = ports;
  const partitions = await partitionsOf(forward);
  if (run.dryRun) return passed(`${partitions.length} partitions would be taken over and held`);
  const until = time.until - FOR_THE_REST_MS;
  const isDown = run.emergency ? await leaderless(ports, partitions) : () => false;
  const holding = forward.hold.hold(run.generation, run.kind, until, isDown);
  const [hold, mappings] = await Promise.all([holding, mappingsStopped(run, ports, time, until)]);
  const evidence = { held: hold.done, notYet: hold.notYet.map(describe), mappings };
  const open = clock.now() < time.since + LEADERLESS_MS ? [] : hold.partitions.filter(isDown);
  if (hold.notYet.length > open.length)
    return waiting(`${hold.notYet.length} partitions are not held yet: ${listed(hold.notYet.map(describe))}`, evidence);
  if (mappings.state === 'changing') return waiting(mappings.says, evidence);
  const flat = await staysFlat(run, ports);
  if (flat.kind !== 'passed') return { ...flat, evidence: { ...evidence, ...flat.evidence } };
  // A run of reconcile that was under way when the hold was placed may have enabled one again.
  const again = mappings.state === 'stopped' ? await forward.mappings.list() : [];
  const enabled = again.filter(({ state }) => state !== 'disabled').map(({ topic }) => topic);
  if (enabled.length > 0) return waiting(`event source mappings were enabled again: ${listed(enabled)}`, evidence);
  const names = open.map((each) => describeTopicPartition(onTarget(each)));
  const without = `without a leader on ${run.way.to}, and not taken over, so that something late may still land there: ${listed(names)}`;
  const held = [`${hold.done} partitions are held`, ...(open.length > 0 ? [without] : [])];
  const says = [...held, mappings.says, flat.says].join('; ');
  const proven = { ...evidence, ...flat.evidence };
  return open.length === 0 && mappings.state === 'stopped' && flat.verdict === 'PASS'
    ? passed(says, proven)
    : warned(says, proven);
};

/** Nothing can be appended to them now. */
async function leaderless(
  { to }: Ports,
  partitions: readonly FlowPartition[],
): Promise<(partition: FlowPartition) => boolean> {
  const names = [...new Set(partitions.map(({ remoteTopic }) => remoteTopic))];
  const health = await ifItAnswers(to.cluster.health(names));
  return ({ remoteTopic, partition }) =>
    health !== undefined && health.get(remoteTopic)?.find((each) => each.partition === partition)?.leader === undefined;
}

interface MappingsStopped {
  readonly state: 'stopped' | 'changing' | 'away';
  readonly says: string;
}

async function mappingsStopped(
  run: RunbookRun,
  { forward, clock, settings }: Ports,
  { since }: StageTime,
  until: number,
): Promise<MappingsStopped> {
  const patience = run.emergency ? since + settings.controlPlaneMs : Number.POSITIVE_INFINITY;
  const by = Math.min(until, patience);
  const left = clock.now() < by ? await setMappingsBy(forward.mappings, false, clock, by) : undefined;
  if (left?.length === 0) return { state: 'stopped', says: 'event source mappings are disabled' };
  const why =
    left === undefined
      ? 'their region does not answer'
      : `they are not disabled yet: ${listed(left.map(({ topic, state }) => `${topic} ${state}`))}`;
  // The hold is what counts, and applications wait.
  return clock.now() >= patience - LOOK_MS
    ? { state: 'away', says: `event source mappings are left as they are: ${why}` }
    : { state: 'changing', says: `event source mappings: ${why}` };
}

/** The hold is what counts; this would show a hole in it. Others may write to topics that both clusters write to. */
async function staysFlat(run: RunbookRun, ports: Ports): Promise<StageOutcome> {
  const { forward, backward, to, clock, settings } = ports;
  const shared = (await ifItAnswers(sharedTopics(backward))) ?? new Set();
  const partitions = (await partitionsOf(forward)).filter(({ remoteTopic }) => !shared.has(remoteTopic)).map(onTarget);
  const look = () => growthOver(to.cluster, partitions, settings.flowFlatMs, clock);
  const first = await look();
  // The marker of a take-over that another call of this stage had under way comes late, and once.
  const { grown, untold } = first.grown.length > 0 ? await look() : first;
  const evidence = { watched: partitions.length, grown, untold };
  const growth = grown.map(({ records, ...place }) => `${describeTopicPartition(place)} by ${records}`);
  if (growth.length > 0 && !run.emergency) return stopped(new FlowStillWrites(run.way.to, growth), evidence);
  if (untold.length > 0 && !run.emergency)
    return waiting(`not every partition tells its end: ${listed(untold)}`, evidence);
  const seconds = settings.flowFlatMs / 1_000;
  if (growth.length + untold.length > 0)
    return warned(`within ${seconds} s: ${listed([...growth, ...untold])}`, evidence);
  return passed(`nothing was appended for ${seconds} s`, evidence);
}

function describe({ message }: CausewayError): string {
  return message;
}
