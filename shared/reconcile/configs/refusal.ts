import { CausewayError } from '../../flow/errors.ts';

const CODES: ReadonlySet<string> = new Set(['KAFKA_INVALID_CONFIG', 'KAFKA_POLICY_VIOLATION', 'KAFKA_REQUEST_REFUSED']);

/** Whether a cluster may have refused settings for one of their values, so that others may be taken. */
export function isOfTheValue(error: unknown): boolean {
  return error instanceof CausewayError && CODES.has(error.code);
}
