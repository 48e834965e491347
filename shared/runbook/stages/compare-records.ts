import { isTold } from '../../groups/committed-offsets.ts';
import { describeTopicPartition, type TopicPartition } from '../../mm2/topic-partition.ts';
import { sideBySide } from '../../reconcile/side-by-side.ts';
import type { RecordDigest, RunbookCluster } from '../ports/cluster.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage } from '../stage.ts';
import { listed, RecordsDiffer } from './errors.ts';
import { judged, passed, stopped, warned } from './outcome.ts';
import { sharedTopics } from './partitions.ts';
import { readShadowMetadata, shadowOf } from './shadow-name.ts';

/** Records of each partition that are compared, as far as both sides have them. */
const MOST_RECORDS = 200;
/** Positions that are compared: groups that stand together count once. */
const MOST_POSITIONS = 500;
const AT_ONCE = 8;

type Ports = Pick<RunbookPorts, 'from' | 'to' | 'forward' | 'backward'>;

interface Position {
  readonly from: TopicPartition & { readonly offset: number };
  readonly to: TopicPartition & { readonly offset: number };
}

interface Positions {
  readonly found: readonly Position[];
  /** Those of shadows that cannot be held against anything, each with the reason. */
  readonly leftOut: readonly string[];
}

/** What a consumer would read from the shadows' offsets on, held against what it reads on the source. */
export const compareRecords: Stage<Ports> = async (run, ports) => {
  if (run.dryRun) return passed('records would be compared from the shadows’ offsets on');
  const [{ found, leftOut }, copies] = await Promise.all([positionsOf(run.generation, ports), copiesOf(ports)]);
  const compared = await sideBySide(
    found.slice(0, MOST_POSITIONS),
    (each) => compare(ports, each, copies.has(each.to.topic)),
    undefined,
    AT_ONCE,
  );
  const differences = compared.flatMap(({ difference }) => difference ?? []);
  const records = compared.reduce((sum, each) => sum + each.records, 0);
  const more = found.length - compared.length;
  const missed = [
    ...leftOut,
    ...compared.flatMap(({ untold }) => untold ?? []),
    ...(more > 0 ? [`${more} more than the ${MOST_POSITIONS} that are compared`] : []),
  ];
  const evidence = { positions: found.length, compared: compared.length, records, differences, leftOut: missed };
  if (differences.length > 0) return stopped(new RecordsDiffer(run.way.to, differences), evidence);
  const count = leftOut.length + compared.filter(({ untold }) => untold !== undefined).length + more;
  const remarks = count > 0 ? [`${count} positions were not compared: ${listed(missed)}`] : [];
  if (records === 0) return warned([nothing(found.length), ...remarks].join('; '), evidence);
  const same = `${records} records from ${compared.length} positions on are the same on both sides`;
  const empty = compared.filter((each) => each.records === 0).length;
  const says = [same, ...(empty > 0 ? [`from ${empty} of them on there was nothing to read yet`] : []), ...remarks];
  return judged(remarks.length > 0 ? 'WARN' : 'PASS', says.join('; '), evidence);
};

function nothing(positions: number): string {
  if (positions === 0) return 'nothing was compared: no group has a position';
  return `nothing was compared: from none of ${positions} positions on is there a record on both sides`;
}

/** Topics on `to` whose originals are on `from`; the others' copies are there. */
async function copiesOf({ forward }: Ports): Promise<ReadonlySet<string>> {
  return new Set((await forward.topics()).map(({ remoteTopic }) => remoteTopic));
}

async function positionsOf(generation: number, { to, backward }: Ports): Promise<Positions> {
  const prefix = shadowOf(generation, '');
  const shadows = [...(await to.groups.list()).groups.keys()].filter((id) => id.startsWith(prefix));
  // Where both clusters write to a topic, its records stand in another order on the other side.
  const shared = await sharedTopics(backward);
  const found = new Map<string, Position>();
  const leftOut = new Set<string>();
  for (const [shadow, told] of await to.groups.committed(shadows)) {
    if (!isTold(told)) leftOut.add(`${shadow}: ${told.code}`);
    for (const [topic, partitions] of isTold(told) ? told : [])
      for (const [partition, at] of partitions) {
        const place = describeTopicPartition({ topic, partition });
        const was = isTold(at) ? readShadowMetadata(at.metadata) : undefined;
        if (!isTold(at)) leftOut.add(`${place}: ${at.code}`);
        else if (shared.has(topic)) leftOut.add(`${place}: both clusters write to it`);
        else if (was === undefined) leftOut.add(`${place}: what the group reads next is no longer there`);
        else {
          const from = { topic: was.topic, partition, offset: was.offset };
          found.set(describePosition(from), { from, to: { topic, partition, offset: at.offset } });
        }
      }
  }
  return { found: [...found.values()], leftOut: [...leftOut] };
}

interface Compared {
  readonly records: number;
  readonly difference?: string;
  /** Why nothing can be said. */
  readonly untold?: string;
}

/** The copy is read first: whatever it has by then, the original had before. */
async function compare({ from, to }: Ports, { from: here, to: there }: Position, isCopied: boolean): Promise<Compared> {
  const [original, copy] = isCopied
    ? [
        { ...from, at: here },
        { ...to, at: there },
      ]
    : [
        { ...to, at: there },
        { ...from, at: here },
      ];
  const copies = await copy.cluster.records(copy.at, copy.at.offset, MOST_RECORDS);
  const originals = await original.cluster.records(original.at, original.at.offset, MOST_RECORDS);
  const records = Math.min(originals.length, copies.length);
  const index = copies.findIndex((each, i) => each.digest !== originals[i]?.digest);
  const [one, other] = [originals[index], copies[index]];
  if (other === undefined) return { records };
  const untold = await untoldBecause(original, copy, one === undefined);
  if (untold !== undefined) return { records, untold: `${describePosition(here)}: ${untold}` };
  const all = `none of the records of ${describeTopicPartition(original.at)} from offset ${original.at.offset} on`;
  const wanted = one === undefined ? all : `not the record of ${offsetIn(original.at, one)}`;
  return { records, difference: `${offsetIn(copy.at, other)} is ${wanted}` };
}

interface Side {
  readonly cluster: RunbookCluster;
  readonly at: Position['from'];
}

/** What makes two sides differ of which one is a true copy; undefined: nothing does. */
async function untoldBecause(original: Side, copy: Side, isMore: boolean): Promise<string | undefined> {
  for (const { cluster, at } of [original, copy]) {
    const [ends, stable] = await Promise.all([cluster.ends([at]), cluster.stableEnds([at])]);
    const log = ends.get(at.topic)?.get(at.partition);
    const end = stable.get(at.topic)?.get(at.partition);
    if (log === undefined || !isTold(log) || typeof end !== 'number')
      return 'a log does not tell where it begins and ends';
    if (log.logStart > at.offset) return `records have expired on ${cluster.alias}`;
    // Consumers of committed records may not be shown yet what was copied.
    if (isMore && cluster === original.cluster && end < log.logEnd) return 'a transaction is open';
  }
  return undefined;
}

function offsetIn(where: TopicPartition, { offset }: RecordDigest): string {
  return `${describeTopicPartition(where)} offset ${offset}`;
}

/** `orders-3@120` */
function describePosition({ offset, ...place }: Position['from']): string {
  return `${describeTopicPartition(place)}@${offset}`;
}
