import type { CausewayError } from '../../flow/errors.ts';
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

/** Left of a call to look at the target after the hold. */
const FOR_THE_REST_MS = 3_000;

type Ports = Pick<RunbookPorts, 'forward' | 'backward' | 'to' | 'clock' | 'settings'>;

/**
 * Holds the flow at the target, which needs nothing of the source, and beside that disables its mappings. The hold is
 * placed first, or `reconcile` would enable them again.
 */
export const stopFlow: Stage<Ports> = async (run, ports, time) => {
  const { forward } = ports;
  const partitions = await partitionsOf(forward);
  if (run.dryRun) return passed(`${partitions.length} partitions would be taken over and held`);
  const until = time.until - FOR_THE_REST_MS;
  const holding = forward.hold.hold(run.generation, run.kind, until);
  const [hold, mappings] = await Promise.all([holding, mappingsStopped(run, ports, time, until)]);
  const evidence = { held: hold.done, notYet: hold.notYet.map(describe), mappings };
  if (hold.notYet.length > 0)
    return waiting(`${hold.notYet.length} partitions are not held yet: ${listed(hold.notYet.map(describe))}`, evidence);
  if (mappings.state === 'changing') return waiting(mappings.says, evidence);
  const flat = await staysFlat(run, ports);
  if (flat.kind !== 'passed') return { ...flat, evidence: { ...evidence, ...flat.evidence } };
  // A run of reconcile that was under way when the hold was placed may have enabled one again.
  const again = mappings.state === 'stopped' ? await forward.mappings.list() : [];
  const enabled = again.filter(({ state }) => state !== 'disabled').map(({ topic }) => topic);
  if (enabled.length > 0) return waiting(`event source mappings were enabled again: ${listed(enabled)}`, evidence);
  const says = [`${hold.done} partitions are held`, mappings.says, flat.says].join('; ');
  const proven = { ...evidence, ...flat.evidence };
  return mappings.state === 'stopped' && flat.verdict === 'PASS' ? passed(says, proven) : warned(says, proven);
};

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
