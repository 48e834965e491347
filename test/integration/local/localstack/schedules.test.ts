import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type Regions, startRegions } from '../../../../local/region/regions.ts';
import { Stack } from '../../event-source-mapping/cloudformation.ts';
import { Queue } from '../../event-source-mapping/queue.ts';

const MINUTE_MS = 1_000;
/** An invocation may need a new process first. */
const FIRST_WITHIN_MS = 20_000;

let regions: Regions;
let server: Server;
let events = new Queue<{ readonly event: unknown; readonly atMs: number }>();

beforeAll(async () => {
  regions = await startRegions({
    clusters: [],
    awsSettings: { CAUSEWAY_SCHEDULE_MINUTE_S: String(MINUTE_MS / 1_000) },
  });
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      events.push({ event: JSON.parse(body), atMs: performance.now() });
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

function stack(): Stack {
  const place = { awsEndpoint: regions.awsEndpoint, cluster: { awsRegion: 'us-east-1' } };
  const created = new Stack(`schedules-${randomUUID().slice(0, 8)}`, place);
  onTestFinished(() => created[Symbol.asyncDispose]());
  events = new Queue();
  return created;
}

const arn = { 'Fn::GetAtt': ['Function', 'Arn'] };
const teller = () => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::000000000000:role/test',
    Environment: { Variables: { TEST_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } },
    Code: {
      ZipFile: `exports.handler = (event) => fetch(process.env.TEST_URL, { method: 'POST', body: JSON.stringify(event) });`,
    },
  },
});
const rule = (ScheduleExpression: string, action: string, State = 'ENABLED') => ({
  Function: teller(),
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      ScheduleExpression,
      State,
      Targets: [{ Id: 'Target0', Arn: arn, Input: JSON.stringify({ action }) }],
    },
  },
});

/** The next events, and how far apart they came on average, the first left out: it may have waited for a process. */
async function observe(count: number) {
  const seen = [await events.next(FIRST_WITHIN_MS, 'scheduled event')];
  while (seen.length <= count) seen.push(await events.next(10 * MINUTE_MS, 'scheduled event'));
  const [, second, ...others] = seen.map(({ atMs }) => atMs);
  const spanMs = (others.at(-1) ?? Number.NaN) - (second ?? Number.NaN);
  return { seen: seen.slice(0, count).map(({ event }) => event), gapMs: spanMs / others.length };
}

function expectAbout(gapMs: number, wantedMs: number): void {
  expect(gapMs).toBeGreaterThan(0.75 * wantedMs);
  expect(gapMs).toBeLessThan(1.4 * wantedMs);
}

it('a rule fires at its interval, and follows a stack that changes, stops and deletes it', {
  timeout: 90_000,
}, async () => {
  const deployed = stack();
  await deployed.create(rule('rate(2 minutes)', 'reconcile'));
  const first = await observe(4);
  expect(first.seen).toEqual(Array(4).fill({ action: 'reconcile' }));
  expectAbout(first.gapMs, 2 * MINUTE_MS);

  await deployed.update(rule('rate(5 minutes)', 'changed'));
  events = new Queue();
  const changed = await observe(2);
  expect(changed.seen).toEqual(Array(2).fill({ action: 'changed' }));
  expectAbout(changed.gapMs, 5 * MINUTE_MS);

  await deployed.update(rule('rate(1 minute)', 'stopped', 'DISABLED'));
  events = new Queue();
  await expect(events.next(3 * MINUTE_MS, 'scheduled event')).rejects.toThrow('No scheduled event');

  await deployed.update(rule('rate(1 minute)', 'again'));
  expect((await observe(2)).seen).toEqual(Array(2).fill({ action: 'again' }));
  await deployed.delete();
  events = new Queue();
  await expect(events.next(3 * MINUTE_MS, 'scheduled event')).rejects.toThrow('No scheduled event');
});

const schedule = (Target: object) => ({
  Function: teller(),
  Schedule: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'rate(2 minutes)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { RoleArn: 'arn:aws:iam::000000000000:role/test', ...Target },
    },
  },
});

it('a schedule of EventBridge Scheduler fires its function at its interval', { timeout: 90_000 }, async () => {
  await stack().create(schedule({ Arn: arn, Input: JSON.stringify({ action: 'drill' }) }));

  const { seen, gapMs } = await observe(4);

  expect(seen).toEqual(Array(4).fill({ action: 'drill' }));
  expectAbout(gapMs, 2 * MINUTE_MS);
});

it('a schedule whose target cannot be reached here is refused and not kept in silence', async () => {
  const creation = stack().create(schedule({ Arn: 'arn:aws:sqs:us-east-1:000000000000:queue' }));

  await expect(creation).rejects.toThrow(/Lambda functions and state machines can/);
});
