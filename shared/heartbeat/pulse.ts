import type { Clock } from '../append/ports.ts';
import type { FlowId } from '../flow/flow.ts';
import { encodeHeartbeat } from '../mm2/heartbeat.ts';
import type { LoggedRecord, MirrorLog } from '../mm2/mirror-log.ts';
import { Interval } from '../schedule/interval.ts';
import { repeatUntil } from '../schedule/repeat.ts';
import { ArrivedHeartbeats } from './arrived.ts';
import { Probe, type ProbeAnswer } from './probe.ts';
import type { SourceWatchObserver } from './source-watch.ts';

/** The copy of the source's heartbeats on the target, as it grows. */
export interface HeartbeatArrivals {
  /**
   * @param waitMs for something, when there is nothing
   * @param backlog records that the first call brings of those that are there
   */
  next(waitMs: number, backlog: number, signal: AbortSignal): Promise<readonly LoggedRecord[]>;
}

/** What of the source is watched; a pair that copies nothing watches nothing. */
export interface WatchedSource {
  readonly arrivals: HeartbeatArrivals;
  /** A question that any broker of the source answers at once. */
  readonly ask: () => Promise<unknown>;
  /** What is kept of where its topics end. */
  readonly ends: { run(until: number, observer: SourceWatchObserver): Promise<void> };
}

export interface PulseOptions {
  readonly flow: FlowId;
  readonly intervalMs: number;
  /** `heartbeats` on the target. */
  readonly heartbeats: MirrorLog;
  readonly source: WatchedSource | undefined;
  readonly clock: Clock;
  /** How long the source may take to answer. */
  readonly probeTimeoutMs: number;
  /** Bound on writing one heartbeat. */
  readonly writeTimeoutMs: number;
}

/** Told while it runs. */
export interface PulseObserver extends SourceWatchObserver {
  written(): void;
  failed(error: unknown): void;
  /** A heartbeat came from the source, so many ms after it was made. */
  arrived(latencyMs: number): void;
  /** Since the newest heartbeat of the source was made, ms; asked as often as heartbeats are written. */
  age(ms: number): void;
  /** `undefined`: they can be read, and could not before. */
  arrivalsUnreadable(error: unknown): void;
  probed(answer: ProbeAnswer): void;
}

/** Of those that were there before: enough to find one of each flow that writes to the source. */
const BACKLOG = 100;
/** How long a broker keeps a question for the next heartbeat open. */
const LISTEN_MS = 1_000;
const LISTEN_TIMEOUT_MS = 5_000;
/** Between two questions for a copy that cannot be read. */
const UNREADABLE_PAUSE_MS = 2_000;

/** The heartbeats of one flow: written to its target, and those of its source awaited there. Kept between invocations. */
export class Pulse {
  readonly #options: PulseOptions;
  readonly #arrived = new ArrivedHeartbeats();
  readonly #beat: Interval;
  readonly #probes: Interval;
  readonly #probe: Probe | undefined;

  constructor(options: PulseOptions) {
    const { source, probeTimeoutMs, clock, intervalMs } = options;
    this.#options = options;
    this.#beat = new Interval(intervalMs);
    this.#probes = new Interval(Math.max(intervalMs, probeTimeoutMs));
    this.#probe = source && new Probe(source.ask, probeTimeoutMs, clock);
  }

  /** Until then, ms since the epoch. @throws what the last heartbeat failed with */
  async run(until: number, observer: PulseObserver): Promise<void> {
    const { clock } = this.#options;
    const beats = repeatUntil(clock, until, {
      nextAt: () => this.#beat.nextAt,
      work: () => this.#write(observer),
      failed: (error) => observer.failed(error),
    });
    const ends = this.#options.source?.ends.run(until, observer);
    const [written] = await Promise.allSettled([
      beats,
      this.#listen(until, observer),
      this.#ask(until, observer),
      ends,
    ]);
    if (written.status === 'rejected') throw written.reason;
  }

  async #write(observer: PulseObserver): Promise<void> {
    const { clock, flow, heartbeats, writeTimeoutMs } = this.#options;
    const timestamp = clock.now();
    this.#beat.begin(timestamp);
    if (this.#arrived.newestAt !== undefined) observer.age(timestamp - this.#arrived.newestAt);
    const heartbeat = { sourceClusterAlias: flow.source, targetClusterAlias: flow.target, timestamp };
    await heartbeats.append([{ ...encodeHeartbeat(heartbeat), timestamp }], AbortSignal.timeout(writeTimeoutMs));
    observer.written();
  }

  async #listen(until: number, observer: PulseObserver): Promise<void> {
    const { clock, source } = this.#options;
    if (source === undefined) return;
    // What has come since the last run, or was there before, was not awaited: it says nothing of how long it took.
    let awaited = false;
    let unreadable = false;
    while (clock.now() < until) {
      try {
        const waitMs = awaited ? Math.max(1, Math.min(LISTEN_MS, until - clock.now())) : 0;
        const records = await source.arrivals.next(waitMs, BACKLOG, AbortSignal.timeout(LISTEN_TIMEOUT_MS));
        const latencies = this.#arrived.take(records, awaited ? clock.now() : undefined);
        for (const ms of latencies) observer.arrived(ms);
        awaited = true;
        if (unreadable) observer.arrivalsUnreadable(undefined);
        unreadable = false;
      } catch (error) {
        if (!unreadable) observer.arrivalsUnreadable(error);
        unreadable = true;
        awaited = false;
        await clock.wait(Math.max(0, Math.min(UNREADABLE_PAUSE_MS, until - clock.now())));
      }
    }
  }

  async #ask(until: number, observer: PulseObserver): Promise<void> {
    const probe = this.#probe;
    if (probe === undefined) return;
    await repeatUntil(this.#options.clock, until, {
      nextAt: () => this.#probes.nextAt,
      work: async () => {
        this.#probes.begin(this.#options.clock.now());
        observer.probed(await probe.answer());
      },
      failed: () => {},
    });
  }
}
