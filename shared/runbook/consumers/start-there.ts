import { isTold } from '../../groups/committed-offsets.ts';
import { readWays } from '../groups/read-ways.ts';
import type { ConsumerId, ConsumerMapping, ConsumerMark, ConsumerSide, RunbookConsumers } from '../ports/consumers.ts';
import { isInUse } from '../ports/mapping-switch.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';
import { listed } from '../stages/errors.ts';
import { LOOK_MS } from '../stages/mappings.ts';
import { answerBy } from './answer.ts';
import { askToEnable } from './ask-to-enable.ts';
import { describeConsumer, includes } from './consumer-id.ts';
import { counterpartOf } from './counterpart.ts';

type Ports = Pick<RunbookPorts, 'consumers' | 'forward' | 'backward' | 'to' | 'clock' | 'settings'>;

export interface StartedThere {
  /** Mappings that were asked to be enabled, and those that were already. */
  readonly enabled: readonly ConsumerId[];
  /** Lambda has not taken these on yet, each with why. */
  readonly notYet: readonly string[];
  /** Mappings there that stay as they are: their counterparts were not in use. */
  readonly leftDisabled: readonly string[];
  /** What a person has to look at. */
  readonly remarks: readonly string[];
}

const NOTHING: StartedThere = { enabled: [], notYet: [], leftDisabled: [], remarks: [] };
const LOOKED_AT = 'a dry run looks at them just now';

/**
 * Enables on the cluster that was moved to what was in use on the one that was left, with its groups where they were moved
 * to, and what an earlier run had left disabled there. In an emergency it also disables what is still enabled on the cluster
 * that was left, as far as that region's Lambda answers.
 * @param until ms since the epoch. @throws what the tables throw when they do not answer
 */
export async function startThere(run: RunbookRun, ports: Ports, until: number): Promise<StartedThere> {
  const { consumers, clock } = ports;
  if (consumers === undefined) return NOTHING;
  const marks = await marksFor(run, consumers, clock.now());
  if (marks === 'conflict') return { ...NOTHING, notYet: [LOOKED_AT] };
  const [left, there] = marks;
  if (left === undefined && run.emergency) return { ...NOTHING, remarks: [neverSeen(run)] };
  const [moving, returning] = [left, there].map((mark) => (mark?.state === 'stopped' ? mark.inUse : []));
  const [stopping, starting] = await Promise.all([
    run.emergency ? stopLate(run, consumers.from, ports, moving ?? [], until) : [],
    moving?.length || returning?.length
      ? start(run, consumers.to, ports, moving ?? [], returning ?? [], until)
      : NOTHING,
  ]);
  const outcome = { ...starting, remarks: [...starting.remarks, ...stopping] };
  if (outcome.notYet.length > 0 || (await settle(run, consumers, marks, outcome.enabled, clock.now()))) return outcome;
  return { ...outcome, notYet: [LOOKED_AT] };
}

type Marks = readonly [ConsumerMark | undefined, ConsumerMark | undefined];

/** Of both clusters. From here on what was seen in an emergency is no longer looked at anew. */
async function marksFor(run: RunbookRun, { from, to }: RunbookConsumers, at: number): Promise<Marks | 'conflict'> {
  const [left, there] = await Promise.all([from.marks.read(), to.marks.read()]);
  if (!run.emergency || left?.state !== 'seen') return [left, there];
  const next = { ...left, version: left.version + 1, state: 'stopped', generation: run.generation, at } as const;
  return (await from.marks.write(next)) === 'written' ? [next, there] : 'conflict';
}

