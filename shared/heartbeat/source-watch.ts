import type { Clock } from '../append/ports.ts';
import { keepSample, sourceAnswered, sourceSilent } from '../loss/keep-sample.ts';
import { NOTHING_SEEN, type SourceEnds, type SourceEndsStore } from '../loss/source-ends.ts';
import { Interval } from '../schedule/interval.ts';
import { repeatUntil } from '../schedule/repeat.ts';
import type { SourceAnswer, SourceQuestion } from './source-question.ts';

export interface SourceWatchOptions {
  /** The topics of the source that the flow copies. */
  readonly topics: () => Promise<readonly string[]>;
  readonly question: SourceQuestion;
  readonly store: SourceEndsStore;
  readonly clock: Clock;
  /** Between two questions. */
  readonly intervalMs: number;
}

/** Told while it runs. */
export interface SourceWatchObserver {
  sampled(answer: SourceAnswer): void;
  /** No broker answered a question; `undefined`: not in the time in which it used to, and it still may. */
  unanswered(error: unknown): void;
  /** What is known of the ends was stored. */
  endsWritten(): void;
  /** It could not be stored, or read, or the flow's topics could not be listed. It is tried again. */
  endsFailed(error: unknown): void;
}

/**
 * A live source answers within this, or within twice what it took lately. What it does not answer then counts as
 * unanswered from when it was asked, until an answer comes after all.
 */
const PATIENCE_MS = 500;
/** A question that may need new connections is given this; none is given more. */
const MOST_PATIENCE_MS = 2_000;
/** Connections that were answered on so lately are taken to be there. Brokers close them after ten idle minutes. */
const CONNECTED_MS = 120_000;
/** After that a question is given up and asked anew. */
const QUESTION_LIMIT_MS = 5_000;
const TOPICS_MS = 10_000;
/** What has not changed is stored so often. */
const UNCHANGED_MS = 10_000;
const STORE_TIMEOUT_MS = 3_000;
const LATE = Symbol('late');

/**
 * Keeps what the target's side needs to know of the source's ends when the source is lost: asks for them each second, and
 * stores what changed. Kept between invocations; what another environment stored since is taken over.
 */
export class SourceWatch {
  readonly #options: SourceWatchOptions;
  readonly #questions: Interval;
  readonly #listings = new Interval(TOPICS_MS);
  #topics: ReadonlySet<string> | undefined;
  #ends: SourceEnds = NOTHING_SEEN;
  #written: { readonly ends: SourceEnds; readonly at: number } | undefined;
  #writing: Promise<void> | undefined;
  /** When this environment was answered last, ms since the epoch. */
  #answeredAt = Number.NEGATIVE_INFINITY;

  constructor(options: SourceWatchOptions) {
    this.#options = options;
    this.#questions = new Interval(options.intervalMs);
  }

