import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { TimedRecord } from '../../../shared/mm2/mirror-log.ts';
import { decodeOffsetSync } from '../../../shared/mm2/offset-sync.ts';
import type { Run } from '../../../shared/offsets/head.ts';
import { OffsetSyncs } from '../../../shared/replicate/offset-syncs.ts';

const ORDERS = { topic: 'orders', partition: 3 };
const PAYMENTS = { topic: 'payments', partition: 0 };
const START = 1_700_000_000_000;
const MINUTE = 60_000;
const TIME_ENOUGH = 10_000;

function run(source: number, target: number, length: number): Run {
  return { source: sourceOffset(source), target: targetOffset(target), length };
}

/** A topic that keeps what it is given, and a clock that is set by hand. */
function scene(offsetLagMax = 100) {
  const requests: string[][] = [];
  const told: string[] = [];
  const at = { now: START, answer: async (_signal: AbortSignal) => {} };
  const log = {
    append: async (records: readonly TimedRecord[], signal: AbortSignal) => {
      await at.answer(signal);
      expect(records.map(({ timestamp }) => timestamp)).toEqual(records.map(() => at.now));
      requests.push(
        records.map((record) => {
          const { topic, partition, upstreamOffset, downstreamOffset } = decodeOffsetSync(record);
          return `${topic}-${partition} ${upstreamOffset}->${downstreamOffset}`;
        }),
      );
    },
  };
  const observer = {
    written: (count: number) => told.push(`${count} written`),
    lost: (count: number, error: unknown) =>
      told.push(`${count} lost${error instanceof Error ? `: ${error.message}` : ''}`),
  };
  return { at, requests, told, syncs: new OffsetSyncs({ offsetLagMax, log, now: () => at.now, observer }) };
}

describe('the offset syncs of an invocation', () => {
  test('are one request: what the rule chooses, and the first time the newest of each partition', async () => {
    const { syncs, requests, told } = scene();
    syncs.landed(ORDERS, [run(0, 10, 250)]);
    syncs.landed(PAYMENTS, [run(7, 0, 2)]);

    await syncs.write(TIME_ENOUGH);

    expect(requests).toEqual([
      [
        'orders-3 0->10',
        'orders-3 101->111',
        'orders-3 202->212',
        'payments-0 7->0',
        'orders-3 249->259',
        'payments-0 8->1',
      ],
    ]);
    expect(told).toEqual(['6 written']);
  });

  test('go on where the one before has ended, as a task of MirrorMaker 2 does', async () => {
    const { syncs, requests } = scene();
    syncs.landed(ORDERS, [run(0, 10, 50)]);
    await syncs.write(TIME_ENOUGH);
    syncs.landed(ORDERS, [run(50, 60, 51)]);
    await syncs.write(TIME_ENOUGH);
    syncs.landed(ORDERS, [run(101, 111, 1)]);
    await syncs.write(TIME_ENOUGH);
    syncs.landed(ORDERS, [run(105, 112, 3)]);
    await syncs.write(TIME_ENOUGH);

    expect(requests).toEqual([['orders-3 0->10', 'orders-3 49->59'], ['orders-3 101->111'], ['orders-3 105->112']]);
  });

  test('are none when nothing has landed, and then nothing is asked', async () => {
    const { syncs, requests, told } = scene();

    await syncs.write(TIME_ENOUGH);

    expect([requests, told]).toEqual([[], []]);
  });

  test('of a minute later have the newest record of the partitions that records came of, and of no other', async () => {
    const { syncs, requests, at } = scene();
    for (const of of [ORDERS, PAYMENTS]) syncs.landed(of, [run(0, 0, 1)]);
    await syncs.write(TIME_ENOUGH);
    for (const of of [ORDERS, PAYMENTS]) syncs.landed(of, [run(1, 1, 3)]);
    await syncs.write(TIME_ENOUGH);

    at.now += MINUTE;
    syncs.landed(ORDERS, [run(4, 4, 2)]);
    await syncs.write(TIME_ENOUGH);

    expect(requests.slice(1)).toEqual([['orders-3 5->5']]);
  });

  test('are begun again by an execution environment that is new, or gets a partition back', async () => {
    const [one, other] = [scene(), scene()];
    one.syncs.landed(ORDERS, [run(0, 0, 5)]);
    await one.syncs.write(TIME_ENOUGH);
    other.syncs.landed(ORDERS, [run(5, 5, 5)]);
    await other.syncs.write(TIME_ENOUGH);
    one.syncs.landed(ORDERS, [run(10, 10, 5)]);
    await one.syncs.write(TIME_ENOUGH);

    expect(other.requests).toEqual([['orders-3 5->5', 'orders-3 9->9']]);
    expect(one.requests[1]).toEqual(['orders-3 10->10']);
  });

  test('are every so many, and the newest of each partition, of a topic that is all holes', async () => {
    const { syncs, requests } = scene();
    const holes = Array.from({ length: 4_500 }, (_, i) => run(2 * i, i, 1));
    syncs.landed(ORDERS, holes);
    syncs.landed(PAYMENTS, holes.slice(0, 50));

    await syncs.write(TIME_ENOUGH);

    const [request = []] = requests;
    const orders = request.filter((each) => each.startsWith('orders'));
    expect(request.length).toBeLessThan(1_000);
    expect(orders.slice(0, 3)).toEqual(['orders-3 0->0', 'orders-3 10->5', 'orders-3 20->10']);
    expect([orders.at(-1), request.at(-1)]).toEqual(['orders-3 8998->4499', 'payments-0 98->49']);
  });
});

