import { expect, it } from 'vitest';
import { parseOptions } from '../../../../local/demo/options.ts';
import { tasks } from '../../../../local/setup/tasks.mjs';

it('writes 60,000 records and keeps nothing unless told so', () => {
  expect(parseOptions([])).toEqual({ scenario: 'move', records: 60_000, keep: false });
  expect(parseOptions(['--keep', '--records', '1000'])).toEqual({ scenario: 'move', records: 1_000, keep: true });
});

it('loses a region when told so', () => {
  expect(parseOptions(['failover', '--records', '2000'])).toEqual({
    scenario: 'failover',
    records: 2_000,
    keep: false,
  });
});

it.each([
  [['--records', 'many'], '--records many: a count from 1000'],
  [['--records', '999'], '--records 999: a count from 1000'],
  [['--records', '1000.5'], '--records 1000.5: a count from 1000'],
  [['--fast'], "Unknown option '--fast'"],
  [['fast'], 'There is no demo "fast"'],
  [['failover', 'twice'], 'There is no demo "failover twice"'],
])('refuses %s with its usage', (args, sentence) => {
  expect(() => parseOptions(args)).toThrow(sentence);
  expect(() => parseOptions(args)).toThrow(expect.objectContaining({ next: tasks.demo.help }));
});