  /** Until then, ms since the epoch. Throws nothing: what fails is told and tried again. */
  async run(until: number, observer: SourceWatchObserver): Promise<void> {
    const { clock } = this.#options;
    await this.#takeOver(observer);
    const isConnected = clock.now() - this.#answeredAt < CONNECTED_MS;
    let patienceMs = isConnected ? this.#patience() : MOST_PATIENCE_MS;
    await repeatUntil(clock, until, {
      nextAt: () => this.#questions.nextAt,
      work: async () => {
        const leftMs = until - clock.now();
        if (await this.#ask(patienceMs, Math.max(patienceMs, Math.min(leftMs, QUESTION_LIMIT_MS)), observer))
          patienceMs = this.#patience();
      },
      failed: (error) => observer.endsFailed(error),
    }).catch(() => {});
    await this.#writing;
  }

  #patience(): number {
    const slowestMs = Math.max(0, ...this.#ends.samples.map(({ askedAt, answeredAt }) => answeredAt - askedAt));
    return Math.min(MOST_PATIENCE_MS, Math.max(PATIENCE_MS, 2 * slowestMs));
  }

  /** @returns whether it was answered */
  async #ask(patienceMs: number, limitMs: number, observer: SourceWatchObserver): Promise<boolean> {
    const { clock, question } = this.#options;
    this.#questions.begin(clock.now());
    const topics = await this.#listed(observer);
    const askedAt = clock.now();
    const limit = AbortSignal.timeout(limitMs);
    const asked = question.ask([...topics], patienceMs, limit).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error }),
    );
    const silent = (toldAt: number) => {
      this.#keep(sourceSilent(this.#ends, { since: askedAt, toldAt, confirmedAt: clock.now() }), observer);
    };
    let lateAt: number | undefined;
    let outcome = await Promise.race([asked, clock.wait(patienceMs).then(() => LATE)]);
    if (typeof outcome === 'symbol') {
      observer.unanswered(undefined);
      lateAt = clock.now();
      silent(lateAt);
      outcome = await asked;
    }
    if ('error' in outcome) {
      observer.unanswered(outcome.error);
      silent(limit.aborted && lateAt !== undefined ? lateAt : clock.now());
      return false;
    }
    const { answer } = outcome;
    this.#answeredAt = clock.now();
    observer.sampled(answer);
    const told = answer.partitions.length > 0;
    this.#keep(told ? keepSample(this.#ends, answer, topics) : sourceAnswered(this.#ends, answer.answeredAt), observer);
    return true;
  }

  /** The topics that are known; they are looked for meanwhile, unless none is. */
  async #listed(observer: SourceWatchObserver): Promise<ReadonlySet<string>> {
    if (this.#listings.begin(this.#options.clock.now())) {
      const listing = this.#options.topics().then(
        (topics) => {
          this.#topics = new Set(topics);
        },
        (error: unknown) => observer.endsFailed(error),
      );
      if (this.#topics === undefined) await listing;
    }
    return this.#topics ?? new Set(this.#ends.partitions.map(({ topic }) => topic));
  }

  /** One writing at a time: what comes meanwhile is written after it. */
  #keep(ends: SourceEnds, observer: SourceWatchObserver): void {
    this.#ends = ends;
    if (!this.#isDue()) return;
    this.#writing ??= this.#write(observer).finally(() => {
      this.#writing = undefined;
    });
  }

  #isDue(): boolean {
    if (this.#written === undefined) return true;
    const { ends, at } = this.#written;
    return isNews(ends, this.#ends) || this.#options.clock.now() - at >= UNCHANGED_MS;
  }

  async #write(observer: SourceWatchObserver): Promise<void> {
    const { clock, store } = this.#options;
    try {
      while (this.#isDue()) {
        const [ends, writtenAt] = [this.#ends, clock.now()];
        const outcome = await store.write({ ends, writtenAt }, AbortSignal.timeout(STORE_TIMEOUT_MS));
        if (outcome === 'outdated') return await this.#takeOver(observer);
        this.#written = { ends, at: writtenAt };
        observer.endsWritten();
      }
    } catch (error) {
      observer.endsFailed(error);
    }
  }

  async #takeOver(observer: SourceWatchObserver): Promise<void> {
    try {
      const stored = await this.#options.store.read(AbortSignal.timeout(STORE_TIMEOUT_MS));
      if (stored && (stored.ends.answeredAt ?? 0) >= (this.#ends.answeredAt ?? 0)) this.#ends = stored.ends;
    } catch (error) {
      observer.endsFailed(error);
    }
  }
}

/** Anything but later times at which all was as before. */
function isNews(before: SourceEnds, now: SourceEnds): boolean {
  const [then, since] = [before.silence, now.silence];
  if (then?.since !== since?.since || then?.toldAt !== since?.toldAt) return true;
  if (before.partitions.length !== now.partitions.length) return true;
  return now.partitions.some((each, index) => {
    const same = before.partitions[index];
    if (same?.topic !== each.topic || same.partition !== each.partition || same.topicId !== each.topicId) return true;
    return same.seen[0].logEnd !== each.seen[0].logEnd || same.committedEnd !== each.committedEnd;
  });
}
