import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SourceAnswer, SourceQuestion } from '../../../shared/heartbeat/source-question.ts';
import { SourceWatch } from '../../../shared/heartbeat/source-watch.ts';
import type { SourceEnds } from '../../../shared/loss/source-ends.ts';
import { at } from '../loss/ends.ts';
import { MemoryStore } from '../loss/memory-store.ts';
import { observed } from './observed.ts';

const START = 1_700_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  // Node's own counts by a clock that is not faked.
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), ms);
    return controller.signal;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const clock = {
  now: () => Date.now(),
  wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};
const sinceStart = (ms: number | undefined) => ms !== undefined && ms - START;

/** A source of one partition that takes a record each ms and answers after `tookMs`; what never answers fails at its limit. */
class Source implements SourceQuestion {
  tookMs = 20;
  /** Number of the one that takes longer. */
  slowQuestion = 0;
  fault: Error | undefined;
  silent = false;
  /** And then loses the connection. */
  hangsForMs = 0;
  writing = true;
  partitions = 1;
  readonly asked: { readonly at: number; readonly topics: readonly string[]; readonly patienceMs: number }[] = [];
  #end = 0;

  async ask(topics: readonly string[], patienceMs: number, signal: AbortSignal): Promise<SourceAnswer> {
    const askedAt = Date.now();
    this.asked.push({ at: sinceStart(askedAt) || 0, topics, patienceMs });
    if (this.fault) throw this.fault;
    if (this.hangsForMs > 0) {
      await clock.wait(this.hangsForMs);
      throw new Error('connection lost');
    }
    if (this.silent)
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('gave up'))));
    await clock.wait(this.slowQuestion === this.asked.length ? 800 : this.tookMs);
    if (this.writing) this.#end = askedAt - START;
    const topicId = 'A';
    const partitions = Array.from({ length: this.partitions }, (_, partition) => {
      return { topic: 'orders', partition, topicId, committedEnd: at(this.#end), logEnd: at(this.#end) };
    });
    return { askedAt, answeredAt: Date.now(), partitions, untold: new Map() };
  }
}