describe('offset syncs that cannot be written', () => {
  test('are lost and told; for a minute no other is tried, and then the newest', async () => {
    const { syncs, requests, told, at } = scene();
    at.answer = () => Promise.reject(new Error('not authorized'));
    syncs.landed(ORDERS, [run(0, 0, 2)]);
    await syncs.write(TIME_ENOUGH);
    at.answer = async () => {};
    at.now += MINUTE - 1;
    syncs.landed(ORDERS, [run(2, 2, 2)]);
    await syncs.write(TIME_ENOUGH);
    at.now += 1;
    syncs.landed(ORDERS, [run(4, 4, 2)]);
    await syncs.write(TIME_ENOUGH);

    expect(told).toEqual(['2 lost: not authorized', '1 lost', '1 written']);
    expect(requests).toEqual([['orders-3 5->5']]);
  });

  test('are given up in time', async () => {
    const { syncs, told, at } = scene();
    at.answer = (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    syncs.landed(ORDERS, [run(0, 0, 2)]);

    await syncs.write(30);

    expect(told).toEqual(['2 lost: The operation was aborted due to timeout']);
  });

  test('are waited for longer until some were written, as that connects, and never longer than there is time', async () => {
    const { syncs, at } = scene(0);
    const timeout = vi.spyOn(AbortSignal, 'timeout');
    onTestFinished(() => timeout.mockRestore());
    const write = async (offset: number, remainingMs: number) => {
      syncs.landed(ORDERS, [run(offset, offset, 1)]);
      await syncs.write(remainingMs);
    };
    at.answer = () => Promise.reject(new Error('not connected'));
    await write(0, 60_000);
    at.answer = async () => {};
    at.now += MINUTE;
    await write(1, 60_000);
    await write(2, 60_000);
    await write(3, 700);

    expect(timeout.mock.calls).toEqual([[10_000], [10_000], [5_000], [700]]);
  });

  test('are not tried when no time is left', async () => {
    const { syncs, requests, told } = scene();
    syncs.landed(ORDERS, [run(0, 0, 2)]);

    await syncs.write(0);

    expect([requests, told]).toEqual([[], ['2 lost']]);
  });

  test('do not keep those of a clock that was set back', async () => {
    const { syncs, requests, at } = scene();
    syncs.landed(ORDERS, [run(0, 0, 2)]);
    await syncs.write(TIME_ENOUGH);
    at.now -= 10 * MINUTE;
    syncs.landed(ORDERS, [run(2, 2, 2)]);
    await syncs.write(TIME_ENOUGH);

    expect(requests.slice(1)).toEqual([['orders-3 3->3']]);
  });
});
