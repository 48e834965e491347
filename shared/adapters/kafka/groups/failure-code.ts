import { CausewayError } from '../../../flow/errors.ts';
import { Aborted } from '../deadline.ts';
import { answerOf, isConnectionFailure } from '../failure.ts';

/** Why a group was not answered, in a word: Kafka's name of the error, or the code that Causeway's own error would have. */
export function failureCode(error: unknown): string {
  if (error instanceof Aborted) return 'KAFKA_DEADLINE_EXCEEDED';
  if (error instanceof CausewayError) return error.code;
  const answer = answerOf(error);
  if (answer !== undefined) return answer;
  if (isConnectionFailure(error)) return 'KAFKA_UNREACHABLE';
  throw error;
}

/** The coordinator moved or loads its groups: asking again, of whoever it is then, may succeed. */
const PASSING = new Set([
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'REQUEST_TIMED_OUT',
  'NETWORK_EXCEPTION',
  'KAFKA_UNREACHABLE',
  'THROTTLING_QUOTA_EXCEEDED',
]);

export function isPassing(code: string): boolean {
  return PASSING.has(code);
}
