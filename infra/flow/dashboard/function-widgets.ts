import { Duration } from 'aws-cdk-lib';
import { GraphWidget, Metric } from 'aws-cdk-lib/aws-cloudwatch';

const PERIOD = Duration.minutes(1);
const HALF = { width: 12, height: 7 } as const;

/** How functions of one region do, by Lambda's own metrics. */
export function functionRow(functions: readonly string[], region: string): GraphWidget[] {
  const of = (metricName: string, statistic: string, label: (name: string) => string) =>
    functions.map((FunctionName) => {
      const own = { metricName, statistic, period: PERIOD, label: label(FunctionName) };
      return new Metric({ namespace: 'AWS/Lambda', dimensionsMap: { FunctionName }, ...own });
    });
  const axis = { min: 0, showUnits: false };
  return [
    new GraphWidget({
      ...{ ...HALF, region, title: `Errors; right: throttles; ${region}` },
      ...{ leftYAxis: axis, rightYAxis: axis },
      left: of('Errors', 'Sum', (name) => name),
      right: of('Throttles', 'Sum', (name) => `${name}, throttled`),
    }),
    new GraphWidget({
      ...{ ...HALF, region, title: `Longest run, ms; ${region}`, leftYAxis: axis },
      left: of('Duration', 'Maximum', (name) => name),
    }),
  ];
}
