import { expect, test } from 'vitest';
import { reportPage } from '../../../../shared/runbook/report/page.ts';
import { makeReport, type ReportedRun } from '../../../../shared/runbook/report/report.ts';
import { RunbookKind, StartedBy } from '../../../../shared/runbook/runbook.ts';
import type { StageRecord } from '../../../../shared/runbook/stage.ts';
import { type StageName, stagesOf, UNDO } from '../../../../shared/runbook/stages.ts';

const BEGAN = Date.UTC(2030, 0, 2, 3, 4, 5);

const run: ReportedRun = {
  flow: 'us-east->us-west',
  kind: RunbookKind.Failover,
  from: 'us-east',
  to: 'us-west',
  generation: 7,
  execution: 'arn:aws:states:us-west-2:123456789012:execution:causeway-us-east-to-us-west-failover:7',
  dryRun: false,
  startedBy: StartedBy.Person,
  reason: '',
};

/** Each stage takes a second, one after the other. */
function stagesUpTo(last: StageName, changed: Partial<Record<StageName, Partial<StageRecord>>> = {}): StageRecord[] {
  const names = stagesOf(run.kind).map(({ name }) => name);
  return names.slice(0, names.indexOf(last) + 1).map((stage, index) => ({
    generation: run.generation,
    execution: run.execution,
    stage,
    startedAt: BEGAN + index * 1_000,
    endedAt: BEGAN + (index + 1) * 1_000,
    calls: 1,
    outcome: 'passed',
    verdict: 'PASS',
    says: `${stage} is well`,
    evidence: {},
    error: undefined,
    ...changed[stage],
  }));
}

const LOSS = { 'bound-loss': { evidence: { atLeast: 3, atMost: 40, seconds: 1.5, partitions: [] } } } as const;

test('a run that went through has its recovery time and its loss', () => {
  const report = makeReport(run, stagesUpTo('report', LOSS), { rtoSeconds: 60, rpoSeconds: 5 });

  const promotion = stagesOf(run.kind).findIndex(({ name }) => name === 'promote') + 1;
  expect(report.outcome).toBe('finished');
  expect(report.rto).toEqual({ actualSeconds: promotion, expectedSeconds: 60, approvalSeconds: 1 });
  expect(report.loss).toEqual({ atLeast: 3, atMost: 40, seconds: 1.5 });
  expect(report.improve).toEqual([]);
});

test('objectives that were missed are what to improve', () => {
  const report = makeReport(run, stagesUpTo('report', LOSS), { rtoSeconds: 2, rpoSeconds: 1 });

  expect(report.improve).toEqual([
    `applications were moved after ${report.rto.actualSeconds} s, expected within 2 s`,
    'records of the last 1.5 s may be lost, expected at most 1 s',
  ]);
});

test('a warning keeps a run from being finished without one', () => {
  const says = 'billing consumes nothing';
  const report = makeReport(run, stagesUpTo('report', { 'watch-lag': { verdict: 'WARN', says } }), {});

  expect(report.outcome).toBe('finished with warnings');
  expect(report.improve).toEqual([`watch-lag: ${says}`]);
});

test('a stage that went on and failed all the same is told as that', () => {
  const says = 'not consuming as fast as is written, their lag rises: billing 10 to 90 records';
  const warned = { verdict: 'WARN', says: 'a minority answers' } as const;
  const report = makeReport(
    run,
    stagesUpTo('report', { 'prove-source': warned, 'watch-lag': { verdict: 'FAIL', says } }),
    {},
  );

  expect(report.outcome).toBe('finished with failures');
  expect(report.improve).toEqual(['prove-source: a minority answers', `watch-lag: ${says}`]);
  expect(reportPage(report)).toContain('<h3 class="stopped">watch-lag: FAIL');
});

test('a run that stopped says where, why and what next, and moved nobody', () => {
  const error = { code: 'UNROUTED_PRODUCER', safe: 'Writers go on.', next: 'Stop the producer.' };
  const stopped = { outcome: 'stopped', verdict: undefined, says: 'orders-3 grew by 12', error } as const;
  const report = makeReport(run, stagesUpTo('fence-writers', { 'fence-writers': stopped }), {});

  expect(report.outcome).toBe('stopped');
  expect(report.rto.actualSeconds).toBeUndefined();
  expect(report.loss).toBeUndefined();
  expect(report.improve).toEqual(['fence-writers stopped: orders-3 grew by 12 Stop the producer.']);
  expect(report.stages.at(-1)).toMatchObject({ stage: 'report', outcome: 'not reached' });
});