function scene(topics: () => Promise<readonly string[]> = async () => ['orders']) {
  const [source, store, { seen, observer }] = [new Source(), new MemoryStore(), observed()];
  const newWatch = (of = source) => new SourceWatch({ topics, question: of, store, clock, intervalMs: 1_000 });
  const run = async (watch: SourceWatch, ms: number) => {
    const running = watch.run(Date.now() + ms, observer);
    let over = false;
    running.then(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(ms);
    // Its last question may end later.
    while (!over) await vi.advanceTimersByTimeAsync(10);
  };
  const ends = (): SourceEnds => store.stored?.ends ?? expect.fail('nothing was stored');
  return { source, store, seen, observer, newWatch, run, ends };
}

describe('the watch over a source', () => {
  it('asks each second for the topics that the flow copies, and stores what changed', async () => {
    const { source, store, seen, newWatch, run, ends } = scene();
    await run(newWatch(), 10_000);

    expect(source.asked.map((each) => each.at)).toEqual([
      0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000,
    ]);
    expect(source.asked.every(({ topics }) => topics.join() === 'orders')).toBe(true);
    expect(store.history.map(({ writtenAt }) => writtenAt - START)).toEqual(source.asked.map((each) => each.at + 20));
    expect(ends().partitions[0]?.seen.map(({ logEnd }) => logEnd)).toEqual([9_000, 8_000, 7_000, 6_000, 5_000]);
    expect(ends().silence).toBeUndefined();
    expect([seen.endsWritten, seen.samples.length, seen.endsFailures]).toEqual([10, 10, []]);
  });

  it('stores each ten seconds what does not change', async () => {
    const { source, store, newWatch, run } = scene();
    source.writing = false;
    await run(newWatch(), 25_000);
    expect(store.history.map(({ writtenAt }) => writtenAt - START)).toEqual([20, 10_020, 20_020]);
  });

  it('stores at once from when on brokers refuse, and the ends last seen', async () => {
    const { source, store, seen, newWatch, run, ends } = scene();
    const watch = newWatch();
    await run(watch, 3_000);
    source.fault = new Error('connection refused');
    await run(watch, 4_000);

    expect(seen.unanswered.map(String)).toEqual(Array(4).fill('Error: connection refused'));
    expect([ends().silence?.since, ends().silence?.toldAt].map(sinceStart)).toEqual([3_000, 3_000]);
    expect(sinceStart(ends().answeredAt)).toBe(2_020);
    expect(ends().partitions[0]?.seen[0].logEnd).toBe(2_000);
    expect(store.history.map(({ writtenAt }) => writtenAt - START)).toEqual([20, 1_020, 2_020, 3_000]);
  });

  it('takes a source for silent that has not answered for half a second, until it does after all', async () => {
    const { source, seen, store, newWatch, run, ends } = scene();
    source.slowQuestion = 3;
    await run(newWatch(), 5_000);

    expect(seen.unanswered).toEqual([undefined]);
    const silences = store.history.map(({ ends, writtenAt }) => ends.silence && { ...ends.silence, writtenAt });
    const silence = {
      since: START + 2_000,
      toldAt: START + 2_500,
      confirmedAt: START + 2_500,
      writtenAt: START + 2_500,
    };
    expect(silences).toEqual([undefined, undefined, silence, undefined, undefined, undefined]);
    expect(ends().partitions[0]?.seen.map(({ logEnd }) => logEnd)).toEqual([4_000, 3_000, 2_000, 1_000, 0]);
    expect(ends().samples.map((each) => each.answeredAt - each.askedAt)).toEqual([20, 20, 800, 20, 20]);
  });

  it('takes a source that loses its connection after a while for one that may have taken records until then', async () => {
    const { source, store, newWatch, run, ends } = scene();
    const watch = newWatch();
    await run(watch, 2_000);
    source.hangsForMs = 2_700;
    await run(watch, 4_000);

    // Silence is told at 2,500, and by what came after, later.
    const told = store.history.map(({ ends }) => sinceStart(ends.silence?.toldAt));
    expect(told).toEqual([false, false, 2_500, 4_700]);
    expect(sinceStart(ends().silence?.since)).toBe(2_000);
  });

  it('gives a silent source up after five seconds and asks anew', async () => {
    const { source, store, seen, newWatch, run, ends } = scene();
    const watch = newWatch();
    await run(watch, 2_000);
    source.silent = true;
    await run(watch, 13_000);

    expect(source.asked.map((each) => each.at)).toEqual([0, 1_000, 2_000, 7_000, 12_000]);
    expect(seen.unanswered.map(String)).toEqual([
      'undefined',
      'Error: gave up',
      'undefined',
      'Error: gave up',
      'undefined',
      'Error: gave up',
    ]);
    const { since, toldAt, confirmedAt } = ends().silence ?? {};
    expect([since, toldAt, confirmedAt].map(sinceStart)).toEqual([2_000, 2_500, 12_500]);
    expect(store.history.map(({ writtenAt }) => writtenAt - START)).toEqual([20, 1_020, 2_500, 12_500]);

    source.silent = false;
    await run(watch, 1_000);
    expect(ends().silence).toBeUndefined();
  });

  it('gives a source twice the time that it took lately', async () => {
    const { source, newWatch, run } = scene();
    source.tookMs = 300;
    const watch = newWatch();
    await run(watch, 2_000);
    source.tookMs = 20;
    await run(watch, 8_000);
    expect(source.asked.map(({ patienceMs }) => patienceMs)).toEqual([
      2_000, 600, 600, 600, 600, 600, 600, 500, 500, 500,
    ]);
  });

  it('gives the first question of a run more time only where connections may have to be made', async () => {
    const { source, newWatch, run, ends } = scene();
    const watch = newWatch();
    await run(watch, 3_000);
    source.silent = true;
    await run(watch, 3_000);

    expect(source.asked.map(({ patienceMs }) => patienceMs)).toEqual([2_000, 500, 500, 500]);
    expect(sinceStart(ends().silence?.toldAt)).toBe(3_500);

    source.silent = false;
    await run(watch, 1_000);
    await vi.advanceTimersByTimeAsync(300_000);
    await run(watch, 1_000);
    expect(source.asked.at(-1)?.patienceMs).toBe(2_000);
  });

  it('goes on from what another environment stored, and leaves it there when that is newer', async () => {
    const { source, store, newWatch, run, ends } = scene();
    const [first, second] = [newWatch(), newWatch()];
    await run(first, 20_000);
    const peak = ends().partitions[0]?.peak;

    await run(second, 1_000);
    expect(ends().partitions[0]?.seen.map(({ logEnd }) => logEnd)).toEqual([20_000, 19_000, 18_000, 17_000, 16_000]);
    expect(ends().partitions[0]?.peak).toEqual(peak);

    const newer = { ends: ends(), writtenAt: START + 21_500 };
    store.stored = newer;
    await run(first, 500);
    expect([store.stored, source.asked.length]).toEqual([newer, 22]);
  });

  it('goes on when the table does not answer or the topics cannot be listed, and says so', async () => {
    let listings = 0;
    const { store, seen, newWatch, run, ends } = scene(async () => {
      if (++listings === 2) throw new Error('topics not listed');
      return ['orders'];
    });
    const watch = newWatch();
    store.fault = new Error('throttled');
    await run(watch, 5_000);
    expect(seen.endsFailures.map(String)).toEqual(Array(6).fill('Error: throttled'));
    store.fault = undefined;

    await run(watch, 7_000);

    expect(seen.endsFailures.slice(6).map(String)).toEqual(['Error: topics not listed']);
    expect(ends().partitions[0]?.seen[0].logEnd).toBe(11_000);
  });

  it('asks a flow without topics for a sign of life', async () => {
    const { source, seen, newWatch, run, ends } = scene(async () => []);
    source.partitions = 0;
    await run(newWatch(), 2_000);
    expect(source.asked.map(({ topics }) => topics)).toEqual([[], []]);
    expect([seen.samples.length, ends().partitions, sinceStart(ends().answeredAt)]).toEqual([2, [], 20]);
  });
});
