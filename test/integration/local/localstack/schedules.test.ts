import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type Regions, startRegions } from '../../../../local/region/regions.ts';
import { Stack } from '../../event-source-mapping/cloudformation.ts';
import { Queue } from '../../event-source-mapping/queue.ts';

const MINUTE_MS = 1_000;
/** An invocation may need a new process first, and a process its turn. */
const EVENT_WITHIN_MS = 30_000;
const MOST_ON_THEIR_WAY = 20;

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
  const place = { awsEndpoint: regions.awsEndpoint, awsRegion: 'us-east-1' };
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

/**
 * Waits for so many events of an action. However late they come, none comes before its time: the first an interval after
 * the schedule was asked for, the second two, ...
 */
async function expectEvents(action: string, count: number, askedAtMs: number, intervalMs: number): Promise<void> {
  const cameAtMs: number[] = [];
  while (cameAtMs.length < count) {
    const { event, atMs } = await events.next(EVENT_WITHIN_MS, 'scheduled event');
    // One of what was there before may still be on its way.
    if (isDeepStrictEqual(event, { action })) cameAtMs.push(atMs);
  }
  expect(cameAtMs.filter((atMs, i) => atMs < askedAtMs + (i + 1) * intervalMs)).toEqual([]);
}

/** Events come no more, but for those that are on their way: many, where a busy machine is behind with invocations. */
async function expectSilence(): Promise<void> {
  const next = () => events.next(3 * MINUTE_MS, 'scheduled event').then(Boolean, () => false);
  for (let onTheirWay = 0; await next(); onTheirWay++) expect(onTheirWay).toBeLessThan(MOST_ON_THEIR_WAY);
}

it('a rule fires at its interval, and follows a stack that changes, stops and deletes it', {
  timeout: 180_000,
}, async () => {
  const deployed = stack();
  let askedAtMs = performance.now();
  await deployed.create(rule('rate(2 minutes)', 'reconcile'));
  await expectEvents('reconcile', 4, askedAtMs, 2 * MINUTE_MS);

  askedAtMs = performance.now();
  await deployed.update(rule('rate(5 minutes)', 'changed'));
  await expectEvents('changed', 2, askedAtMs, 5 * MINUTE_MS);

  await deployed.update(rule('rate(1 minute)', 'stopped', 'DISABLED'));
  events = new Queue();
  await expectSilence();

  askedAtMs = performance.now();
  await deployed.update(rule('rate(1 minute)', 'again'));
  await expectEvents('again', 2, askedAtMs, MINUTE_MS);
  await deployed.delete();
  events = new Queue();
  await expectSilence();
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

it('a rule starts a state machine with the input that it gives', async () => {
  const RoleArn = 'arn:aws:iam::000000000000:role/test';
  const definition = ['{"StartAt":"Tell","States":{"Tell":{"Type":"Task","Resource":"', arn, '","End":true}}}'];
  const deployed = stack();
  const asked = performance.now();
  await deployed.create({
    Function: teller(),
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { RoleArn, DefinitionString: { 'Fn::Join': ['', definition] } },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        ScheduleExpression: 'rate(1 minute)',
        Targets: [{ Id: 'Target0', Arn: { Ref: 'Machine' }, RoleArn, Input: JSON.stringify({ action: 'move' }) }],
      },
    },
  });

  await expectEvents('move', 1, asked, MINUTE_MS);
});

it('a schedule of EventBridge Scheduler fires its function at its interval', { timeout: 180_000 }, async () => {
  const askedAtMs = performance.now();
  await stack().create(schedule({ Arn: arn, Input: JSON.stringify({ action: 'drill' }) }));

  await expectEvents('drill', 4, askedAtMs, 2 * MINUTE_MS);
});

it('a schedule whose target cannot be reached here is refused and not kept in silence', async () => {
  const creation = stack().create(schedule({ Arn: 'arn:aws:sqs:us-east-1:000000000000:queue' }));

  await expect(creation).rejects.toThrow(/Lambda functions and state machines can/);
});
