import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@aws-lambda-powertools/logger';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { EmbeddedMeter } from '../../../../functions/meter.ts';
import { type Regions, startRegions } from '../../../../local/region/regions.ts';
import {
  type AlarmFacts,
  type AlarmSettings,
  defaultAlarmSettings,
  flowAlarms,
} from '../../../../shared/metrics/alarms.ts';
import { build, example } from '../../../unit/infra/example.ts';
import { Stack } from '../../event-source-mapping/cloudformation.ts';
import { Queue } from '../../event-source-mapping/queue.ts';

/** The longest alarm looks back a quarter of an hour. */
const MINUTE_S = 1;
const VERIFY_MINUTES = 5;
const CHANGED_WITHIN_MS = 90_000;
const FLOW = 'us-east->us-west';
const PREFIX = 'causeway-us-east-to-us-west-';

const settings: AlarmSettings = { ...defaultAlarmSettings, recordsPerMinute: 100 };
const alarms = Object.entries(flowAlarms(settings, VERIFY_MINUTES));

let regions: Regions;
let server: Server;
const changes = new Queue<{ readonly alarm: string; readonly state: string }>();

beforeAll(async () => {
  regions = await startRegions({ clusters: [], awsSettings: { CAUSEWAY_SCHEDULE_MINUTE_S: String(MINUTE_S) } });
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { detail } = JSON.parse(body);
      changes.push({ alarm: String(detail.alarmName).replace(PREFIX, ''), state: detail.state.value });
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server?.close();
  await regions?.stop();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/**
 * What the functions write to their logs in a minute, by the meter that they have: for each alarm that fires above its
 * threshold what is asked, for the others what is right.
 */
function linesOf(above: (facts: AlarmFacts) => number): readonly string[] {
  const lines: string[] = [];
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.spyOn(console, 'log').mockImplementation((line: unknown) => void lines.push(String(line)));
  for (const [service, own] of Map.groupBy(alarms, ([, facts]) => facts.service)) {
    vi.stubEnv('POWERTOOLS_SERVICE_NAME', service);
    const meter = new EmbeddedMeter(new Logger());
    meter.setFlow(FLOW);
    for (const [, facts] of own) {
      const { comparison, metric, statistic, threshold, periodMinutes } = facts;
      // Any value is a sample.
      if (statistic === 'SampleCount') continue;
      meter.add(metric, comparison === 'above' ? above(facts) : Math.ceil(threshold / periodMinutes));
    }
    meter.publish();
  }
  vi.restoreAllMocks();
  return lines;
}

const role = 'arn:aws:iam::000000000000:role/test';

function lambda(code: string, environment: Readonly<Record<string, string>> = {}) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      ...{ Runtime: 'nodejs24.x', Handler: 'index.handler', Role: role, Code: { ZipFile: code } },
      Environment: { Variables: environment },
    },
  };
}

/** The alarms of both halves as the stacks have them, a function that writes `lines` each minute, and who is told. */
function watched(lines: readonly string[]) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const target = (name: string, Input?: string) => ({
    Id: 'Target0',
    Arn: { 'Fn::GetAtt': [name, 'Arn'] },
    ...(Input !== undefined && { Input }),
  });
  return {
    ...alarmResources(),
    Writer: lambda(`exports.handler = async ({ lines }) => {
      for (const line of lines) {
        const told = JSON.parse(line);
        told._aws.Timestamp = Date.now();
        console.log(JSON.stringify(told));
      }
    };`),
    Teller: lambda(
      `exports.handler = (event) => fetch(process.env.TEST_URL, { method: 'POST', body: JSON.stringify(event) });`,
      { TEST_URL: url },
    ),
    EveryMinute: {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'rate(1 minute)', Targets: [target('Writer', JSON.stringify({ lines }))] },
    },
    Changes: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.cloudwatch'], 'detail-type': ['CloudWatch Alarm State Change'] },
        Targets: [target('Teller')],
      },
    },
  };
}

function alarmResources(): Record<string, unknown> {
  const types = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'];
  const all = ['us-east-1', 'us-west-2'].flatMap((region) => {
    const { Resources } = Template.fromStack(
      build(example({ alarms: { settings }, verify: { everyMinutes: VERIFY_MINUTES } }), region).stack,
    ).toJSON();
    return Object.entries<{ Type: string }>(Resources).filter(([, { Type }]) => types.includes(Type));
  });
  return Object.fromEntries(all);
}

/** Where each alarm was when it last told. */
const states = new Map<string, string>();

async function nextChange(missing: readonly string[], state: string): Promise<string> {
  const change = await changes.next(CHANGED_WITHIN_MS, `change to ${state} of ${missing.join(', ')}`);
  states.set(change.alarm, change.state);
  return change.state === state ? change.alarm : '';
}

/** Waits until each of these has fired; on a busy machine minutes without a value may clear it before others fire. */
async function expectFired(names: readonly string[]): Promise<void> {
  const missing = new Set(names.filter((name) => states.get(name) !== 'ALARM'));
  while (missing.size > 0) missing.delete(await nextChange([...missing], 'ALARM'));
}

async function expectClear(names: readonly string[]): Promise<void> {
  const firing = () => names.filter((name) => states.get(name) !== 'OK');
  while (firing().length > 0) await nextChange(firing(), 'OK');
}

const named = (which: (facts: AlarmFacts) => boolean) =>
  alarms.filter(([, facts]) => which(facts)).map(([name]) => name);
const composites = ['source-unhealthy', 'target-unhealthy'];

test('each alarm of a flow fires and clears, by silence or by what the functions write, and the composite ones with it', {
  timeout: 420_000,
}, async () => {
  const bySilence = named(({ missing }) => missing === 'breaching');
  const byValues = named(({ comparison }) => comparison === 'above');
  expect(new Set([...bySilence, ...byValues])).toEqual(new Set(alarms.map(([name]) => name)));
  const well = linesOf(() => 0);
  const sick = linesOf(({ threshold }) => threshold + 1);
  const place = { awsEndpoint: regions.awsEndpoint, awsRegion: 'us-east-1' };
  const stack = new Stack(`alarms-${randomUUID().slice(0, 8)}`, place);
  onTestFinished(() => stack[Symbol.asyncDispose]());

  await stack.create(watched([]));
  await expectFired([...bySilence, 'target-unhealthy']);

  await stack.update(watched(well));
  await expectClear([...bySilence, 'target-unhealthy']);

  await stack.update(watched(sick));
  await expectFired([...byValues, ...composites]);

  await stack.update(watched(well));
  await expectClear([...byValues, ...composites]);
});
