import { existsSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import type { ReplicationFlowProps } from '../../../infra/flow/props.ts';
import { METRICS, type MetricFacts } from '../../../shared/metrics/catalogue.ts';
import {
  all,
  dashboardIn,
  dashboardsIn,
  functionNames,
  functionsOn,
  resourcesIn,
  shownBy,
  widgetsOf,
} from './dashboards.ts';
import { EAST_ARN, WEST } from './example.ts';

// The first template that a process renders loads half of the CDK.
vi.setConfig({ testTimeout: 300_000 });

const [EAST_REGION, WEST_REGION] = ['us-east-1', 'us-west-2'];
const FULL = 'causeway-us-east-to-us-west';
const BESIDE_SOURCE = `${FULL}-source`;

const REGIONS: Readonly<Record<string, string>> = { replicate: 'us-east-1', reconcile: 'us-east-1' };
const catalogue: Readonly<Record<string, MetricFacts>> = METRICS;

test('the flow as a whole is shown beside its target, what is told beside its source there, under names of their own', () => {
  expect([...dashboardsIn(WEST_REGION).keys()]).toEqual([FULL]);
  expect([...dashboardsIn(EAST_REGION).keys()]).toEqual([BESIDE_SOURCE]);
});

test('both halves in one region have one dashboard, with the alarms and functions of both', () => {
  const target = { ...WEST, region: 'us-east-1', clusterArn: EAST_ARN };
  const resources = resourcesIn(EAST_REGION, { target });
  const dashboards = dashboardsIn(EAST_REGION, { target });
  const body = dashboardIn(EAST_REGION, { target });

  expect([...dashboards.keys()]).toEqual([FULL]);
  expect(widgetsOf(body, 'alarm')[0]?.alarms).toHaveLength(
    all(resources, 'AWS::CloudWatch::Alarm').length + all(resources, 'AWS::CloudWatch::CompositeAlarm').length,
  );
  expect(functionsOn(body, EAST_REGION)).toEqual(functionNames(resources));
});

test.each([EAST_REGION, WEST_REGION])(
  '%s: each metric is one that its function publishes, in that region',
  (region) => {
    const shown = shownBy(dashboardIn(region));
    const functions = new Map([EAST_REGION, WEST_REGION].map((each) => [each, functionNames(resourcesIn(each))]));

    expect(shown.length).toBeGreaterThan(10);
    for (const { metric, service, flow, topics, region: shownIn } of shown) {
      const facts = catalogue[metric];
      expect([metric, facts?.by]).toEqual([metric, metric === 'InvocationsRefused' ? 'every function' : service]);
      expect([metric, facts?.level]).not.toEqual([metric, 'detail']);
      if (topics) expect([metric, facts?.of]).toEqual([metric, 'flow and topic']);
      expect([metric, flow, shownIn]).toEqual([metric, 'us-east->us-west', REGIONS[service] ?? 'us-west-2']);
      expect(functions.get(shownIn ?? '')).toContain(`${FULL}-${service}`);
    }
  },
);

test('what always has a value is on the dashboard, of the flow or by topic', () => {
  const shown = new Set(shownBy(dashboardIn(WEST_REGION)).map(({ metric }) => metric));
  const always = Object.entries(catalogue).filter(([, { level }]) => level === 'always');

  expect(always.map(([name]) => name).filter((name) => !shown.has(name))).toEqual([]);
});

test('beside the source nothing is asked of the target’s region', () => {
  const body = dashboardIn(EAST_REGION);

  for (const { region } of [...widgetsOf(body, 'metric'), ...widgetsOf(body, 'log')]) expect(region).toBe(EAST_REGION);
});

test('every function of the flow is shown with its errors, throttles and duration', () => {
  const planSteps = { reverse: {}, runbooks: { planSteps: true } };
  for (const [region, changes] of [
    [WEST_REGION, {}],
    [EAST_REGION, {}],
    [WEST_REGION, planSteps],
    [EAST_REGION, planSteps],
  ] as const)
    expect(functionsOn(dashboardIn(region, changes), region)).toEqual(functionNames(resourcesIn(region, changes)));
  expect(functionsOn(dashboardIn(WEST_REGION), EAST_REGION)).toEqual(
    ['reconcile', 'replicate'].map((name) => `${FULL}-${name}`),
  );
});

test('every log group that is searched is there', () => {
  const groups = (region: string) =>
    all(resourcesIn(region), 'AWS::Logs::LogGroup').map(({ LogGroupName }) => LogGroupName);
  for (const region of [EAST_REGION, WEST_REGION]) {
    const tables = widgetsOf(dashboardIn(region), 'log');
    expect(tables.length).toBeGreaterThan(1);
    for (const { query = '', region: searched = '' } of tables) {
      const sources = [...query.matchAll(/SOURCE '([^']+)'/g)].map(([, name]) => name);
      expect(sources.length).toBeGreaterThan(0);
      expect(groups(searched)).toEqual(expect.arrayContaining(sources));
    }
  }
});

test('all alarms of the region are shown, those that people are told of first', () => {
  for (const region of [EAST_REGION, WEST_REGION]) {
    const resources = resourcesIn(region);
    const types = (widgetsOf(dashboardIn(region), 'alarm')[0]?.alarms ?? []).map((id) => resources[id]?.Type);
    const [single, composite] = ['Alarm', 'CompositeAlarm'].map((type) =>
      all(resources, `AWS::CloudWatch::${type}`).map(() => `AWS::CloudWatch::${type}`),
    );
    expect(types).toEqual([...(composite ?? []), ...(single ?? [])]);
  }
});

test('the body is within CloudWatch’s limits, and widgets do not lie on one another', () => {
  for (const region of [EAST_REGION, WEST_REGION]) {
    const { widgets } = dashboardIn(region);
    expect(widgets.length).toBeLessThanOrEqual(500);
    for (const { properties, x, width } of widgets) {
      expect(properties.metrics?.length ?? 0).toBeLessThanOrEqual(500);
      expect(properties.alarms?.length ?? 0).toBeLessThanOrEqual(100);
      expect(x + width).toBeLessThanOrEqual(24);
    }
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, cell) => `${x + (cell % width)},${y + Math.floor(cell / width)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  }
});

test('what to do first names commands for this flow, and sections that are there', () => {
  const markdown = widgetsOf(dashboardIn(WEST_REGION, { namePrefix: 'blue' }), 'text')[0]?.markdown ?? '';

  expect(markdown).toContain('`npx causeway status --flow us-east:us-west --prefix blue`');
  expect(markdown).toContain('blue-us-east-to-us-west-source');
  for (const [, page = '', section = ''] of markdown.matchAll(/(docs\/[a-z]+\.md)#([a-z-]+)/g)) {
    const path = new URL(`../../../${page}`, import.meta.url);
    expect([page, existsSync(path)]).toEqual([page, true]);
    const sections = [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(sections).toContain(section);
  }
});

test('titles say where alarms are, as they are set', () => {
  const titles = (changes: Partial<ReplicationFlowProps>) =>
    widgetsOf(dashboardIn(WEST_REGION, changes), 'metric').map(({ title }) => title);

  expect(titles({ alarms: { settings: { recordsWaiting: 20_000 } } })).toContain(
    'Records that the target has not; alarm above 20,000',
  );
  expect(titles({ alarms: { enabled: false } })).toContain('Records that the target has not');
});

test('what is not deployed is not on it', () => {
  const without = { checkpoints: false, heartbeats: false, runbooks: { enabled: false } };
  const body = dashboardIn(WEST_REGION, without);
  const services = new Set(shownBy(body).map(({ service }) => service));

  expect([...services].toSorted()).toEqual(['monitor', 'reconcile', 'replicate']);
  expect(widgetsOf(body, 'log').map(({ title }) => title)).not.toContainEqual(expect.stringContaining('Runbooks'));
});

test.each<Partial<ReplicationFlowProps>>([{ dashboard: false }, { heartbeatsOnly: true }])(
  'there is none where it is not wanted: %o',
  (changes) => {
    for (const region of [EAST_REGION, WEST_REGION])
      if (!(changes.heartbeatsOnly && region === EAST_REGION)) expect(dashboardsIn(region, changes).size).toBe(0);
  },
);
