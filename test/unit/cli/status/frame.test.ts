import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { StatusNotKeptError } from '../../../../shared/cli/status/errors.ts';
import { frame } from '../../../../shared/cli/status/frame.ts';
import { shares } from '../../../../shared/cli/status/shares.ts';
import type { Watched } from '../../../../shared/cli/status/watched.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { COLOURED } from '../../../../shared/cli/terminal/style.ts';
import { FlowTrends } from '../../../../shared/status/flow-trends.ts';
import type { Reading } from '../../../../shared/status/reading.ts';
import { keptByMonitor, OUTSIDE, reader, refused } from './monitor-reading.ts';
import { NOW, type Scene, statusOf } from './scene.ts';

const PAGE = { ...UNSTYLED, width: 79 };

function watchedOf(...readings: readonly Reading[]): Watched {
  const trends = new FlowTrends();
  for (const each of readings) trends.take(each);
  const asked = readings.at(-1);
  if (asked === undefined) throw new Error('no reading');
  return { asked, trends };
}

const linesOf = (watched: readonly Watched[], rows = 24, page = PAGE) =>
  frame(page, rows, watched, NOW + 12_000, 'every 10 s');

const at = (copied: number): Scene => ({
  topics: {
    orders: { partitions: [{ end: 1_000, copied }] },
    clicks: { partitions: [{ end: 9, copied: 9 }] },
  },
  groups: { billing: { clicks: 5 } },
  age: () => 12.3,
  heartbeat: 2,
});

test('a flow is told in a few lines: how far behind, how it gets on, how old that is, and what hurts', async () => {
  const before = { ...(await statusOf(at(300))), readAt: NOW - 10_000 };

  expect(linesOf([watchedOf(before, await statusOf(at(500)))]).join('\n')).toBe(
    `causeway status  22:13:32 UTC  every 10 s; Ctrl-C ends it
us-east->us-west  500 records, 12.3 s behind; wrong; 2 topics, 1 group
  trend  █▆  20/s replicated; catching up by 20/s, level in 25 s
  read   12 s ago; heartbeat 2 s old; checkpoint 1 s old
  topic    records  seconds  trend
  orders       500     12.3  more than 100 records behind
  clicks         0        0  ▁▁
  group     records  seconds  on us-west
  billing         4     12.3  at its place on us-west`,
  );
});

test('of the first reading the trend is not known yet', async () => {
  expect(linesOf([watchedOf(await statusOf(at(1_000)))])[2]).toBe('  trend  ▁  after the next reading');
});

test('what is wrong with the flow itself comes first, and leaves room for its topics', async () => {
  const many: Scene = { ...at(1_000), sourceNames: ['orders-1', 'orders-2', 'orders-3', 'orders-4'], removed: true };
  const lines = linesOf([watchedOf(await statusOf(many))]);

  expect(lines.slice(2, 5)).toEqual([
    '  wrong  its stack is being destroyed: nothing is replicated any more',
    '  wrong  orders-1 is covered and not replicated yet',
    '         and 3 more',
  ]);
});

test('a reading by monitor is told as that, and its age goes on', async () => {
  const kept = await keptByMonitor(at(1_000), 40);
  const reading = await reader({ ...OUTSIDE, lastOfMonitor: async () => kept }).read();

  expect(linesOf([watchedOf(reading)])[3]).toBe(
    '  read   by monitor 52 s ago: the brokers cannot be reached from here: No brok…',
  );
});

test('what does not answer is named, and what is not known is not zero', async () => {
  const reading = await reader({ source: refused('us-east') }, {}, at(500)).read();
  const text = linesOf([watchedOf(reading)], 24, { ...PAGE, width: 100 }).join('\n');

  expect(text).toContain('us-east->us-west  not known; wrong; ');
  expect(text).toContain('  wrong  us-east, groups: KAFKA_UNREACHABLE: No broker of cluster us-east answe');
  expect(text).toMatch(/^ {2}orders +\? +\?$/m);
  expect(text).toContain('; monitor: it has kept no reading yet');
});

describe('several flows', () => {
  const named = async (flow: string, copied: number): Promise<Watched> =>
    watchedOf({ ...(await statusOf(at(copied))), flow });

  test('share a window', async () => {
    const lines = linesOf([await named('a->b', 500), await named('b->a', 1_000)], 15);

    expect(lines).toHaveLength(15);
    expect(lines.filter((line) => /^[ab]->/.test(line))).toHaveLength(2);
  });

  test('for which there is no room are counted', async () => {
    const flows = await Promise.all(Array.from({ length: 9 }, (_, i) => named(`a${i}->b`, 500)));
    const lines = linesOf(flows, 6);

    expect(lines).toHaveLength(6);
    expect(lines.slice(1, 5).map((line) => line.slice(0, 5))).toEqual(['a0->b', 'a1->b', 'a2->b', 'a3->b']);
    expect(lines[5]).toBe('and 5 more flows');
  });

  test('that cannot be read say why', () => {
    const asked = { flow: 'a->b', failure: new StatusNotKeptError('a->b') };

    expect(linesOf([{ asked, trends: new FlowTrends() }]).slice(1)).toEqual([
      'a->b  could not be read: STATUS_NOT_KEPT',
      '  a->b: the function monitor has kept no reading yet',
    ]);
  });
});

test('no window is too small, and no name too long or too strange, for lines that fit', async () => {
  const base = await statusOf(at(500));
  const names = ['x'.repeat(249), 'esc\u001b[2J\u001b[H', 'two\nlines', 'right\u202eleft', '名前'.repeat(60)];
  const groups = base.groups.flatMap((each) =>
    names.map((group) => ({ ...each, group, problems: [`${group} is bad`] })),
  );
  const watched = watchedOf({ ...base, groups, problems: names });

  for (const width of [20, 40, 79, 200])
    for (const rows of [1, 2, 3, 5, 8, 24, 60]) {
      const lines = linesOf([watched, watched], rows, { width, style: COLOURED });

      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const line of lines) {
        const plain = stripVTControlCharacters(line);
        expect([...plain].length).toBeLessThanOrEqual(width);
        expect(plain).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }
    }
});

test.each([
  [[5, 5], 4, [2, 2]],
  [[1, 9], 6, [1, 5]],
  [[9, 1, 9], 9, [4, 1, 4]],
  [[3, 3], 10, [3, 3]],
  [[5, 5], 0, [0, 0]],
  [[], 5, []],
])('rows wanted %j share %i as %j', (wanted, rows, given) => {
  expect(shares(wanted, rows)).toEqual(given);
});
