import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { pastConflicts } from '../../../../shared/adapters/dynamodb/transaction-conflict.ts';

const $metadata = {};
const conflict = () => new TransactionConflictException({ message: 'conflict', $metadata });
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata,
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

/** Sends what fails as `failures` say, and then succeeds. */
async function sending(failures: readonly Error[]) {
  const left = [...failures];
  const waits: number[] = [];
  let sent = 0;
  const outcome = await pastConflicts(
    async () => {
      sent++;
      const failure = left.shift();
      if (failure) throw failure;
      return 'done';
    },
    async (ms) => void waits.push(ms),
  ).catch((error: unknown) => error);
  return { outcome, sent, waits };
}

test('what collides with a transaction is sent again, each time after a longer wait at most', async () => {
  const { outcome, sent, waits } = await sending([conflict(), cancelled('None', 'TransactionConflict'), conflict()]);

  expect([outcome, sent]).toEqual(['done', 4]);
  expect(waits).toHaveLength(3);
  for (const [i, ms] of waits.entries()) {
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(ms).toBeLessThanOrEqual(20 * 2 ** i);
  }
});

test('it ends with the conflict, where that stays', async () => {
  const failure = conflict();

  const { outcome, sent } = await sending(Array.from({ length: 10 }, () => failure));

  expect(outcome).toBe(failure);
  expect(sent).toBe(7);
});

test.each([
  ['a condition that failed', cancelled('ConditionalCheckFailed', 'None')],
  ['a condition that failed beside a conflict', cancelled('TransactionConflict', 'ConditionalCheckFailed')],
  ['any other refusal', new Error('denied')],
])('%s is told at once', async (_what, failure) => {
  expect(await sending([failure])).toEqual({ outcome: failure, sent: 1, waits: [] });
});
