import { targetOffset } from '../../flow/offset.ts';
import { isTold } from '../../groups/committed-offsets.ts';
import type { OffsetToCommit } from '../../groups/ports.ts';
import { readWays } from '../groups/read-ways.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';
import { answerBy } from './answer.ts';
import { counterpartOf } from './counterpart.ts';

type Ports = Pick<RunbookPorts, 'consumers' | 'forward' | 'backward' | 'to' | 'clock' | 'settings'>;

/**
 * In an emergency, for what is written on the cluster that is moved to: how far groups have read the copies of that stands on
 * the cluster that is lost. Where there was no record yet they can have read none, and begin with the first that comes.
 * Before applications are moved: afterwards nobody could tell any more.
 *
 * @returns the groups that were given an offset; none where Lambda does not answer
 * @throws CausewayError when the cluster that is moved to does not answer
 */
export async function beginThere(run: RunbookRun, ports: Ports): Promise<readonly string[]> {
  const { consumers, to, clock, settings } = ports;
  const mark = await consumers?.from.marks.read();
  if (consumers === undefined || mark === undefined || mark.state === 'moved') return [];
  const listing = await answerBy(clock, clock.now() + settings.controlPlaneMs, consumers.to.mappings.list());
  if ('because' in listing) return [];
  const ways = await readWays(ports, true);
  const mappings = mark.inUse.flatMap((id) => {
    const found = counterpartOf(id, listing.told, ways, run);
    return 'mapping' in found ? [found.mapping] : [];
  });
  const offsets = await to.groups.committed(mappings.map(({ group }) => group));
  const fresh = mappings.filter(({ group, topic }) => {
    const told = offsets.get(group);
    return told !== undefined && isTold(told) && (told.get(topic)?.size ?? 0) === 0;
  });
  const ends = await endsOfEmpty([...new Set(fresh.map(({ topic }) => topic))], to);
  const commits = new Map(fresh.map(({ group, topic }) => [group, ends.get(topic) ?? []] as const));
  const wanted = new Map([...commits].filter(([, all]) => all.length > 0));
  if (wanted.size > 0) await to.groups.commit(wanted);
  return [...wanted.keys()];
}

/** Of topics none of whose partitions has a record: where the first will stand. */
async function endsOfEmpty(
  topics: readonly string[],
  { cluster }: RunbookPorts['to'],
): Promise<ReadonlyMap<string, readonly OffsetToCommit[]>> {
  if (topics.length === 0) return new Map();
  const health = await cluster.health(topics);
  const places = [...health].flatMap(([topic, all]) => all.map(({ partition }) => ({ topic, partition })));
  const logs = await cluster.ends(places);
  return new Map(
    topics.map((topic) => {
      const begins = places
        .filter((place) => place.topic === topic)
        .map(({ partition }) => {
          const log = logs.get(topic)?.get(partition);
          const isEmpty = log !== undefined && isTold(log) && log.logStart === log.logEnd;
          return isEmpty ? { topic, partition, offset: targetOffset(log.logEnd), metadata: '' } : undefined;
        });
      const known = begins.filter((each) => each !== undefined);
      return [topic, known.length === begins.length ? known : []];
    }),
  );
}
