import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import type { ReplicationFlowProps } from '../../../infra/flow/props.ts';
import { type AlarmMetric, defaultAlarmSettings, flowAlarms, LAMBDA_ERRORS } from '../../../shared/metrics/alarms.ts';
import { METRICS, type MetricName } from '../../../shared/metrics/catalogue.ts';
import { build, example } from './example.ts';

const EAST = 'us-east-1';
const WEST = 'us-west-2';

function templateOf(changes: Partial<ReplicationFlowProps>, region: string): Template {
  return Template.fromStack(build(example(changes), region).stack);
}

/** With every function that has alarms. */
const EVERYTHING: Partial<ReplicationFlowProps> = { verify: {} };

/** Alarms by the end of their names. */
function alarmsIn(region: string, changes = EVERYTHING) {
  const { Resources } = templateOf(changes, region).toJSON();
  const all: { Type: string; Properties: Record<string, unknown> }[] = Object.values(Resources);
  const of = (type: string) => all.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
  const short = (name: unknown) => String(name).replace('causeway-us-east-to-us-west-', '');
  return {
    single: new Map(of('AWS::CloudWatch::Alarm').map((alarm) => [short(alarm.AlarmName), alarm])),
    composite: new Map(of('AWS::CloudWatch::CompositeAlarm').map((alarm) => [short(alarm.AlarmName), alarm])),
  };
}

const facts = Object.entries(flowAlarms(defaultAlarmSettings));

test('each alarm stands where its metric is published', () => {
  const [east, west] = [alarmsIn(EAST).single, alarmsIn(WEST).single];
  for (const [name, { side }] of facts) {
    expect([name, east.has(name), west.has(name)]).toEqual([name, side === 'source', side === 'target']);
  }
});

const isOwn = (metric: AlarmMetric): metric is MetricName => metric !== LAMBDA_ERRORS;

test('each alarm is on a metric of the flow that the function publishes, or on its failed calls, and says what to do', () => {
  const [east, west] = [alarmsIn(EAST).single, alarmsIn(WEST).single];
  for (const [name, { metric, side, service, statistic, values, breaching, missing }] of facts) {
    if (isOwn(metric)) expect([service, 'every function']).toContain(METRICS[metric].by);
    const alarm = (side === 'source' ? east : west).get(name);
    expect(alarm).toMatchObject({ EvaluationPeriods: values, DatapointsToAlarm: breaching, TreatMissingData: missing });
    expect(alarm?.AlarmDescription).toMatch(new RegExp(`First: .* docs/operating\\.md#${name}$`));
    if (name === 'rate-low') continue;
    const ofFlow = [
      { Name: 'Flow', Value: 'us-east->us-west' },
      { Name: 'service', Value: service },
    ];
    const ofCalls = [{ Name: 'FunctionName', Value: `causeway-us-east-to-us-west-${service}` }];
    expect(alarm).toMatchObject({
      ...{ Namespace: isOwn(metric) ? 'Causeway' : 'AWS/Lambda', MetricName: metric },
      Dimensions: isOwn(metric) ? ofFlow : ofCalls,
    });
    expect(alarm?.Statistic ?? alarm?.ExtendedStatistic).toBe(statistic);
  }
});

test('whatever alarm there is says what to do first, and leads to its section of the page', () => {
  const page = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8');
  const runbooks = { failoverAfterMinutes: 5 };
  const all = [EAST, WEST].flatMap((region) => [...alarmsIn(region, { ...EVERYTHING, runbooks }).single]);

  expect(all.map(([name]) => name)).toEqual(expect.arrayContaining(['source-lost', 'drill-not-tried', 'gap']));
  for (const [name, { AlarmDescription }] of all) {
    const section = /First: .* docs\/operating\.md#([a-z-]+)$/.exec(String(AlarmDescription))?.[1] ?? 'none';
    expect([name, name.endsWith(section), page.includes(`\n### ${section}\n`)]).toEqual([name, true, true]);
  }
});

test('a rate that is not set is learnt', () => {
  expect(JSON.stringify(alarmsIn(EAST).single.get('rate-low'))).toContain('ANOMALY_DETECTION_BAND');
  const set = alarmsIn(EAST, { alarms: { settings: { recordsPerMinute: 1_000 } } }).single.get('rate-low');
  expect(set).toMatchObject({ Threshold: 2_500, Period: 300, ComparisonOperator: 'LessThanThreshold' });
});

test('thresholds can be set', () => {
  const { single } = alarmsIn(WEST, { alarms: { settings: { recordsWaiting: 5 } } });
  expect(single.get('records-waiting')?.Threshold).toBe(5);
});

test('one alarm of each half tells the topics of its region, once for all that people are to be told of', () => {
  const topicArns = [EAST, WEST].map((region) => `arn:aws:sns:${region}:111122223333:on-call`);
  const [east, west] = [EAST, WEST].map((region) => alarmsIn(region, { alarms: { topicArns } }));

  expect([...(east?.composite.keys() ?? [])]).toEqual(['source-unhealthy']);
  expect([...(west?.composite.keys() ?? [])].toSorted()).toEqual(['target-not-ready', 'target-unhealthy']);
  expect(east?.composite.get('source-unhealthy')?.AlarmActions).toEqual([topicArns[0]]);
  for (const alarm of west?.composite.values() ?? []) expect(alarm.AlarmActions).toEqual([topicArns[1]]);
  for (const alarm of [...(east?.single.values() ?? []), ...(west?.single.values() ?? [])])
    expect(alarm).not.toHaveProperty('AlarmActions');
});

test('what people are not told of, and what is true of every new flow, makes no flow unhealthy', () => {
  const rule = JSON.stringify(alarmsIn(WEST).composite.get('target-unhealthy')?.AlarmRule);
  const inRule = (name: string) => rule.includes(`Alarms${name.replaceAll('-', '')}`);
  for (const [name, { side, pages }] of facts)
    if (side === 'target') expect([name, inRule(name)]).toEqual([name, pages]);
  expect(rule).toContain('RunFailed');
  expect(rule).not.toContain('DrillOverdue');
});

test('a function that is not deployed is not missed', () => {
  const { single } = alarmsIn(WEST, { checkpoints: false, heartbeats: false });
  expect([...single.keys()].filter((name) => /^(checkpoint|heartbeat|end-to-end|verify)/.test(name))).toEqual([]);
});

test('heartbeats that do not arrive by the configuration are not missed, and nothing else is left out', () => {
  const [all, without] = [alarmsIn(WEST), alarmsIn(WEST, { ...EVERYTHING, heartbeatsArrive: false })];

  const left = [...all.single.keys()].filter((name) => !without.single.has(name));
  expect(left.toSorted()).toEqual(['end-to-end-latency', 'end-to-end-latency-strict', 'heartbeats-missing']);
  expect(JSON.stringify(without.composite.get('target-unhealthy')?.AlarmRule)).not.toContain('heartbeatsmissing');
});

test('a flow without alarms has those of its runbooks alone', () => {
  expect(alarmsIn(EAST, { alarms: { enabled: false } }).single.size).toBe(0);
  const { single, composite } = alarmsIn(WEST, { alarms: { enabled: false } });
  expect([...single.keys()].every((name) => /runbook|would-stop|not-tried|drill/.test(name))).toBe(true);
  expect(composite.size).toBe(0);
});
