import type { FlowPartition } from '../../flow/flow.ts';
import type { MapPoint } from '../../groups/translation.ts';
import type { TopicItem } from '../../ledger/topic-registry.ts';
import { Direction, type OffsetTranslation } from './answer.ts';
import {
  LogEndsBeforeMap,
  NothingReplicated,
  OffsetMapUnreadable,
  OffsetOfFormerTopic,
  OffsetOutOfRange,
  TopicMadeAnew,
  TopicMissing,
  type TranslationError,
  UnknownTopicPartition,
} from './errors.ts';
import type { TranslationLog } from './ports.ts';
import type { Found, Way } from './way.ts';

/** What is known of one offset. */
export interface OffsetFacts {
  readonly item: TopicItem;
  readonly partition: FlowPartition;
  readonly offset: number;
  readonly found: Found;
  readonly mapIds: { readonly source: string; readonly target: string } | undefined;
  /** The logs of both sides; undefined where the cluster was not asked or did not tell. */
  readonly from: TranslationLog | undefined;
  readonly to: TranslationLog | undefined;
  /** The cluster that is gone on with says that there is no such partition. */
  readonly missing: boolean;
}

/**
 * What the map says, held against the logs as far as they are known: the rule of `groups/place.ts` for either direction.
 * It is never below the start of the log that is read on in, where a consumer would begin by its `auto.offset.reset`; and
 * what is older than the map is no matter when all of that has left the log, too.
 */
export function settle(way: Way, facts: OffsetFacts): OffsetTranslation | TranslationError {
  const { item, offset, found, from, to, missing } = facts;
  const { partition } = facts.partition;
  const place = { topic: way.nameFrom(item), partition, offset };
  const there = { topic: way.nameTo(item), partition };
  const anew = madeAnew(way, facts);
  if (anew !== undefined) return anew;
  if (missing && found.kind !== 'unmapped') return new TopicMissing(way.to, there);
  const translated = (other: number, beyond: number): OffsetTranslation | TranslationError => {
    if (to !== undefined && other > to.logEnd) return new LogEndsBeforeMap(way.to, there, to.logEnd, other);
    return {
      ...{ flow: way.flow, direction: way.direction },
      from: { cluster: way.from, ...place },
      to: { cluster: way.to, ...there, offset: Math.max(other, to?.logStart ?? other) },
      ...{ exact: beyond === 0, beyond },
    };
  };
  switch (found.kind) {
    case 'exact':
      return translated(found.offset, 0);
    case 'clamped':
      if (from === undefined || offset <= from.logEnd) return translated(found.offset, found.beyond);
      return new OffsetOutOfRange(
        place,
        `is past the end of the log, ${from.logEnd}`,
        way.point(offset - found.beyond, found.offset),
      );
    case 'too-old': {
      const nearest = way.other(found.nearest);
      if (isOfFormerTopic(way, facts, found.nearest)) return new OffsetOfFormerTopic(place, found.nearest);
      if (to !== undefined && nearest <= to.logStart) return translated(nearest, 0);
      return new OffsetOutOfRange(place, 'is older than the offset map keeps', found.nearest);
    }
    case 'unmapped':
      return partition < item.partitions
        ? new NothingReplicated(way.flow, place)
        : new UnknownTopicPartition(way.flow, place);
    case 'unreadable':
      return new OffsetMapUnreadable(way.flow, found.code);
  }
}

/**
 * What the copy holds before the first record of a later generation was never in the present source topic. Only where
 * nothing of that is missing from the map: it begins with the source's log.
 */
function isOfFormerTopic({ direction }: Way, { item, to }: OffsetFacts, { source }: MapPoint): boolean {
  return direction === Direction.Backward && item.generation > 1 && source <= (to?.logStart ?? 0);
}

function madeAnew(way: Way, { item, partition, mapIds, from, to }: OffsetFacts): TopicMadeAnew | undefined {
  if (mapIds === undefined) return undefined;
  const ids = way.topicIds(mapIds);
  const of = (topic: string) => ({ topic, partition: partition.partition });
  if (isOther(from, ids.from)) return new TopicMadeAnew(way.from, of(way.nameFrom(item)));
  if (isOther(to, ids.to)) return new TopicMadeAnew(way.to, of(way.nameTo(item)));
  return undefined;
}

function isOther(log: TranslationLog | undefined, mapped: string): boolean {
  return log?.topicId !== undefined && log.topicId !== mapped;
}
