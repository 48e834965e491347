import { expect, test } from 'vitest';
import { readFlow } from '../../../shared/status/read-flow.ts';
import { portsOf, type Scene } from '../cli/status/scene.ts';

const SCENE: Scene = {
  topics: {
    even: { partitions: [{ end: 9, copied: 9 }] },
    little: { partitions: [{ end: 10, copied: 9 }] },
    much: { partitions: [{ end: 100, copied: 50 }] },
  },
  groups: { billing: { even: 1 }, audit: { even: 5 } },
};

test('records are asked for of what is behind alone: topics first, and first those that are most so', async () => {
  expect(await askedOf(SCENE)).toEqual(['much@50', 'little@9', 'even@1', 'even@5']);
});

test('what stood in a partition before it was to be copied is not asked for', async () => {
  const of = (end: number) => ({ topics: { orders: { partitions: [{ end, copied: undefined, begin: 70 }] } } });

  expect(await askedOf(of(70))).toEqual([]);
  expect(await askedOf(of(71))).toEqual(['orders@70']);
});

test('a topic of few records is not behind all partitions of one that has many', async () => {
  const busy = Array.from({ length: 3 }, (_, i) => ({ end: 1_000 + i, copied: 0 }));

  const asked = await askedOf({
    topics: { busy: { partitions: busy }, slow: { partitions: [{ end: 8, copied: 7 }] } },
  });

  expect(asked.map((each) => each.split('@')[0])).toEqual(['busy', 'slow', 'busy', 'busy']);
});

async function askedOf(scene: Scene): Promise<readonly string[]> {
  const asked: string[] = [];
  const ports = portsOf(scene);
  const firstRecords: typeof ports.firstRecords = (searches, which) => {
    asked.push(...searches.map(({ topic, offset }) => `${topic}@${offset}`));
    return ports.firstRecords(searches, which);
  };
  await readFlow({ ...ports, firstRecords }, { watches: false });
  return asked;
}
