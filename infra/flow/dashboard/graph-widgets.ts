import { Duration } from 'aws-cdk-lib';
import { GraphWidget, type IMetric, MathExpression, Metric, SearchExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { flowName } from '../../../shared/flow/flow.ts';
import { defaultAlarmSettings } from '../../../shared/metrics/alarms.ts';
import { NAMESPACE } from '../../../shared/metrics/catalogue.ts';
import type { ReplicationFlowProps } from '../props.ts';
import { tellsMetric } from '../tells-metrics.ts';
import { type GraphFacts, type GraphLine, serviceOf, sideOf } from './graphs.ts';

const PERIOD = Duration.minutes(1);
/** As many lines as can be told apart. */
const MOST_TOPICS = 20;
// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudWatch's
const TOPIC = "${PROP('Dim.Topic')}";
const WIDTH = 24;
const HEIGHT = 7;

/** A row of those graphs whose functions are deployed, each in the region where its metrics are. */
export function graphRow(graphs: readonly GraphFacts[], props: ReplicationFlowProps): GraphWidget[] {
  const shown = graphs
    .map(({ lines = [], ...graph }) => ({
      ...graph,
      lines: lines.filter((line) => tellsMetric(line.metric, serviceOf(line), props)),
    }))
    .filter(({ lines, topics }) => lines.length > 0 || topics !== undefined);
  return shown.map((graph) => graphWidget(graph, props, WIDTH / shown.length));
}

function graphWidget(graph: GraphFacts, props: ReplicationFlowProps, width: number): GraphWidget {
  const { lines = [], topics, perSecond } = graph;
  const { region } = props[sideOf(graph)];
  return new GraphWidget({
    ...{ title: titleOf(graph, props), region, width, height: HEIGHT, period: PERIOD },
    left: [...lines.map((line) => metricOf(line, props)), ...(topics === undefined ? [] : [topicsOf(topics, props)])],
    right: perSecond === undefined ? [] : [rateOf(perSecond, props)],
    leftYAxis: { min: 0, showUnits: false },
    rightYAxis: { min: 0, showUnits: false },
  });
}

function metricOf(line: GraphLine, { flow }: ReplicationFlowProps): Metric {
  return new Metric({
    namespace: NAMESPACE,
    metricName: line.metric,
    dimensionsMap: { Flow: flowName(flow), service: serviceOf(line) },
    statistic: line.statistic,
    label: line.label,
    period: PERIOD,
  });
}

/** Those with most, found anew whenever it is looked at. */
function topicsOf(line: Pick<GraphLine, 'metric' | 'statistic'>, { flow }: ReplicationFlowProps): IMetric {
  const named = { MetricName: line.metric, Flow: flowName(flow), service: serviceOf(line) };
  const terms = Object.entries(named).map(([name, value]) => `${name}="${value}"`);
  const search = `SEARCH('{${NAMESPACE},Flow,Topic,service} ${terms.join(' ')}', '${line.statistic}')`;
  return new SearchExpression({
    expression: `SORT(${search}, MAX, DESC, ${MOST_TOPICS})`,
    label: TOPIC,
    period: PERIOD,
  });
}

function rateOf(metric: GraphLine['metric'], props: ReplicationFlowProps): IMetric {
  const total = metricOf({ metric, statistic: 'Sum', label: 'all topics' }, props);
  return new MathExpression({
    expression: 'total / PERIOD(total)',
    usingMetrics: { total },
    label: 'all topics, a second',
    period: PERIOD,
  });
}

function titleOf({ title, limit }: GraphFacts, { alarms = {} }: ReplicationFlowProps): string {
  if (limit === undefined || alarms.enabled === false) return title;
  const value = { ...defaultAlarmSettings, ...alarms.settings }[limit];
  return value === undefined ? title : `${title}; alarm above ${value.toLocaleString('en-US')}`;
}
