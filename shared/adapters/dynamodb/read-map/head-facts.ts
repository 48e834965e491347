import { z } from 'zod';
import { sourceOffset, targetOffset } from '../../../flow/offset.ts';
import type { Run } from '../../../offsets/head.ts';
import type { Frontier } from '../../../offsets/translate.ts';

const whole = z.number().int().nonnegative();
const source = whole.transform(sourceOffset);
const target = whole.transform(targetOffset);

const item = z.object({
  sourceTopicId: z.string().min(1),
  targetTopicId: z.string().min(1),
  producer: z.object({ producerId: z.string(), epoch: z.number() }),
  nextSource: source,
  nextTarget: target,
  replay: z.unknown().optional(),
  openRun: z.object({ source, target, length: whole.min(1) }).optional(),
  sourceLeaderEpoch: z.number().int(),
  targetLeaderEpoch: z.number().int().optional(),
});

/** What translation needs of `HEAD`: these attributes alone are asked for, since an intent can make the item large. */
export const HEAD_FACTS = Object.keys(item.shape);

export interface HeadFacts extends Frontier {
  readonly sourceTopicId: string;
  readonly targetTopicId: string;
  readonly openRun: Run | undefined;
  /**
   * Stays the same only as long as no closed run is taken back: a log that was cut has another leader, and a target log
   * that was cut another producer epoch besides.
   */
  readonly lineage: string;
  /** Set back, and not yet where it was before: it may be set back again under the same lineage. */
  readonly replaying: boolean;
}

/** @throws ZodError when the attributes are not those of a `HEAD` */
export function decodeHeadFacts(attributes: Readonly<Record<string, unknown>>): HeadFacts {
  const { producer, replay, openRun, sourceLeaderEpoch, targetLeaderEpoch, ...facts } = item.parse(attributes);
  const { sourceTopicId, targetTopicId } = facts;
  const { producerId, epoch } = producer;
  return {
    ...facts,
    openRun,
    lineage: [sourceTopicId, targetTopicId, producerId, epoch, sourceLeaderEpoch, targetLeaderEpoch].join(' '),
    replaying: replay !== undefined,
  };
}
