import { randomBytes } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { DynamoDbRunJournal } from '../../../../../shared/adapters/dynamodb/runbook/run-journal.ts';
import { flowName } from '../../../../../shared/flow/flow.ts';
import type { RunBeginning } from '../../../../../shared/runbook/registry/run-summary.ts';
import type { StageRecord } from '../../../../../shared/runbook/stage.ts';
import { newFlow, registryTable } from './table.ts';

const STARTED_AT = 1_700_000_000_000;

const { client, tableName } = registryTable();

function journal(flow = newFlow(), dryRun?: string): DynamoDbRunJournal {
  return new DynamoDbRunJournal(client, { tableName, flow, ...(dryRun !== undefined && { dryRun }) });
}

function stage(changes: Partial<StageRecord> = {}): StageRecord {
  return {
    generation: 7,
    stage: 'drain',
    execution: 'arn:seven',
    startedAt: STARTED_AT,
    endedAt: undefined,
    calls: 1,
    outcome: 'waiting',
    verdict: undefined,
    says: '3 records behind',
    evidence: { partitions: [{ topic: 'orders', partition: 0, behind: 3 }] },
    error: undefined,
    ...changes,
  };
}

function beginning(generation: number, changes: Partial<RunBeginning> = {}): RunBeginning {
  return {
    generation,
    kind: 'switchover',
    from: 'us-east',
    to: 'us-west',
    execution: `arn:${generation}`,
    startedAt: STARTED_AT + generation * 1000,
    dryRun: false,
    startedBy: 'alarm',
    reason: 'no heartbeats',
    ...changes,
  };
}

test('a stage is read back as it was recorded last, with evidence and error', async () => {
  const stages = journal();
  const stopped = stage({
    endedAt: STARTED_AT + 9,
    calls: 4,
    outcome: 'stopped',
    error: { code: 'NOT_DRAINED', safe: 'Nothing moved.', next: 'Look at orders-0.' },
  });
  const passed = stage({ stage: 'fence-writers', outcome: 'passed', verdict: 'WARN', endedAt: STARTED_AT });
  const failed = stage({ stage: 'watch-lag', outcome: 'passed', verdict: 'FAIL', endedAt: STARTED_AT });

  expect(await stages.stage(7, 'drain')).toBeUndefined();
  await stages.record(stage());
  expect(await stages.stage(7, 'drain')).toEqual(stage());
  await stages.record(stopped);
  await stages.record(passed);
  await stages.record(failed);
  expect(await stages.stage(7, 'drain')).toEqual(stopped);
  expect(await stages.stage(7, 'fence-writers')).toEqual(passed);
  expect(await stages.stage(7, 'watch-lag')).toEqual(failed);
  expect(await stages.stage(8, 'drain')).toBeUndefined();
});

test('the stages of a run come in the order of their first calls, none of another run', async () => {
  const stages = journal();
  const names = ['undo', 'report', 'drain', 'lock'] as const;
  for (const [index, name] of names.entries()) await stages.record(stage({ stage: name, startedAt: 100 - index }));
  await stages.record(stage({ generation: 70 }));
  await stages.beginRun(beginning(7));

  expect((await stages.run(7)).map((record) => record.stage)).toEqual(['lock', 'drain', 'report', 'undo']);
});

test('evidence of 4,000 partitions is kept whole', async () => {
  const stages = journal();
  const partitions = Array.from({ length: 4_000 }, (_, i) => ({
    topic: `customer-events-${Math.floor(i / 12)}`,
    partition: i % 12,
    sourceEnd: 1_000_000_007 * (i + 1),
    targetEnd: 1_000_000_009 * (i + 1),
  }));

  await stages.record(stage({ evidence: { partitions } }));

  expect((await stages.stage(7, 'drain'))?.evidence).toEqual({ partitions });
});

test('evidence, sentences and errors that no item holds do not fail the stage', async () => {
  const stages = journal();
  const groups = Array.from({ length: 30_000 }, (_, i) => `${i}-${randomBytes(32).toString('hex')}`);
  const endless = 'ö'.repeat(200_000);

  const error = { code: 'X', safe: endless, next: endless };
  await stages.record(stage({ evidence: { groups, count: 30_000 }, says: endless, error }));

  const read = await stages.stage(7, 'drain');
  expect(read?.evidence).toEqual({ groups: groups.slice(0, 3_000), count: 30_000, leftOut: { groups: 27_000 } });
  expect(read?.says).toBe(`${'ö'.repeat(3_000)}… (197000 more characters)`);
  expect(read?.error?.next).toBe(read?.says);
});

