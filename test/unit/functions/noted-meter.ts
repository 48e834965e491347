import type { Meter, MetricOf, MetricValues } from '../../../functions/meter.ts';
import type { MetricName } from '../../../shared/metrics/catalogue.ts';

/** Notes what it is told, as it is told. */
export class NotedMeter implements Meter {
  /** Since it was last published, by name. */
  current: Partial<Record<MetricName, number[]>> = {};
  readonly publications: Partial<Record<MetricName, number[]>>[] = [];
  readonly apart: [of: MetricOf, values: MetricValues][] = [];

  add(name: MetricName, value: number): void {
    this.current[name] = [...(this.current[name] ?? []), value];
  }

  addAll(values: MetricValues): void {
    for (const [name, value] of Object.entries(values) as [MetricName, number | readonly number[]][])
      for (const each of typeof value === 'number' ? [value] : value) this.add(name, each);
  }

  addOf(of: MetricOf, values: MetricValues): void {
    this.apart.push([of, values]);
  }

  publish(): void {
    this.publications.push(this.current);
    this.current = {};
  }

  /** Sums of all that was told since the last publication. */
  get sums(): Partial<Record<MetricName, number>> {
    return Object.fromEntries(
      Object.entries(this.current).map(([name, values]) => [name, values.reduce((sum, value) => sum + value, 0)]),
    );
  }
}
