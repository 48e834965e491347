import { expect, test } from 'vitest';
import { statusAnswer } from '../../../../shared/cli/status/answer.ts';
import { frame } from '../../../../shared/cli/status/frame.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { FlowTrends } from '../../../../shared/status/flow-trends.ts';
import { NOW, type Scene, statusOf } from './scene.ts';

const TOPICS = 500;
const level = Array.from({ length: 5 }, () => ({ end: 1_000, copied: 1_000 }));

/** Topic n is n records behind, since n tenths of a second; six partitions each. */
const scene: Scene = {
  topics: Object.fromEntries(
    Array.from({ length: TOPICS }, (_, n) => [
      `orders-${n}`,
      { partitions: [...level, { end: 1_000, copied: 1_000 - n }] },
    ]),
  ),
  groups: Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`group-${n}`, { 'orders-0': 1_000 - n }])),
  age: (offset) => (1_000 - offset) / 10,
};

const shownIn = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`^ +(${name}-\\d+) `, 'gm'))].map(([, topic]) => topic);

test('of 500 topics the 20 that hurt most are shown, worst first, and how many more there are', async () => {
  const text = statusAnswer([await statusOf(scene)], false).text(UNSTYLED);

  expect(shownIn(text, 'orders')).toEqual(Array.from({ length: 20 }, (_, i) => `orders-${TOPICS - 1 - i}`));
  expect(text).toContain('    orders-499    499 records, 49.9 s behind, most in partition 5;\n');
  expect(text).toContain('    and 480 more  that hurt less: --all shows them');
  expect(shownIn(text, 'group')).toHaveLength(20);
  expect(text).toContain('    and 20 more');
  expect(text.split('\n').length).toBeLessThan(100);
});

test('a window of 80 columns and 24 rows shows as many as fit, worst first, and how many more there are', async () => {
  const reading = await statusOf(scene);
  const trends = new FlowTrends();
  trends.take(reading);
  const lines = frame({ ...UNSTYLED, width: 79 }, 24, [{ asked: reading, trends }], NOW + 2_000, 'every 5 s');

  expect(lines).toHaveLength(24);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(79);
  const text = lines.join('\n');
  expect(shownIn(text, 'orders')).toEqual(Array.from({ length: 8 }, (_, i) => `orders-${TOPICS - 1 - i}`));
  expect(text).toContain('  and 492 more topics');
  expect(shownIn(text, 'group')).toEqual(Array.from({ length: 8 }, (_, i) => `group-${39 - i}`));
  expect(text).toContain('  and 32 more groups');
});
