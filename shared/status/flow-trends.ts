import type { Reading } from './reading.ts';
import { Trend } from './trend.ts';

/** How a flow and each of its topics got on from reading to reading. */
export class FlowTrends {
  readonly flow = new Trend();
  readonly #topics = new Map<string, Trend>();

  take({ readAt: at, records, topics }: Pick<Reading, 'readAt' | 'records' | 'topics'>): void {
    if (records !== undefined) this.flow.take({ at, records, copied: totalOf(topics) });
    for (const { topic, records: own, copied } of topics)
      if (own !== undefined) this.#trendOf(topic).take({ at, records: own, copied });
  }

  /** Undefined of a topic that was never told of. */
  topic(name: string): Trend | undefined {
    return this.#topics.get(name);
  }

  #trendOf(topic: string): Trend {
    const trend = this.#topics.get(topic) ?? new Trend();
    this.#topics.set(topic, trend);
    return trend;
  }
}

/** Not known where one topic does not tell: it would seem to be copied when it tells again. */
function totalOf(topics: Reading['topics']): number | undefined {
  const counted = topics.filter(({ gone }) => gone === undefined);
  if (counted.some(({ copied }) => copied === undefined)) return undefined;
  return counted.reduce((sum, { copied = 0 }) => sum + copied, 0);
}
