import type { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS, type MetricName, type MetricUnitName, NAMESPACE } from '../shared/metrics/catalogue.ts';

/** Powertools publishes what it holds by itself when a metric has a hundred values, and forgets its dimensions then. */
export const MOST_VALUES = 99;

/** `DETAILED_METRICS`, set by the stack for `causeway.metrics.detailed`. */
const DETAILED = process.env.DETAILED_METRICS === 'true';

/** A further dimension of a metric, beside the flow. */
export type MetricOf = { readonly Topic: string } | { readonly Reason: string } | { readonly Runbook: string };

/** What a detail of one publication adds up to. */
interface Figure {
  readonly count: number;
  readonly sum: number;
  readonly max: number;
}

/** Values by metric, one or more of each. */
export type MetricValues = Partial<Record<MetricName, number | readonly number[]>>;

export interface Meter {
  add(name: MetricName, value: number): void;
  addAll(values: MetricValues): void;
  /** Values that have one more dimension, published at once. */
  addOf(of: MetricOf, values: MetricValues): void;
  publish(): void;
}

/**
 * A function's metrics, in CloudWatch's embedded format. What each one costs decides where it goes (`MetricLevel`): details
 * are one line of the log, and events that have not happened are not published.
 */
export class EmbeddedMeter implements Meter {
  readonly #metrics = new Metrics({ namespace: NAMESPACE });
  /** Of what is published at once, with dimensions of its own. */
  readonly #apart = new Metrics({ namespace: NAMESPACE });
  readonly #logger: Logger;
  readonly #detailed: boolean;
  #details = new Map<string, Figure>();

  constructor(logger: Logger, detailed = DETAILED) {
    this.#logger = logger;
    this.#detailed = detailed;
  }

  /** @param flow `us-east->us-west`, the dimension of all that comes after */
  setFlow(flow: string): void {
    for (const each of [this.#metrics, this.#apart]) each.setDefaultDimensions({ Flow: flow });
  }

  add(name: MetricName, value: number): void {
    if (this.#publishes(name, value)) this.#metrics.addMetric(name, unitOf(name), value);
    else if (METRICS[name].level === 'detail') this.#note(name, value);
  }

  addAll(values: MetricValues): void {
    for (const [name, all] of listed(values)) for (const value of all) this.add(name, value);
  }

  addOf(of: MetricOf, values: MetricValues): void {
    const metrics = this.#apart;
    for (const [name, all] of listed(values))
      for (const each of all.slice(0, MOST_VALUES))
        if (this.#publishes(name, each)) metrics.addMetric(name, unitOf(name), each);
        else this.#note(`${name} ${Object.values(of)}`, each);
    if (!metrics.hasStoredMetrics()) return;
    metrics.addDimensions({ ...of });
    metrics.publishStoredMetrics();
  }

  publish(): void {
    if (this.#metrics.hasStoredMetrics()) this.#metrics.publishStoredMetrics();
    if (this.#details.size === 0) return;
    this.#logger.info('figures', { figures: Object.fromEntries(this.#details) });
    this.#details = new Map();
  }

  #publishes(name: MetricName, value: number): boolean {
    const { level } = METRICS[name];
    return level === 'detail' ? this.#detailed : level !== 'event' || value > 0;
  }

  #note(key: string, value: number): void {
    const { count, sum, max } = this.#details.get(key) ?? { count: 0, sum: 0, max: Number.NEGATIVE_INFINITY };
    this.#details.set(key, { count: count + 1, sum: sum + value, max: Math.max(max, value) });
  }
}

/** Publishes at the end of each invocation, also of one that fails. */
export function publishing(meter: Meter) {
  const publish = () => meter.publish();
  return { after: publish, onError: publish };
}

function unitOf(name: MetricName): (typeof MetricUnit)[MetricUnitName] {
  return MetricUnit[METRICS[name].unit];
}

function listed(values: MetricValues): [MetricName, readonly number[]][] {
  const entries = Object.entries(values) as [MetricName, number | readonly number[]][];
  return entries.map(([name, value]) => [name, typeof value === 'number' ? [value] : value]);
}
