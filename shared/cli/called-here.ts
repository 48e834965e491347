import { ClusterUnreachableError } from '../adapters/kafka/errors.ts';
import type { CausewayError } from '../flow/errors.ts';

/** Advice is written for the functions; where a command calls, the caller is this machine, and no time-out is to be raised. */
export function asCalledHere(advice: string): string {
  return advice
    .replaceAll('this function', 'this machine')
    .replace(/,? or raise the time-out of the function(?=\.)/, '');
}

/** What a broker's silence leaves safe is told of deliveries, in which a command has no part. */
export function safeHere(safe: string): string {
  return safe.startsWith('What was acknowledged before is in the target')
    ? 'Replication does not hang on this command: it goes on as it did.'
    : safe;
}

/** What to do next; who stands outside of the VPC is told what answers from there. */
export function nextHere(error: CausewayError): string {
  const next = asCalledHere(error.next);
  return error instanceof ClusterUnreachableError
    ? `${next} From where no broker can be reached, plan, translate and explain --live answer all the same.`
    : next;
}
