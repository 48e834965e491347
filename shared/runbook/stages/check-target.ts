import type { TopicItem } from '../../ledger/topic-registry.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import type { PartitionHealth } from '../ports/cluster.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage } from '../stage.ts';
import { listed, TargetNotWell } from './errors.ts';
import { judged, stopped } from './outcome.ts';
import { patiently, poll } from './poll.ts';
import { admitWriters } from './write-fence.ts';

/** Brokers restart, and replicas catch up. */
const PATIENCE_MS = 30_000;

type Ports = Pick<RunbookPorts, 'from' | 'to' | 'forward' | 'writeFences' | 'clock'>;

/**
 * The cluster that is moved to takes the load. In an emergency it need not be perfect: replicas that lag behind are told,
 * what cannot be written to stops it.
 */
export const checkTarget: Stage<Ports> = (run, ports, time) =>
  poll(ports.clock, time, async () => {
    const { from, to, forward, clock } = ports;
    const items = await forward.topics();
    // A run that lost the cluster on its way has left its fence there.
    const refused = run.dryRun ? undefined : await admitWriters(run, to, ports);
    const [brokers, health, source] = await Promise.all([
      to.cluster.probe(),
      to.cluster.health(items.map(({ remoteTopic }) => remoteTopic)),
      run.emergency ? undefined : from.cluster.health(items.map(({ topic }) => topic)),
    ]);
    const silent = brokers.filter(({ answers }) => !answers);
    const lasting = [
      ...(refused === undefined ? [] : [refused]),
      ...items.flatMap((item) => faultsOf(item, health.get(item.remoteTopic), source?.get(item.topic))),
    ];
    const passing = [
      ...silent.map(({ broker, because }) => `broker ${broker} does not answer: ${because}`),
      ...items.flatMap(({ remoteTopic }) => lagging(remoteTopic, health.get(remoteTopic) ?? [])),
    ];
    const evidence = { brokers, topics: items.length, faults: lasting, warnings: passing };
    const faults = run.emergency ? lasting : [...lasting, ...passing];
    if (faults.length > 0)
      return patiently(stopped(new TargetNotWell(run.way.to, faults), evidence), clock, time, PATIENCE_MS);
    const canary = run.dryRun ? undefined : await to.cluster.roundTrip(`check-target of ${run.execution}`);
    const says = `${brokers.length - silent.length} of ${brokers.length} brokers answer, ${items.length} topics are well`;
    const proven = { ...evidence, canary };
    return passing.length === 0 ? judged('PASS', says, proven) : judged('WARN', `${says}; ${listed(passing)}`, proven);
  });

function faultsOf(
  { remoteTopic, partitions }: TopicItem,
  there: readonly PartitionHealth[] | undefined,
  source: readonly PartitionHealth[] | undefined,
): string[] {
  if (there === undefined) return [`${remoteTopic} is not there`];
  const leaderless = there.filter(({ leader }) => leader === undefined);
  const wanted = source?.length ?? partitions;
  return [
    ...(there.length < wanted ? [`${remoteTopic} has ${there.length} partitions of ${wanted}`] : []),
    ...leaderless.map(({ partition }) => `${describeTopicPartition({ topic: remoteTopic, partition })} has no leader`),
  ];
}

function lagging(topic: string, partitions: readonly PartitionHealth[]): string[] {
  return partitions
    .filter(({ leader, inSync, replicas }) => leader !== undefined && inSync.length < replicas.length)
    .map(({ partition, inSync, replicas }) => {
      return `${describeTopicPartition({ topic, partition })} has ${inSync.length} of ${replicas.length} replicas in sync`;
    });
}
