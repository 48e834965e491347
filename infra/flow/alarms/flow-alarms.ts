import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  AnomalyDetectionAlarm,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarm,
  Metric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { flowName } from '../../../shared/flow/flow.ts';
import {
  ALARM_PAGE,
  type AlarmFacts,
  type AlarmSettings,
  type AlarmSide,
  alarmDescription,
  defaultAlarmSettings,
  flowAlarms,
  LAMBDA_ERRORS,
} from '../../../shared/metrics/alarms.ts';
import { NAMESPACE } from '../../../shared/metrics/catalogue.ts';
import { DEFAULT_PREFIX, physicalName } from '../names.ts';
import type { ReplicationFlowProps } from '../props.ts';
import type { RunbookAlarms } from '../runbooks/alarms.ts';
import { tellsMetric } from '../tells-metrics.ts';
import { MISSING } from './missing.ts';

/** As wide as CloudWatch's consoles draw it by themselves. */
const BAND_WIDTH = 2;

/** What watches one half of a flow, and the one alarm that tells people of it. */
export class FlowAlarms extends Construct {
  readonly #props: ReplicationFlowProps;
  readonly #paging: IAlarm[] = [];

  /** @param runbooks whose alarms people are told of as well */
  constructor(scope: Construct, id: string, props: ReplicationFlowProps, side: AlarmSide, runbooks?: RunbookAlarms) {
    super(scope, id);
    this.#props = props;
    const settings: AlarmSettings = { ...defaultAlarmSettings, ...props.alarms?.settings };
    for (const [name, facts] of Object.entries(flowAlarms(settings, props.verify?.everyMinutes)))
      if (facts.side === side && tellsMetric(facts.metric, facts.service, props)) this.#alarm(name, facts, settings);
    const failed = runbooks?.failed ?? [];
    this.#composite(side, 'unhealthy', 'something needs a person now', [...this.#paging, ...failed]);
    if (runbooks !== undefined && runbooks.notReady.length > 0)
      this.#composite(side, 'not-ready', 'applications might not be moved if they had to be', runbooks.notReady);
  }

  #alarm(name: string, facts: AlarmFacts, { recordsPerMinute }: AlarmSettings): void {
    const { namePrefix = DEFAULT_PREFIX, flow } = this.#props;
    const ofFlow = { namespace: NAMESPACE, dimensionsMap: { Flow: flowName(flow), service: facts.service } };
    const FunctionName = physicalName(namePrefix, flow, facts.service);
    const metric = new Metric({
      ...(facts.metric === LAMBDA_ERRORS ? { namespace: 'AWS/Lambda', dimensionsMap: { FunctionName } } : ofFlow),
      metricName: facts.metric,
      statistic: facts.statistic,
      period: Duration.minutes(facts.periodMinutes),
    });
    const common = {
      alarmName: physicalName(namePrefix, flow, name),
      alarmDescription: alarmDescription(name, facts),
      metric,
      evaluationPeriods: facts.values,
      datapointsToAlarm: facts.breaching,
      treatMissingData: MISSING[facts.missing],
    };
    const learned = name === 'rate-low' && recordsPerMinute === undefined;
    const alarm = learned
      ? new AnomalyDetectionAlarm(this, name, {
          ...common,
          stdDevs: BAND_WIDTH,
          comparisonOperator: ComparisonOperator.LESS_THAN_LOWER_THRESHOLD,
        })
      : new Alarm(this, name, {
          ...common,
          threshold: facts.threshold,
          comparisonOperator:
            facts.comparison === 'above'
              ? ComparisonOperator.GREATER_THAN_THRESHOLD
              : ComparisonOperator.LESS_THAN_THRESHOLD,
        });
    if (facts.pages) this.#paging.push(alarm);
  }

  /** One for all that people are to be told of: however many fire by one cause, it tells once. */
  #composite(side: AlarmSide, name: string, says: string, alarms: readonly IAlarm[]): void {
    const { namePrefix = DEFAULT_PREFIX, flow, alarms: { topicArns = [] } = {}, [side]: cluster } = this.#props;
    const composite = new CompositeAlarm(this, name, {
      compositeAlarmName: physicalName(namePrefix, flow, `${side}-${name}`),
      alarmDescription: `${flowName(flow)}, beside its ${side}: ${says}. First: causeway status, and the alarms of this one. ${ALARM_PAGE}#alarms`,
      alarmRule: AlarmRule.anyOf(...alarms.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM))),
    });
    const here = topicArns.filter((arn) => arn.split(':')[3] === cluster.region);
    for (const [index, arn] of here.entries())
      composite.addAlarmAction(new SnsAction(Topic.fromTopicArn(composite, `Topic${index}`, arn)));
  }
}
