import { isTold } from '../../groups/committed-offsets.ts';
import { describeTopicPartition, type TopicPartition } from '../../mm2/topic-partition.ts';
import { sideBySide } from '../../reconcile/side-by-side.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage } from '../stage.ts';
import { RecordsDiffer } from './errors.ts';
import { passed, stopped } from './outcome.ts';
import { sharedTopics } from './partitions.ts';
import { readShadowMetadata, shadowOf } from './shadow-name.ts';

/** Records of each partition that are compared, as far as both sides have them. */
const MOST_RECORDS = 200;
/** Positions that are compared: groups that stand together count once. */
const MOST_POSITIONS = 500;
const AT_ONCE = 8;

type Ports = Pick<RunbookPorts, 'from' | 'to' | 'backward'>;

interface Position {
  readonly from: TopicPartition & { readonly offset: number };
  readonly to: TopicPartition & { readonly offset: number };
}

/** What a consumer would read from the shadows' offsets on, held against what it reads on the source. */
export const compareRecords: Stage<Ports> = async (run, ports) => {
  if (run.dryRun) return passed('records would be compared from the shadows’ offsets on');
  const positions = await positionsOf(run.generation, ports);
  const compared = await sideBySide(
    positions.slice(0, MOST_POSITIONS),
    (each) => compare(ports, each),
    undefined,
    AT_ONCE,
  );
  const differences = compared.flatMap(({ difference }) => difference ?? []);
  const records = compared.reduce((sum, each) => sum + each.records, 0);
  const evidence = { positions: positions.length, compared: compared.length, records, differences };
  if (differences.length > 0) return stopped(new RecordsDiffer(run.way.to, differences), evidence);
  return passed(`${records} records from ${compared.length} positions on are the same on both sides`, evidence);
};

async function positionsOf(generation: number, { to, backward }: Ports): Promise<readonly Position[]> {
  const prefix = shadowOf(generation, '');
  const shadows = [...(await to.groups.list()).groups.keys()].filter((id) => id.startsWith(prefix));
  // Where both clusters write to a topic, its records stand in another order on the other side.
  const shared = await sharedTopics(backward);
  const found = new Map<string, Position>();
  for (const told of (await to.groups.committed(shadows)).values()) {
    if (!isTold(told)) continue;
    for (const [topic, partitions] of told)
      for (const [partition, at] of partitions) {
        const was = isTold(at) ? readShadowMetadata(at.metadata) : undefined;
        if (was === undefined || !isTold(at) || shared.has(topic)) continue;
        const from = { topic: was.topic, partition, offset: was.offset };
        found.set(`${describeTopicPartition(from)}@${from.offset}`, {
          from,
          to: { topic, partition, offset: at.offset },
        });
      }
  }
  return [...found.values()];
}

async function compare({ from, to }: Ports, position: Position) {
  const [here, there] = await Promise.all([
    from.cluster.records(position.from, position.from.offset, MOST_RECORDS),
    to.cluster.records(position.to, position.to.offset, MOST_RECORDS),
  ]);
  const records = Math.min(here.length, there.length);
  const at = here.findIndex((each, i) => i < records && each.digest !== there[i]?.digest);
  const [one, other] = [here[at], there[at]];
  if (!one || !other) return { records, difference: undefined };
  const place = (where: TopicPartition, offset: number) => `${describeTopicPartition(where)} offset ${offset}`;
  const difference = `${place(position.from, one.offset)} is not the record of ${place(position.to, other.offset)}`;
  return { records, difference };
}
