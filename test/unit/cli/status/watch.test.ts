import { describe, expect, test } from 'vitest';
import type { Asked } from '../../../../shared/cli/ask-each.ts';
import { type WatchView, watch } from '../../../../shared/cli/status/watch.ts';
import { drawnView, writtenView } from '../../../../shared/cli/status/watch-views.ts';
import type { Watched } from '../../../../shared/cli/status/watched.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { Screen } from '../../../../shared/cli/terminal/screen.ts';
import { COLOURED, PLAIN } from '../../../../shared/cli/terminal/style.ts';
import type { Reading } from '../../../../shared/status/reading.ts';
import { NOW, statusOf } from './scene.ts';

const at = (copied: number) => statusOf({ topics: { orders: { partitions: [{ end: 100, copied }] } } });

/** A watch whose clock goes on only while it waits, and that is stopped when nothing is left to be read. */
class Watching {
  readonly log: string[] = [];
  readonly shown: (readonly Watched[])[] = [];
  now = NOW;
  readonly #stop = new AbortController();

  run(
    readings: readonly (() => Promise<readonly Asked<Reading>[]>)[],
    everyMs = 5_000,
    view: WatchView = this.#view(),
  ): Promise<readonly Asked<Reading>[] | undefined> {
    const queue = readings.values();
    const read = () => {
      this.log.push('read');
      const next = queue.next();
      if (!next.done) return next.value();
      this.#stop.abort();
      return new Promise<never>(() => {});
    };
    const wait = async (ms: number) => {
      // A reading that is there at once is there before.
      await new Promise((resolve) => setImmediate(resolve));
      this.now += ms;
    };
    return watch({ read, view, now: () => this.now, wait, stop: this.#stop.signal }, everyMs);
  }

  #view(): WatchView {
    return {
      show: (watched) => {
        this.log.push('show');
        this.shown.push(watched);
      },
      refresh: () => this.log.push('refresh'),
      end: () => this.log.push('end'),
    };
  }
}

const readingsOf = (...copied: readonly number[]) =>
  copied.map((each, index) => async () => [{ ...(await at(each)), readAt: NOW + index * 10_000 }]);

describe('a watch', () => {
  test('reads again and again, shows each reading, and how the flow gets on', async () => {
    const watching = new Watching();
    const last = await watching.run(readingsOf(20, 60, 100));

    expect(last).toMatchObject([{ records: 0 }]);
    expect(watching.shown.map(([flow]) => flow?.asked)).toMatchObject([
      { records: 80 },
      { records: 40 },
      { records: 0 },
    ]);
    expect(watching.shown[2]?.[0]?.trends.flow.rates()).toMatchObject({ copied: 4, growth: -4 });
  });

  test('lets ages go on between readings, each second', async () => {
    const watching = new Watching();
    await watching.run(readingsOf(20, 60), 3_000);
    const between = watching.log.slice(watching.log.indexOf('show') + 1, watching.log.lastIndexOf('show') - 1);

    expect(between.filter((each) => each === 'refresh').length).toBeGreaterThanOrEqual(2);
    expect(between.filter((each) => each === 'show')).toEqual([]);
  });

  test('that is stopped while it reads ends with the reading before, and gives the terminal back', async () => {
    const watching = new Watching();
    const last = await watching.run(readingsOf(60));

    expect(last).toMatchObject([{ records: 40 }]);
    expect(watching.log.at(-1)).toBe('end');
  });

  test('that is stopped before anything is read has nothing', async () => {
    const watching = new Watching();

    expect(await watching.run([])).toBeUndefined();
    expect(watching.log.at(-1)).toBe('end');
  });

  test('shows the flow that hurts first', async () => {
    const watching = new Watching();
    const both = async () => [await at(100), { ...(await at(20)), flow: 'b->a' }];
    await watching.run([both]);

    expect(watching.shown[0]?.map(({ asked }) => asked.flow)).toEqual(['b->a', 'us-east->us-west']);
  });

  test('gives the terminal back where a reading fails in a way that nobody foresaw', async () => {
    const watching = new Watching();

    await expect(watching.run([() => Promise.reject(new Error('a defect'))])).rejects.toThrow('a defect');
    expect(watching.log.at(-1)).toBe('end');
  });
});

class Terminal {
  readonly columns = 80;
  readonly rows = 24;
  written = '';

  write(text: string): void {
    this.written += text;
  }
}

const [ENTER, LEAVE] = ['\u001b[?1049h\u001b[?25l', '\u001b[?25h\u001b[?1049l'];

describe('on a terminal', () => {
  test('it is drawn in place, and the terminal is as before when it ends', async () => {
    const [watching, terminal] = [new Watching(), new Terminal()];
    await watching.run(
      readingsOf(20, 60),
      5_000,
      drawnView(new Screen(terminal), COLOURED, 'every 5 s', () => NOW),
    );

    expect(terminal.written.startsWith(ENTER)).toBe(true);
    expect(terminal.written.endsWith(LEAVE)).toBe(true);
    expect(terminal.written.split(ENTER)).toHaveLength(2);
    const frames = terminal.written.split('\u001b[H').slice(1);
    expect(frames.length).toBeGreaterThan(2);
    for (const each of frames) expect(each.split('\r\n').length).toBeLessThanOrEqual(24);
    expect(frames.at(-1)).toContain('40 records, 1 s behind');
  });

  test('it has no colours where they are not wanted', async () => {
    const [watching, terminal] = [new Watching(), new Terminal()];
    await watching.run(
      readingsOf(20),
      5_000,
      drawnView(new Screen(terminal), PLAIN, 'every 5 s', () => NOW),
    );

    for (const colour of [1, 2, 31, 32, 33]) expect(terminal.written).not.toContain(`\u001b[${colour}m`);
    expect(terminal.written).toContain('80 records, 1 s behind');
  });

  test('it says that it reads until there is something to show', async () => {
    const [watching, terminal] = [new Watching(), new Terminal()];
    const slow = async () => {
      for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
      return [await at(20)];
    };
    await watching.run(
      [slow],
      5_000,
      drawnView(new Screen(terminal), PLAIN, 'every 5 s', () => NOW),
    );

    expect(terminal.written.indexOf('reading ...')).toBeGreaterThan(0);
    expect(terminal.written.indexOf('reading ...')).toBeLessThan(terminal.written.indexOf('80 records'));
  });
});

test('elsewhere each reading is a block of plain lines', async () => {
  const watching = new Watching();
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  await watching.run(
    readingsOf(20, 60),
    5_000,
    writtenView(UNSTYLED, write, false, () => NOW),
  );

  expect(written).not.toMatch(/[^\P{Cc}\n]/u);
  const blocks = written.split(`${new Date(NOW).toISOString()}\n`).slice(1);
  expect(blocks).toHaveLength(2);
  expect(blocks[0]).toMatch(/^us-east->us-west {2}80 records, 1 s behind; 1 topic, no groups\n[\s\S]*[^\n]\n\n$/);
  expect(blocks[1]).toMatch(/\nus-east->us-west {2}4\/s replicated; catching up by 4\/s, level in 10 s\n\n$/);
});
