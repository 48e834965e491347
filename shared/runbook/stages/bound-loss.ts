import { type FlowPartition, flowName } from '../../flow/flow.ts';
import { sourceOffset } from '../../flow/offset.ts';
import { isTold } from '../../groups/committed-offsets.ts';
import type { TopicItem } from '../../ledger/topic-registry.ts';
import { boundLoss as boundOf, type LossBound } from '../../loss/bound-loss.ts';
import type { CopiedPartition } from '../../loss/partition-loss.ts';
import { stoppedAt } from '../left-behind/stopped-at.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import { RecordsLeft } from './errors.ts';
import { judged, passed, stopped } from './outcome.ts';
import { partitionsIn } from './partitions.ts';
import { ifItAnswers } from './poll.ts';
import { describeRemaining, remaining } from './remaining.ts';

type Ports = Pick<RunbookPorts, 'from' | 'forward' | 'sourceEnds' | 'clock' | 'settings'>;

/** What of the source is not in the target, after the flow was stopped. */
export const boundLoss: Stage<Ports> = async (run, ports) => {
  const items = await ports.forward.topics();
  const partitions = partitionsIn(ports.forward.flow, items);
  if (run.emergency) return inEmergency(ports, items, partitions);
  const left = await remaining(ports, partitions);
  const offsets = left.reduce((sum, each) => sum + each.offsets, 0);
  if (left.length === 0) {
    return passed(`nothing: all of ${partitions.length} partitions are in the target`, { ...NONE, partitions: [] });
  }
  const evidence = { atLeast: 0, atMost: offsets, partitions: left };
  if (run.dryRun) return passed(`nothing would be left once it is drained, now ${offsets} offsets are`, evidence);
  return stopped(new RecordsLeft(run.way.from, run.way.to, left.map(describeRemaining)), evidence);
};

const NONE = { atLeast: 0, atMost: 0, seconds: 0 } as const;

async function inEmergency(
  { forward, sourceEnds, clock, settings }: Ports,
  items: readonly TopicItem[],
  partitions: readonly FlowPartition[],
): Promise<StageOutcome> {
  const [heads, ends] = await Promise.all([forward.heads(partitions), ifItAnswers(sourceEnds())]);
  const ids = new Map(items.map(({ topic, sourceTopicId }) => [topic, sourceTopicId]));
  const copied = partitions.flatMap(({ topic, partition, begin }): CopiedPartition[] => {
    const head = heads.get(topic)?.get(partition);
    if (head !== undefined && isTold(head)) {
      const { sourceTopicId, nextSource, sparse, lastTimestamp } = head;
      return [{ topic, partition, sourceTopicId, nextSource: sourceOffset(nextSource), sparse, lastTimestamp }];
    }
    const sourceTopicId = ids.get(topic);
    if (head !== undefined || begin === undefined || sourceTopicId === undefined) return [];
    return [{ topic, partition, sourceTopicId, nextSource: sourceOffset(begin), sparse: true, lastTimestamp: -1 }];
  });
  // Of what the samples tell, heartbeats and topics that are no longer copied are no loss of anybody's.
  const topics = new Set(partitions.map(({ topic }) => topic));
  const known = ends && { ...ends, partitions: ends.partitions.filter(({ topic }) => topics.has(topic)) };
  const loss = boundOf({ ends: known, copied, now: clock.now() });
  const allowed = loss.unknown === 0 && !loss.wide && loss.records.atMost <= settings.lossAllowed;
  return judged(allowed ? 'PASS' : 'WARN', describe(flowName(forward.flow), loss, ends !== undefined), {
    ...evidenceOf(loss),
    stoppedAt: stoppedAt(heads, partitions),
  });
}

function describe(flow: string, { records, ageSeconds, unknown, wide }: LossBound, sampled: boolean): string {
  if (!sampled) return `${flow}: the source never told where its topics end: what is lost is not known`;
  const age = ageSeconds.atMost === undefined ? 'of an age that is not known' : `of the last ${ageSeconds.atMost} s`;
  const range = records.atLeast === records.atMost ? records.atMost : `${records.atLeast} to ${records.atMost}`;
  const rest = [
    ...(unknown > 0 ? [`nothing is known of ${unknown} partitions`] : []),
    ...(wide ? ['the last look at the source was long before it was lost, so most of it is an estimate'] : []),
  ];
  return [`${range} records ${age} are on the source and not in the target`, ...rest].join('; ');
}

function evidenceOf({ partitions, records, ageSeconds, exact, unknown, wide, endedBy }: LossBound) {
  return {
    ...records,
    ...(ageSeconds.atMost !== undefined && { seconds: ageSeconds.atMost }),
    ...{ exact, unknown, wide, endedBy, ageSeconds },
    partitions: partitions.filter((each) => each.kind === 'unknown' || each.records.atMost > 0),
  };
}
