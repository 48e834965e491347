import { expect } from 'vitest';
import { z } from 'zod';
import type { ReplicationFlowProps } from '../../../infra/flow/props.ts';
import { example, template } from './example.ts';

/** What the project's dashboards have of CloudWatch's form of them. */
const bodySchema = z.strictObject({
  start: z.string(),
  widgets: z.array(
    z.object({
      type: z.enum(['text', 'alarm', 'metric', 'log']),
      ...{ x: z.int(), y: z.int(), width: z.int().max(24), height: z.int() },
      properties: z.object({
        title: z.string().optional(),
        markdown: z.string().optional(),
        region: z.string().optional(),
        query: z.string().optional(),
        alarms: z.array(z.string()).optional(),
        metrics: z.array(z.array(z.unknown())).optional(),
      }),
    }),
  ),
});
export type Body = z.infer<typeof bodySchema>;
type Widget = Body['widgets'][number];

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

const logicalId = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) });
const joined = z.union([z.string(), z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) })]);

/** A text as CloudFormation would put it together, with logical ids in place of what only it knows. */
function written(text: unknown): string {
  const parsed = joined.parse(text);
  if (typeof parsed === 'string') return parsed;
  const [, parts] = parsed['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : logicalId.parse(part)['Fn::GetAtt'][0])).join('');
}

export function resourcesIn(
  region: string,
  changes: Partial<ReplicationFlowProps> = {},
): Readonly<Record<string, Resource>> {
  return template(example(changes), region).toJSON().Resources;
}

/** Properties of all resources of a type. */
export function all(resources: Readonly<Record<string, Resource>>, type: string) {
  return Object.values(resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));
}

export function dashboardsIn(region: string, changes: Partial<ReplicationFlowProps> = {}): ReadonlyMap<unknown, Body> {
  return new Map(
    all(resourcesIn(region, changes), 'AWS::CloudWatch::Dashboard').map((each) => [
      each.DashboardName,
      bodySchema.parse(JSON.parse(written(each.DashboardBody))),
    ]),
  );
}

export function dashboardIn(region: string, changes: Partial<ReplicationFlowProps> = {}): Body {
  const [body] = dashboardsIn(region, changes).values();
  if (body === undefined) throw new Error(`no dashboard in ${region}`);
  return body;
}

export function widgetsOf({ widgets }: Body, type: Widget['type']) {
  return widgets.flatMap((widget) => (widget.type === type ? [widget.properties] : []));
}

interface Shown {
  readonly metric: string;
  readonly service: string;
  readonly flow: string;
  readonly topics: boolean;
  readonly region: string | undefined;
}

const SEARCH = /^SORT\(SEARCH\('\{Causeway,Flow,Topic,service\} (.*)', '(?:p99|Sum|Maximum)'\), MAX, DESC, 20\)$/;

/** Every metric of Causeway's that graphs are of. */
export function shownBy(body: Body): Shown[] {
  return widgetsOf(body, 'metric').flatMap(({ metrics = [], region }) =>
    metrics.flatMap((row): Shown[] => {
      const [namespace] = row;
      if (namespace === 'Causeway') {
        const [, metric, flowKey, flow, serviceKey, service] = z.tuple([z.string()], z.unknown()).parse(row);
        expect([flowKey, serviceKey]).toEqual(['Flow', 'service']);
        return [{ metric: String(metric), flow: String(flow), service: String(service), topics: false, region }];
      }
      const { expression } = z.looseObject({ expression: z.string().optional() }).catch({}).parse(namespace);
      const [, terms] = SEARCH.exec(expression ?? '') ?? [];
      if (terms === undefined) return [];
      const {
        MetricName = '',
        Flow = '',
        service = '',
      } = Object.fromEntries([...terms.matchAll(/(\w+)="([^"]+)"/g)].map(([, name, value]) => [name, value]));
      return [{ metric: MetricName, flow: Flow, service, topics: true, region }];
    }),
  );
}

export function functionNames(resources: Readonly<Record<string, Resource>>): unknown[] {
  return all(resources, 'AWS::Lambda::Function')
    .map(({ FunctionName }) => FunctionName)
    .toSorted();
}

/** Functions whose errors are shown. */
export function functionsOn(body: Body, region: string): unknown[] {
  return widgetsOf(body, 'metric')
    .filter((widget) => widget.region === region)
    .flatMap(({ metrics = [] }) => metrics.flatMap((row) => (row[1] === 'Errors' ? [row[3]] : [])))
    .toSorted();
}
