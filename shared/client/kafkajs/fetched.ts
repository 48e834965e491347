import { z } from 'zod';
import type { LoggedRecord } from '../../mm2/mirror-log.ts';

const bytes = z.instanceof(Buffer).nullable();

const message = z.object({
  offset: z.coerce.number().int(),
  key: bytes,
  value: bytes,
  timestamp: z.coerce.number().int(),
  isControlRecord: z.boolean().optional(),
  /** Absent in the formats from before Kafka 0.11. */
  batchContext: z.object({ firstOffset: z.coerce.number().int(), lastOffsetDelta: z.number().int() }).optional(),
});

const answer = z.object({
  responses: z.array(
    z.object({
      partitions: z.array(z.object({ highWatermark: z.coerce.number().int(), messages: z.array(message) })),
    }),
  ),
});

/** What a fetch of one partition brought. */
export interface Fetched {
  readonly highWatermark: number;
  /** Without transaction markers. */
  readonly records: readonly LoggedRecord[];
  /** Where to read on; the same position when the answer held no batch with messages. */
  readonly next: number;
}

/**
 * Reads what kafkajs makes of a Fetch response.
 * @returns undefined when the broker holds back its answer because of a quota
 * @throws ZodError when it is not what kafkajs 2.2 makes
 */
export function readFetched(value: unknown, position: number): Fetched | undefined {
  const partition = answer.parse(value).responses[0]?.partitions[0];
  if (partition === undefined) return undefined;
  const { highWatermark, messages } = partition;
  const ends = messages.map(({ offset, batchContext: batch }) =>
    batch === undefined ? offset : batch.firstOffset + batch.lastOffsetDelta,
  );
  // Of a compressed batch that begins earlier all messages come.
  const records = messages.filter(({ offset, isControlRecord }) => offset >= position && isControlRecord !== true);
  return {
    highWatermark,
    records: records.map(({ key, value, timestamp }) => ({ key, value, timestamp })),
    next: ends.reduce((next, end) => Math.max(next, end + 1), position),
  };
}