async function start(
  run: RunbookRun,
  { mappings }: ConsumerSide,
  ports: Ports,
  moving: readonly ConsumerId[],
  returning: readonly ConsumerId[],
  until: number,
): Promise<StartedThere> {
  const { clock } = ports;
  const beside = (because: string) => `Lambda beside ${run.way.to}: ${because}`;
  const listing = await answerBy(clock, until, mappings.list());
  if ('because' in listing) return { ...NOTHING, notYet: [beside(listing.because)] };
  const all = listing.told;
  const ways = await readWays(ports, run.emergency);
  const found = moving.map((id) => counterpartOf(id, all, ways, run));
  const [wanted, unmoved] = await split(run, ports, [
    ...found.flatMap((each) => ('mapping' in each ? [each.mapping] : [])),
    ...all.filter((each) => includes(returning, each)),
  ]);
  const enabling = askToEnable(mappings, (each) => includes(wanted, each), clock, until - LOOK_MS);
  const left = await answerBy(clock, until, enabling);
  return {
    enabled: wanted.map(({ consumer, topic, group }) => ({ consumer, topic, group })),
    notYet:
      'because' in left
        ? [beside(left.because)]
        : left.told.map((each) => `${describeConsumer(each)} is ${each.state}`),
    leftDisabled: all.filter((each) => !isInUse(each) && !includes(wanted, each)).map(describeConsumer),
    remarks: [...found.flatMap((each) => ('because' in each ? [each.because] : [])), ...unmoved],
  };
}

/** An emergency may leave groups behind, and without an offset a mapping would begin anywhere. */
async function split(
  run: RunbookRun,
  { to }: Ports,
  mappings: readonly ConsumerMapping[],
): Promise<readonly [readonly ConsumerMapping[], readonly string[]]> {
  if (!run.emergency) return [mappings, []];
  const offsets = await to.groups.committed(mappings.map(({ group }) => group));
  const isThere = ({ group, topic }: ConsumerMapping) => {
    const told = offsets.get(group);
    return told !== undefined && isTold(told) && (told.get(topic)?.size ?? 0) > 0;
  };
  const left = mappings.filter((each) => !isThere(each) && !isInUse(each));
  const remarks = left.map(
    (each) => `${describeConsumer(each)} is left disabled: its group has no offset on ${run.way.to}`,
  );
  return [mappings.filter((each) => !left.includes(each)), remarks];
}

/** What still reads from a cluster that was given up reads what the other one has as well. */
async function stopLate(
  { way }: RunbookRun,
  { mappings }: ConsumerSide,
  { clock, settings }: Ports,
  moving: readonly ConsumerId[],
  until: number,
): Promise<readonly string[]> {
  const stopping = async () => {
    const enabled = (await mappings.list()).filter((each) => isInUse(each) && includes(moving, each));
    const outcomes = await Promise.all(enabled.map((each) => mappings.setEnabled(each, false)));
    return enabled.filter((_, i) => outcomes[i] === 'busy');
  };
  if (moving.length === 0) return [];
  const left = await answerBy(clock, Math.min(until, clock.now() + settings.controlPlaneMs), stopping());
  if ('told' in left && left.told.length === 0) return [];
  const names = listed(('told' in left ? left.told : moving).map(describeConsumer));
  return [`disable them on ${way.from} once Lambda answers there, or they read from it again: ${names}`];
}

/** What was enabled is what is in use there from now on. @returns false where somebody else has written meanwhile */
async function settle(
  { generation }: RunbookRun,
  { from, to }: RunbookConsumers,
  [left, there]: Marks,
  enabled: readonly ConsumerId[],
  at: number,
): Promise<boolean> {
  if (left?.state !== 'stopped' && there?.state !== 'stopped') return true;
  const version = (there?.version ?? 0) + 1;
  // The mark of the cluster that was left comes last: as long as it says so, the next call does all of this again.
  if ((await to.marks.write({ version, state: 'seen', inUse: enabled, generation, at })) === 'conflict') return false;
  if (left === undefined) return true;
  return (await from.marks.write({ ...left, version: left.version + 1, state: 'moved', generation, at })) === 'written';
}

function neverSeen({ way }: RunbookRun): string {
  return `which Lambda consumers were in use on ${way.from} was never seen: none is enabled on ${way.to}; enable those that should run`;
}
