import type { TopicItem } from '../../ledger/topic-registry.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import type { PartitionHealth } from '../ports/cluster.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import { RunbookKind } from '../runbook.ts';
import type { Stage } from '../stage.ts';
import { listed, TargetNotWell } from './errors.ts';
import { judged, stopped } from './outcome.ts';
import { roomless, withOwnName } from './own-topics.ts';
import { patiently, poll } from './poll.ts';
import { admitWriters } from './write-fence.ts';

/** Brokers restart, and replicas catch up. */
const PATIENCE_MS = 30_000;

type Ports = Pick<RunbookPorts, 'from' | 'to' | 'forward' | 'writeFences' | 'clock'>;

/**
 * The cluster that is moved to takes the load. In an emergency it need not be perfect, for one topic is not to keep a region
 * down: what is not well is told, and stops it only where most partitions cannot be written to.
 */
export const checkTarget: Stage<Ports> = (run, ports, time) =>
  poll(ports.clock, time, async () => {
    const { from, to, forward, clock } = ports;
    const items = await forward.topics();
    const own = withOwnName(items).map(({ topic }) => topic);
    // A run that lost the cluster on its way has left its fence there.
    const refused = run.dryRun ? undefined : await admitWriters(run, to, ports);
    const [brokers, health, source] = await Promise.all([
      to.cluster.probe(),
      to.cluster.health([...new Set([...items.map(({ remoteTopic }) => remoteTopic), ...own])]),
      run.emergency ? undefined : from.cluster.health(items.map(({ topic }) => topic)),
    ]);
    const wanted = (item: TopicItem) => source?.get(item.topic)?.length ?? item.partitions;
    const short = await roomless(ports, items, health, wanted);
    // Where applications leave from is where they write. On the way home a topic may be that of others, at home here.
    const barred = short.filter(({ inUse }) => inUse && run.kind === RunbookKind.Switchover);
    const copies = items.map((item) => lookAt(item.remoteTopic, wanted(item), health));
    const looks = [...copies, ...own.map((topic) => lookAt(topic, 0, health))];
    const unwritable = looks.flatMap(({ faults }) => faults);
    const silent = brokers.filter(({ answers }) => !answers);
    const passing = [
      ...silent.map(({ broker, because }) => `broker ${broker} does not answer: ${because}`),
      ...[...health].flatMap(([topic, partitions]) => lagging(topic, partitions)),
    ];
    const most = sumOf(looks, 'down') * 2 > sumOf(looks, 'all');
    const faults = [
      ...(refused === undefined ? [] : [refused]),
      ...barred.map(({ says }) => `${says}: make it there`),
      ...(!run.emergency || most ? unwritable : []),
      ...(run.emergency ? [] : passing),
    ];
    const warnings = [
      ...(run.emergency ? [...unwritable, ...passing] : []),
      ...short.filter((each) => !barred.includes(each)).map(({ says }) => says),
    ];
    const evidence = { brokers, topics: items.length, faults, warnings };
    if (faults.length > 0)
      return patiently(stopped(new TargetNotWell(run.way.to, faults), evidence), clock, time, PATIENCE_MS);
    const canary = run.dryRun ? undefined : await to.cluster.roundTrip(`check-target of ${run.execution}`);
    const says = `${brokers.length - silent.length} of ${brokers.length} brokers answer`;
    const proven = { ...evidence, canary };
    return warnings.length === 0
      ? judged('PASS', `${says}, ${items.length} topics are well`, proven)
      : judged('WARN', `${says}; ${listed(warnings)}`, proven);
  });

/** One topic, with how many of its partitions take no record. */
interface Look {
  readonly faults: readonly string[];
  readonly down: number;
  readonly all: number;
}

function lookAt(topic: string, wanted: number, health: ReadonlyMap<string, readonly PartitionHealth[]>): Look {
  const there = health.get(topic) ?? [];
  const leaderless = there.filter(({ leader }) => leader === undefined);
  const missing = Math.max(0, wanted - there.length);
  const few = health.has(topic) ? `${topic} has ${there.length} partitions of ${wanted}` : `${topic} is not there`;
  return {
    faults: [
      ...(missing > 0 ? [few] : []),
      ...leaderless.map(({ partition }) => `${describeTopicPartition({ topic, partition })} has no leader`),
    ],
    down: missing + leaderless.length,
    all: missing + there.length,
  };
}

function sumOf(looks: readonly Look[], of: 'down' | 'all'): number {
  return looks.reduce((sum, look) => sum + look[of], 0);
}

function lagging(topic: string, partitions: readonly PartitionHealth[]): string[] {
  return partitions
    .filter(({ leader, inSync, replicas }) => leader !== undefined && inSync.length < replicas.length)
    .map(({ partition, inSync, replicas }) => {
      return `${describeTopicPartition({ topic, partition })} has ${inSync.length} of ${replicas.length} replicas in sync`;
    });
}
