import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';

/** Requests that one call bears to collide with others; the last waits come to a second. */
const TRIES = 7;
const FIRST_WAIT_MS = 20;

/**
 * Sends again what DynamoDB refused because a transaction with one of its items was under way, after a random wait. The
 * SDK does not, and a flow's hold is an item of many: of every HEAD that is begun.
 */
export async function pastConflicts<T>(
  send: () => Promise<T>,
  wait: (ms: number) => Promise<void> = sleep,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      if (tries === TRIES || !isTransactionConflict(error)) throw error;
      await wait(FIRST_WAIT_MS * 2 ** (tries - 1) * Math.random());
    }
  }
}

/** Nothing was written, and no condition has failed. */
function isTransactionConflict(error: unknown): boolean {
  if (error instanceof TransactionConflictException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
  return codes.includes('TransactionConflict') && !codes.includes('ConditionalCheckFailed');
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