test('a run is noted as running, then as it ended', async () => {
  const runs = journal();
  const running = { ...beginning(1), endedAt: undefined, outcome: 'running', stoppedAt: undefined };

  await runs.beginRun(beginning(1));
  await runs.beginRun(beginning(1, { startedAt: STARTED_AT + 99_000 }));
  expect(await runs.runs(10)).toEqual([running]);
  await runs.endRun(1, { outcome: 'stopped', endedAt: STARTED_AT + 50_000, stoppedAt: 'drain' });
  expect(await runs.runs(10)).toEqual([
    { ...running, outcome: 'stopped', endedAt: STARTED_AT + 50_000, stoppedAt: 'drain' },
  ]);
  await runs.endRun(1, { outcome: 'finished', endedAt: STARTED_AT + 70_000, stoppedAt: undefined });
  expect(await runs.runs(10)).toEqual([{ ...running, outcome: 'finished', endedAt: STARTED_AT + 70_000 }]);
});

test('the end of a run that was never noted is not made up', async () => {
  const runs = journal();
  await runs.endRun(3, { outcome: 'finished', endedAt: 1, stoppedAt: undefined });
  expect(await runs.runs(10)).toEqual([]);
});

test('runs are listed newest first, page after page, over more than a batch and where some were not noted', async () => {
  const runs = journal();
  const noted = Array.from({ length: 130 }, (_, i) => i + 1).filter((generation) => generation % 10 !== 0);
  await Promise.all(noted.map((generation) => runs.beginRun(beginning(generation))));
  await runs.record(stage({ generation: 130 }));
  const newestFirst = noted.toReversed();

  const first = await runs.runs(105);
  const second = await runs.runs(105, first.at(-1)?.generation);

  expect(first.map(({ generation }) => generation)).toEqual(newestFirst.slice(0, 105));
  expect(second.map(({ generation }) => generation)).toEqual(newestFirst.slice(105));
  expect(await runs.runs(5, 1)).toEqual([]);
});

test('dry runs at the same time are kept apart, and from the runs', async () => {
  const flow = newFlow();
  const [one, two] = ['arn:dry:one', 'arn:dry:two'].map((execution) => journal(flow, execution));
  if (!one || !two) throw new Error('two journals');
  const dry = { generation: 0, dryRun: true };
  await one.beginRun(beginning(0, { ...dry, execution: 'arn:dry:one' }));
  await two.beginRun(beginning(0, { ...dry, kind: 'drill', execution: 'arn:dry:two', startedAt: STARTED_AT + 5 }));
  await one.record(stage({ generation: 0, says: 'one' }));
  await two.record(stage({ generation: 0, says: 'two' }));
  await one.endRun(0, { outcome: 'stopped', endedAt: STARTED_AT + 9, stoppedAt: 'lock' });

  expect((await one.stage(0, 'drain'))?.says).toBe('one');
  expect((await two.run(0)).map(({ says }) => says)).toEqual(['two']);
  expect(await journal(flow).runs(10)).toEqual([]);
  const listed = await journal(flow).dryRuns(10);
  expect(listed.map(({ execution, outcome }) => [execution, outcome])).toEqual([
    ['arn:dry:two', 'running'],
    ['arn:dry:one', 'stopped'],
  ]);
  expect(await journal(flow).dryRuns(1)).toEqual(listed.slice(0, 1));
  await expect(journal(flow).stage(0, 'drain')).rejects.toThrow('generation 0 is of dry runs');
});

test.each([
  ['a stage', 'RUN#0000000007#06-drain', (runs: DynamoDbRunJournal) => runs.stage(7, 'drain')],
  ['a run', 'RUN#0000000007', (runs: DynamoDbRunJournal) => runs.runs(1)],
])('%s that is not one of ours is named', async (_what, sk, read) => {
  const flow = newFlow();
  const Item = { pk: { S: flowName(flow) }, sk: { S: sk }, generation: { N: '7' } };
  await client.send(new PutItemCommand({ TableName: tableName, Item }));

  await expect(read(journal(flow))).rejects.toMatchObject({
    code: 'RUN_JOURNAL_CORRUPT',
    message: expect.stringContaining(`item ${sk} of the registry table`),
  });
});
