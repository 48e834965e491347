import { expect, test } from 'vitest';
import { LatestRead } from '../../../../shared/adapters/kafka/latest-read.ts';

const MINUTE_MS = 60_000;

/** Something whose content and time the test decides, and how often it was read. */
function changing(content: string) {
  const world = { content, now: 0, reads: 0, broken: false };
  const read = async () => {
    world.reads++;
    if (world.broken) throw new Error('the store does not answer');
    return { password: world.content };
  };
  return { world, start: () => LatestRead.start(read, () => world.now) };
}

test('is read once while nobody refuses it and it is not old', async () => {
  const { world, start } = changing('a');
  const latest = await start();
  world.now = MINUTE_MS;

  expect([latest.value, latest.value]).toEqual([{ password: 'a' }, { password: 'a' }]);
  expect(world.reads).toBe(1);
});

test('is read again behind the back of who asks, when it is old', async () => {
  const { world, start } = changing('a');
  const latest = await start();
  Object.assign(world, { now: MINUTE_MS + 1, content: 'b' });

  expect([latest.value, latest.value]).toEqual([{ password: 'a' }, { password: 'a' }]);
  await expect.poll(() => latest.value).toEqual({ password: 'b' });
  expect(world.reads).toBe(2);
});

test('stays what it was when it is old and cannot be read', async () => {
  const { world, start } = changing('a');
  const latest = await start();
  Object.assign(world, { now: MINUTE_MS + 1, broken: true });

  expect(latest.value).toEqual({ password: 'a' });
  await expect.poll(() => latest.value && world.reads).toBeGreaterThan(2);
  Object.assign(world, { broken: false, content: 'b' });
  await expect.poll(() => latest.value).toEqual({ password: 'b' });
});

test('is read again once for all who were refused with the same', async () => {
  const { world, start } = changing('a');
  const latest = await start();
  const given = await latest.current();
  world.content = 'b';

  expect([latest.refused(given), latest.refused(given)]).toEqual([true, true]);
  expect(await Promise.all([latest.current(), latest.current()])).toEqual([{ password: 'b' }, { password: 'b' }]);
  expect(latest.refused(given)).toBe(true);
  expect(await latest.current()).toEqual({ password: 'b' });
  expect(world.reads).toBe(2);
});

test('that is refused again when it was just read is wrong, until it is read anew', async () => {
  const { world, start } = changing('wrong');
  const latest = await start();

  expect(latest.refused(await latest.current())).toBe(true);
  expect(latest.refused(await latest.current())).toBe(false);
  expect(latest.refused(await latest.current())).toBe(false);
  expect(world.reads).toBe(3);
});

test('that was accepted may have been rotated when it is refused', async () => {
  const { start } = changing('a');
  const latest = await start();
  latest.refused(await latest.current());
  const given = await latest.current();
  latest.accepted(given);

  expect(latest.refused(given)).toBe(true);
});

test('that was refused and cannot be read is an error of who asks, and is tried anew', async () => {
  const { world, start } = changing('a');
  const latest = await start();
  latest.refused(latest.value);
  world.broken = true;

  await expect(latest.current()).rejects.toThrow('the store does not answer');
  Object.assign(world, { broken: false, content: 'b' });
  expect(await latest.current()).toEqual({ password: 'b' });
});

test('that cannot be read at first is an error of who starts', async () => {
  const { world, start } = changing('a');
  world.broken = true;

  await expect(start()).rejects.toThrow('the store does not answer');
});
