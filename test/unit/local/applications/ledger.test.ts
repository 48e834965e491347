import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Identity, isExact, Ledger } from '../../../../local/applications/ledger.ts';

const GROUP = 'billing';

/** `count` acknowledged records of one key. */
function written(count: number, ledger = new Ledger()): { readonly ledger: Ledger; readonly records: Identity[] } {
  const records = Array.from({ length: count }, () => ledger.write('orders', 'k'));
  ledger.acknowledge(records);
  return { ledger, records };
}

function read(ledger: Ledger, records: readonly (Identity | undefined)[]) {
  for (const record of records) if (record !== undefined) ledger.read(GROUP, record);
  return ledger.verdict(GROUP);
}

const NOTHING = { group: GROUP, lost: 0, twice: 0, reordered: 0, foreign: 0 };

describe('a group', () => {
  test('that read every record once and in order is exact', () => {
    const { ledger, records } = written(3);
    const verdict = read(ledger, records);

    expect(verdict).toEqual(NOTHING);
    expect(isExact(verdict)).toBe(true);
    expect(ledger.acknowledged).toBe(3);
  });

  test('that never read a record has lost it, wherever it stands', () => {
    const { ledger, records } = written(4);

    expect(read(ledger, [records[0], records[2]])).toEqual({ ...NOTHING, lost: 2 });
    expect(isExact(ledger.verdict(GROUP))).toBe(false);
  });

  test('that read a record again has it twice, each time', () => {
    const { ledger, records } = written(2);

    expect(read(ledger, [...records, records[0], records[1], records[1]])).toEqual({ ...NOTHING, twice: 3 });
  });

  test('that read a record after a later one has it out of order, and not lost', () => {
    const { ledger, records } = written(3);

    expect(read(ledger, [records[2], records[0], records[1]])).toEqual({ ...NOTHING, reordered: 2 });
  });

  test.each([
    { places: ['us-west 2', 'us-east 0', 'us-east 1', 'us-west 3'], reordered: 0 },
    { places: ['us-west 3', 'us-east 1', 'us-east 0', 'us-west 2'], reordered: 2 },
  ])('that reads two logs side by side as $places has $reordered out of order', ({ places, reordered }) => {
    const { ledger, records } = written(4);
    for (const place of places) {
      const [log, number] = place.split(' ');
      for (const record of records.filter((each) => each.number === Number(number))) ledger.read(GROUP, record, log);
    }

    expect(ledger.verdict(GROUP)).toEqual({ ...NOTHING, reordered });
  });

  test('that read what nobody wrote is told so', () => {
    const { ledger, records } = written(1);

    expect(read(ledger, [...records, { topic: 'orders', key: 'k', number: 1 }])).toEqual({ ...NOTHING, foreign: 1 });
  });

  test('may have read a record whose acknowledgement is not known, or not', () => {
    const { ledger, records } = written(1);
    const open = [ledger.write('orders', 'k'), ledger.write('orders', 'k')];
    ledger.leaveOpen(open);

    expect(read(ledger, [...records, open[1]])).toEqual(NOTHING);
    expect(ledger.left('shipping')).toBe(1);
  });

  test('is judged by itself', () => {
    const { ledger, records } = written(2);
    for (const record of records) ledger.read('shipping', record);

    expect(ledger.verdict(GROUP)).toEqual({ ...NOTHING, lost: 2 });
    expect(ledger.verdict('shipping')).toEqual({ ...NOTHING, group: 'shipping' });
  });
});

test('however records are read, they are counted as one who remembers each of them counts', () => {
  const reading = fc.array(fc.nat(11), { maxLength: 40 });
  fc.assert(
    fc.property(fc.nat(10), fc.uniqueArray(fc.nat(9), { maxLength: 4 }), reading, (count, unknown, numbers) => {
      const ledger = new Ledger();
      const records = Array.from({ length: count }, () => ledger.write('orders', 'k'));
      ledger.leaveOpen(records.filter(({ number }) => unknown.includes(number)));
      const times = new Map<number, number>();
      let [highest, reordered] = [-1, 0];
      for (const number of numbers) {
        ledger.read(GROUP, { topic: 'orders', key: 'k', number });
        if (number < count && !times.has(number) && number < highest) reordered++;
        if (number < count) highest = Math.max(highest, number);
        times.set(number, (times.get(number) ?? 0) + 1);
      }

      expect(ledger.verdict(GROUP)).toEqual({
        group: GROUP,
        lost: records.filter(({ number }) => !times.has(number) && !unknown.includes(number)).length,
        twice: [...times].reduce((sum, [number, seen]) => sum + (number < count ? seen - 1 : 0), 0),
        reordered,
        foreign: numbers.filter((number) => number >= count).length,
      });
    }),
  );
});
