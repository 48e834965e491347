import { z } from 'zod';
import { sourceOffset, targetOffset } from '../../flow/offset.ts';
import type { Fence, Grant, Head, Lease } from '../../offsets/head.ts';
import { packRanges, unpackRanges } from './packed-runs.ts';

/** Attributes of the `HEAD` item beside its keys, as the document mapping of the SDK gives them. */
export type HeadItem = Readonly<Record<string, unknown>>;

const whole = z.number().int().nonnegative();
const source = whole.transform(sourceOffset);
const target = whole.transform(targetOffset);
const producerId = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform(BigInt);
const producer = z.object({ producerId, epoch: z.number().int().min(0).max(32_767) });

const grant = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open') }),
  z.object({ kind: z.literal('closed') }),
  z.object({ kind: z.literal('intent'), ranges: z.instanceof(Uint8Array).transform(unpackRanges) }),
]);

const fence = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('pending') }),
  z.object({ kind: z.literal('waiting'), producer, until: whole }),
]);

/** Strict: what a newer version added would be lost when this one writes HEAD back. */
const headItem = z.strictObject({
  version: whole.min(1),
  sourceTopicId: z.string().min(1),
  targetTopicId: z.string().min(1),
  producer,
  renewedAt: whole.optional(),
  nextSequence: whole.max(2 ** 31 - 1),
  fresh: z.boolean(),
  nextSource: source,
  nextTarget: target,
  replay: z.object({ cause: z.enum(['source-cut-back', 'target-cut-back', 'taken-over']), until: source }).optional(),
  openRun: z.object({ source, target, length: whole.min(1) }).optional(),
  grant,
  sparse: z.boolean(),
  fence,
  heldBy: z.object({ generation: whole.min(1) }).optional(),
  lease: z.object({ holder: z.string().min(1), until: whole }).optional(),
  targetLeaderEpoch: whole.optional(),
  sourceLeaderEpoch: z.number().int().min(-1),
  sourceLeaderSince: whole.optional(),
  lastTimestamp: z.number().int().min(-1),
});

export function encodeHead(head: Head): HeadItem {
  return {
    ...head,
    producer: encodeProducer(head.producer),
    grant: encodeGrant(head.grant),
    fence:
      head.fence.kind === 'waiting' ? { ...head.fence, producer: encodeProducer(head.fence.producer) } : head.fence,
  };
}

/**
 * @throws z.ZodError when the item is not one that {@link encodeHead} made: somebody edited it, or a newer Causeway
 * wrote it.
 */
export function decodeHead(item: HeadItem): Head {
  const { openRun, lease, ...rest } = headItem.parse(item);
  return { ...rest, openRun, lease } satisfies Head & { grant: Grant; fence: Fence; lease: Lease | undefined };
}

function encodeProducer({ producerId, epoch }: Head['producer']) {
  return { producerId: String(producerId), epoch };
}

function encodeGrant(grant: Grant) {
  return grant.kind === 'intent' ? { kind: grant.kind, ranges: packRanges(grant.ranges) } : grant;
}
