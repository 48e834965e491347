import { z } from 'zod';
import { Direction, type GroupTranslation, type OffsetTranslation } from '../../shared/client/translate/answer.ts';
import { OffsetOfFormerTopic, OffsetOutOfRange } from '../../shared/client/translate/errors.ts';
import type { CausewayError } from '../../shared/flow/errors.ts';
import { statusOf } from './status.ts';

const offset = z.int().min(0);
const place = { cluster: z.string(), topic: z.string(), partition: offset };
const position = z.object({ ...place, offset });

const translation = z.object({
  flow: z.string(),
  direction: z.enum(Direction),
  from: position,
  to: position,
  exact: z.boolean(),
  beyond: offset,
});

const fault = z.object({
  code: z.string(),
  /** As over HTTP, for invocations, too. */
  status: z.int(),
  what: z.string(),
  safe: z.string(),
  next: z.string(),
  retriable: z.boolean(),
  /** With OUT_OF_RANGE and OFFSET_OF_FORMER_TOPIC: two offsets that belong together. */
  nearest: z.object({ source: offset, target: offset }).optional(),
});

const group = z.object({
  flow: z.string(),
  direction: z.enum(Direction),
  group: z.string(),
  offsetsFrom: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('cluster') }),
    z.object({ kind: z.literal('checkpoints'), at: z.iso.datetime(), because: z.string() }),
  ]),
  partitions: z.array(translation),
  untranslated: z.array(z.object({ from: z.object({ ...place, offset: offset.optional() }), error: fault })),
  otherTopics: z.array(z.string()),
});

/** What is answered: the translation, or the error that stands instead of it. docs/client.md has it with examples. */
export const translateResponse = z.union([group, translation, z.object({ error: fault })]);

export type TranslateResponse = z.infer<typeof translateResponse>;
export type TranslateFault = z.infer<typeof fault>;
export type GroupResponse = z.infer<typeof group>;
export type OffsetResponse = z.infer<typeof translation>;

export function offsetResponse(answer: OffsetTranslation): OffsetResponse {
  return answer;
}

export function groupResponse({ offsetsFrom, partitions, untranslated, otherTopics, ...rest }: GroupTranslation) {
  return {
    ...rest,
    offsetsFrom:
      offsetsFrom.kind === 'cluster' ? offsetsFrom : { ...offsetsFrom, at: new Date(offsetsFrom.at).toISOString() },
    partitions: [...partitions],
    untranslated: untranslated.map(({ from: { offset: told, ...from }, error }) => ({
      from: { ...from, ...(told !== undefined && { offset: told }) },
      error: faultOf(error),
    })),
    otherTopics: [...otherTopics],
  } satisfies GroupResponse;
}

export function faultOf(error: CausewayError): TranslateFault {
  const { code, message, safe, next, retriable } = error;
  const isFarOff = error instanceof OffsetOutOfRange || error instanceof OffsetOfFormerTopic;
  const nearest = isFarOff ? { nearest: error.nearest } : {};
  return { code, status: statusOf(error), what: message, safe, next, retriable, ...nearest };
}
