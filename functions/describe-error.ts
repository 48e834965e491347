import type { Logger } from '@aws-lambda-powertools/logger';
import { CausewayError, messageOf } from '../shared/flow/errors.ts';
import type { Meter } from './meter.ts';

const MOST_CAUSES = 8;

/**
 * What a log line tells of an error beside its message. Other properties are left out: client libraries put requests,
 * responses and certificates there.
 */
export function detailsOf(error: unknown) {
  const known =
    error instanceof CausewayError
      ? { code: error.code, safe: error.safe, next: error.next }
      : { code: error instanceof Error ? error.name : 'UNKNOWN' };
  const causes: string[] = [];
  let each: unknown = error instanceof Error ? error.cause : undefined;
  while (each instanceof Error && causes.length < MOST_CAUSES) {
    causes.push(`${each.name}: ${each.message}`);
    each = each.cause;
  }
  return { ...known, causes, stack: error instanceof Error ? error.stack : undefined };
}

/** An event, or a start, of which nothing came. */
export function publishRefusal(error: unknown, logger: Logger, meter: Meter): void {
  logger.critical(messageOf(error), detailsOf(error));
  meter.add('InvocationsRefused', 1);
}
