import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pulse, type PulseObserver, type WatchedSource } from '../../../shared/heartbeat/pulse.ts';
import { decodeHeartbeat, encodeHeartbeat } from '../../../shared/mm2/heartbeat.ts';
import type { LoggedRecord, MirrorLog, TimedRecord } from '../../../shared/mm2/mirror-log.ts';
import { observed } from './observed.ts';

const START = 1_700_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const clock = {
  now: () => Date.now(),
  wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};

const NO_ENDS = { run: async () => {} };

/** The source's heartbeats on the target: each can be read so many ms after it was made. */
class Copy {
  readonly #records: { readonly record: LoggedRecord; readonly at: number }[] = [];
  #position = 0;
  fault: Error | undefined;

  add(madeAt: number, latencyMs: number, value?: Buffer): void {
    const heartbeat = { sourceClusterAlias: 'us-west', targetClusterAlias: 'us-east', timestamp: madeAt };
    const record = { ...encodeHeartbeat(heartbeat), ...(value && { value }), timestamp: madeAt };
    this.#records.push({ record, at: madeAt + latencyMs });
  }

  async next(waitMs: number, backlog: number): Promise<readonly LoggedRecord[]> {
    if (this.fault) throw this.fault;
    if (this.#position === 0) this.#position = Math.max(0, this.#records.length - backlog);
    const end = Date.now() + waitMs;
    for (;;) {
      const there = this.#records.slice(this.#position).filter(({ at }) => at <= Date.now());
      this.#position += there.length;
      if (there.length > 0 || Date.now() >= end) return there.map(({ record }) => record);
      await clock.wait(1);
    }
  }
}

function pulse(options: {
  readonly source?: WatchedSource;
  readonly intervalMs?: number;
  readonly append?: MirrorLog['append'];
}) {
  const written: TimedRecord[] = [];
  const made = new Pulse({
    flow: { source: 'us-east', target: 'us-west' },
    intervalMs: options.intervalMs ?? 1_000,
    heartbeats: {
      append: options.append ?? (async (records) => void written.push(...records)),
      readOn: async () => {},
    },
    source: options.source,
    clock,
    probeTimeoutMs: 3_000,
    writeTimeoutMs: 5_000,
  });
  return { made, written };
}

async function runFor(made: Pulse, ms: number, observer: PulseObserver): Promise<void> {
  const run = made.run(Date.now() + ms, observer);
  run.catch(() => {});
  await vi.advanceTimersByTimeAsync(ms + 10_000);
  await run;
}

describe('the pulse', () => {
  it('writes MirrorMaker 2’s heartbeats each second, and asks nothing of a pair that copies nothing', async () => {
    const { made, written } = pulse({});
    const { seen, observer } = observed();

    await runFor(made, 60_000, observer);

    expect(written.map(({ timestamp }) => (timestamp - START) / 1_000)).toEqual(
      Array.from({ length: 60 }, (_, i) => i),
    );
    expect(written.map(decodeHeartbeat)[7]).toEqual({
      sourceClusterAlias: 'us-east',
      targetClusterAlias: 'us-west',
      timestamp: START + 7_000,
    });
    expect(seen).toMatchObject({ written: 60, failures: [], latencies: [], ages: [], answers: [] });
  });

  it('goes on after one that was not written, which is told', async () => {
    let times = 0;
    const { made } = pulse({
      intervalMs: 20_000,
      append: async () => {
        if (++times === 2) throw new Error('no leader');
      },
    });
    const { seen, observer } = observed();
    await runFor(made, 60_000, observer);
    expect([seen.written, seen.failures.map(String)]).toEqual([2, ['Error: no leader']]);
  });

  it('tells how long heartbeats of the source are on their way, and the age of the newest', async () => {
    const copy = new Copy();
    copy.add(START - 5_000, 0);
    for (let i = 0; i < 3; i++) copy.add(START + 500 + i * 1_000, 230);
    const { made } = pulse({ source: { arrivals: copy, ask: async () => {}, ends: NO_ENDS } });
    const { seen, observer } = observed();

    await runFor(made, 6_000, observer);

    // The one that was there before was not awaited: it counts for the age alone.
    expect(seen.latencies).toEqual([230, 230, 230]);
    expect(seen.ages).toEqual([500, 500, 500, 1_500, 2_500]);
    expect(seen.answers).toEqual([true, true]);
  });

  it('counts what came between two runs for the age alone', async () => {
    const copy = new Copy();
    const { made } = pulse({ source: { arrivals: copy, ask: async () => {}, ends: NO_ENDS } });
    const { seen, observer } = observed();
    await runFor(made, 2_000, observer);
    copy.add(Date.now() - 9_000, 100);

    await runFor(made, 2_000, observer);

    expect(seen.latencies).toEqual([]);
    expect(seen.ages).toEqual([10_000]);
  });

  it('passes over records that are no heartbeats', async () => {
    const copy = new Copy();
    copy.add(START + 100, 50, Buffer.from('x'));
    copy.add(START + 200, 50);
    const { made } = pulse({ source: { arrivals: copy, ask: async () => {}, ends: NO_ENDS } });
    const { seen, observer } = observed();
    await runFor(made, 2_000, observer);
    expect(seen.latencies).toEqual([50]);
  });

  it('writes on while the copy cannot be read and the source is silent, and says so once', async () => {
    const copy = new Copy();
    copy.fault = new Error('no topic us-east.heartbeats');
    let asked = 0;
    const ask = () => {
      asked++;
      return new Promise(() => {});
    };
    const { made } = pulse({ source: { arrivals: copy, ask, ends: NO_ENDS } });
    const { seen, observer } = observed();

    await runFor(made, 12_000, observer);
    copy.fault = undefined;
    await runFor(made, 2_000, observer);

    expect(seen.written).toBe(14);
    expect(seen.unreadable.map(String)).toEqual(['Error: no topic us-east.heartbeats']);
    expect(seen.answers.every((answers) => !answers)).toBe(true);
    expect(seen.answers.length).toBeGreaterThanOrEqual(4);
    expect(asked).toBe(1);
  });

  it('has the ends of the source watched for as long, and writes on whatever becomes of that', async () => {
    const runs: number[] = [];
    const ends = {
      run: async (until: number) => {
        runs.push(until - Date.now());
        throw new Error('out of memory');
      },
    };
    const { made } = pulse({ source: { arrivals: new Copy(), ask: async () => {}, ends } });
    const { seen, observer } = observed();
    await runFor(made, 5_000, observer);
    expect([runs, seen.written, seen.failures]).toEqual([[5_000], 5, []]);
  });

  it('takes a refusal of the source for no answer', async () => {
    const { made } = pulse({
      source: { arrivals: new Copy(), ask: () => Promise.reject(new Error('authentication refused')), ends: NO_ENDS },
    });
    const { seen, observer } = observed();
    await runFor(made, 2_000, observer);
    expect(seen.answers).toEqual([false]);
  });
});
