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

test('ages are asked of what is behind alone: topics first, and first those that are most so', async () => {
  const asked: string[] = [];
  const ports = portsOf(SCENE);
  const recordTime: typeof ports.recordTime = (side, place) => {
    if (side === 'source') asked.push(`${place.topic}@${place.offset}`);
    return ports.recordTime(side, place);
  };
  await readFlow({ ...ports, recordTime }, { watches: false });

  expect(asked).toEqual(['much@50', 'little@9', 'even@1', 'even@5']);
});