test('a run that was undone says what was taken back, and what was left is to be looked at', () => {
  const left = ['Records of the canary topic stay.'];
  const stopped = { outcome: 'stopped', verdict: undefined, says: 'orders-3 grew by 12' } as const;
  const [undo] = stagesUpTo('lock').map((lock): StageRecord => {
    return { ...lock, stage: UNDO, says: 'Clients go on at us-east.', evidence: { left } };
  });
  const records = [...stagesUpTo('fence-writers', { 'fence-writers': stopped }), ...(undo ? [undo] : [])];
  const report = makeReport(run, records, {});

  expect(report.outcome).toBe('undone');
  expect(report.undone).toEqual({ says: 'Clients go on at us-east.', left });
  expect(report.improve).toEqual(['fence-writers stopped: orders-3 grew by 12', ...left]);
  expect(reportPage(report)).toContain('<td>Clients go on at us-east. Left: Records of the canary topic stay.</td>');
});

test('a run has its groups, with what each may read twice and why others were not moved', () => {
  const groups = [
    { group: 'billing', partitions: 12, committed: 12, readTwice: 0, beyond: 0 },
    { group: '<audit>', partitions: 3, committed: 3, readTwice: 40, beyond: 0 },
  ];
  const leftOut = [{ group: 'search', why: 'orders-0 has no offset' }];
  const report = makeReport(run, stagesUpTo('report', { 'move-groups': { evidence: { groups, leftOut } } }), {});
  const page = reportPage(report);

  expect(report.groups?.moved.map(({ group, readTwice }) => [group, readTwice])).toEqual([
    ['billing', 0],
    ['<audit>', 40],
  ]);
  for (const told of [
    '2 moved, 1 left where they were; up to 40 records are read twice',
    '<td>billing</td><td>12 partitions</td>',
    '<td>&lt;audit&gt;</td><td>3 partitions, up to 40 records read twice</td>',
    '<td>search</td><td class="warned">not moved: orders-0 has no offset</td>',
  ])
    expect(page).toContain(told);
});

test('a run that was never approved because nobody had to is finished', () => {
  const records = stagesUpTo('report').filter(({ stage }) => stage !== 'approve');

  expect(makeReport(run, records, {}).outcome).toBe('finished');
});

test('a run of which stages are missing is not called finished', () => {
  const records = stagesUpTo('report').filter(({ stage }) => stage !== 'move-groups');

  expect(makeReport(run, records, {}).outcome).toBe('unfinished');
});

test('a dry run moved nobody, however far it went', () => {
  const report = makeReport({ ...run, dryRun: true }, stagesUpTo('report'), {});

  expect(report.rto.actualSeconds).toBeUndefined();
});

test('a run without stages is no run', () => {
  expect(() => makeReport(run, [], {})).toThrow(RangeError);
});

test('the page shows every stage, its evidence and the loss, and takes no text for markup', () => {
  const says = '<script>alert("no")</script> & so on';
  const records = stagesUpTo('report', {
    ...LOSS,
    lock: { says },
    'check-target': { evidence: { brokers: ['a', 'b'] }, verdict: 'WARN' },
  });

  const page = reportPage(makeReport(run, records, {}));

  for (const { name } of stagesOf(run.kind)) expect(page).toContain(`>${name}`);
  expect(page).toContain('between 3 and 40 records left behind, of at most 1.5 s');
  expect(page).toContain('&quot;brokers&quot;: [');
  expect(page).toContain('&lt;script&gt;alert(&quot;no&quot;)&lt;/script&gt; &amp; so on');
  expect(page).not.toContain('<script');
  expect(page).not.toMatch(/(?:src|href)=/);
});

test('the bars of the timeline stand one after the other as the stages ran', () => {
  const page = reportPage(makeReport(run, stagesUpTo('report'), {}));

  const bars = [...page.matchAll(/<rect x="([\d.]+)" y="\d+" width="([\d.]+)"/g)].map(([, x, width]) => [
    Number(x),
    Number(width),
  ]);
  expect(bars).toHaveLength(stagesOf(run.kind).length);
  for (const [index, [x = 0]] of bars.slice(1).entries()) {
    const [before = 0, width = 0] = bars[index] ?? [];
    expect(Math.abs(before + width - x)).toBeLessThan(0.2);
  }
});

test('what would have approved a run that nobody approved is not in its report', () => {
  const refused = { approve: { outcome: 'stopped', verdict: undefined, evidence: { taskToken: 'token-1' } } } as const;
  const report = makeReport(run, stagesUpTo('approve', refused), { rtoSeconds: 60, rpoSeconds: 5 });
  expect(JSON.stringify(report)).not.toContain('token-1');
});
