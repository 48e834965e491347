import { z } from 'zod';
import { type StageRecord, VERDICTS } from '../../../runbook/stage.ts';
import { STAGES, UNDO } from '../../../runbook/stages.ts';
import { cutText } from './cut-lists.ts';
import { packEvidence, unpackEvidence } from './packed-evidence.ts';

/** Messages may name every topic partition; with these an item stays below DynamoDB's 400 KB whatever they say. */
const MAX_TEXT_LENGTH = 3_000;

const whole = z.int().nonnegative();

export const stepName = z.enum([...STAGES.map(({ name }) => name), UNDO]);

/** Not strict: a newer version's additions are of no use to this one, and are not written back. */
const stageItem = z.object({
  generation: whole,
  stage: stepName,
  execution: z.string(),
  startedAt: whole,
  endedAt: whole.optional(),
  calls: whole,
  outcome: z.enum(['passed', 'waiting', 'stopped']),
  verdict: z.enum(VERDICTS).optional(),
  says: z.string(),
  evidence: z.instanceof(Uint8Array).transform(unpackEvidence),
  error: z.object({ code: z.string(), safe: z.string(), next: z.string() }).optional(),
});

/** Attributes of the item beside its keys. */
export function encodeStage(record: StageRecord): Readonly<Record<string, unknown>> {
  const { says, evidence, error } = record;
  return {
    ...record,
    says: cutText(says, MAX_TEXT_LENGTH),
    evidence: packEvidence(evidence),
    error: error && {
      code: error.code,
      safe: cutText(error.safe, MAX_TEXT_LENGTH),
      next: cutText(error.next, MAX_TEXT_LENGTH),
    },
  };
}

/** @throws ZodError or zlib's Error when the attributes are not those that {@link encodeStage} made */
export function decodeStage(attributes: Readonly<Record<string, unknown>>): StageRecord {
  const { endedAt, verdict, error, ...rest } = stageItem.parse(attributes);
  return { ...rest, endedAt, verdict, error };
}
