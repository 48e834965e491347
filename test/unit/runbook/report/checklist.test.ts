import { expect, test } from 'vitest';
import { reportPage } from '../../../../shared/runbook/report/page.ts';
import { makeReport, type Objectives, type ReportedRun } from '../../../../shared/runbook/report/report.ts';
import type { StageRecord } from '../../../../shared/runbook/stage.ts';
import { type StageName, stagesOf } from '../../../../shared/runbook/stages.ts';

const BEGAN = Date.UTC(2030, 0, 2, 3, 4, 5);

const run: ReportedRun = {
  ...{ flow: 'us-east->us-west', kind: 'drill', from: 'us-east', to: 'us-west', generation: 9, execution: 'arn:drill' },
  ...{ dryRun: false, startedBy: 'person', reason: 'first quarter, told on the 28th' },
};

const EVIDENCE: Partial<Record<StageName, StageRecord['evidence']>> = {
  'prove-source': { heartbeatAgeMs: 1_500 },
  'check-flow': { reverse: true },
  'shadow-groups': { groups: [{ group: 'billing' }, { group: 'fraud <eu>' }] },
};

/** Each stage takes two seconds, one after the other. */
function drill(last: StageName, changed: Partial<Record<StageName, Partial<StageRecord>>> = {}) {
  const names = stagesOf('drill').map(({ name }) => name);
  return names.slice(0, names.indexOf(last) + 1).map(
    (stage, index): StageRecord => ({
      ...{ generation: run.generation, execution: run.execution, stage, calls: 1 },
      ...{ startedAt: BEGAN + index * 2_000, endedAt: BEGAN + (index + 1) * 2_000 },
      ...{ outcome: 'passed', verdict: 'PASS', says: `${stage} is well`, evidence: EVIDENCE[stage] ?? {} },
      error: undefined,
      ...changed[stage],
    }),
  );
}

const reported = (records: readonly StageRecord[], objectives: Objectives = {}, changes: Partial<ReportedRun> = {}) =>
  makeReport({ ...run, ...changes }, records, objectives);
const found = (report: ReturnType<typeof reported>, item: RegExp) =>
  report.checklist?.filter((each) => item.test(each.item)).map((each) => [each.outcome, each.found]);

test('a drill fills its checklist in: each gate with what its stage found, and what is left to people', () => {
  const report = reported(drill('report'), { rtoSeconds: 60, rpoSeconds: 5 });

  expect(found(report, /standby/)).toEqual([
    ['PASS', 'check-target is well'],
    ['by hand', expect.stringContaining('nothing of it is looked at')],
  ]);
  expect(found(report, /Settings and ACLs/)).toEqual([['by hand', expect.stringContaining('causeway plan')]]);
  expect(found(report, /skipped/)).toEqual([['PASS', 'compare-records is well']]);
  expect(found(report, /^Scope/)).toEqual([['PASS', '2 groups: billing, fraud <eu>']]);
  expect(found(report, /way back/)).toEqual([['PASS', 'the reverse flow is deployed']]);
  expect(found(report, /translated: in 2 s/)).toHaveLength(1);
  expect(found(report, /people/)).toEqual([['by hand', 'first quarter, told on the 28th']]);
  expect(report.checklist?.map(({ when }) => when)).toEqual([
    ...Array(9).fill('before'),
    ...Array(4).fill('during'),
    ...Array(2).fill('after'),
  ]);
});

test('RTO and RPO stand beside what was expected, and one that is missed is what to improve', () => {
  const verified = 2 * (stagesOf('drill').findIndex(({ name }) => name === 'compare-records') + 1);
  const kept = reported(drill('report'), { rtoSeconds: verified, rpoSeconds: 2 });
  expect(found(kept, /^RTO/)).toEqual([['PASS', `${verified} s, expected at most ${verified} s`]]);
  expect(found(kept, /^RPO/)).toEqual([['PASS', '1.5 s, expected at most 2 s']]);
  expect(kept.improve).toEqual([]);

  const missed = reported(drill('report'), { rtoSeconds: verified - 1, rpoSeconds: 1 });
  expect(missed.improve).toEqual([
    expect.stringMatching(new RegExp(`^RTO.*: ${verified} s, expected at most ${verified - 1} s$`)),
    expect.stringMatching(/^RPO.*: 1.5 s, expected at most 1 s$/),
  ]);
  expect(found(reported(drill('report')), /^R[TP]O/)).toEqual([
    ['PASS', `${verified} s; the configuration expects nothing`],
    ['PASS', '1.5 s; the configuration expects nothing'],
  ]);
});

test('what was not found out is not called well', () => {
  const stopped = { outcome: 'stopped', verdict: undefined, says: 'orders-0 differs' } as const;
  const report = reported(drill('compare-records', { 'compare-records': stopped }), {}, { reason: '' });

  expect(found(report, /skipped/)).toEqual([['stopped', 'orders-0 differs']]);
  expect(found(report, /Nothing of the drill/)).toEqual([['not reached', '']]);
  expect(found(report, /^RTO/)).toEqual([['not reached', '']]);
  expect(found(report, /people/)).toEqual([['by hand', 'not told: the drill takes it with --reason']]);

  const early = reported(drill('lock'), { rtoSeconds: 60 });
  expect(new Set(early.checklist?.slice(2).map(({ outcome }) => outcome))).toEqual(new Set(['not reached', 'by hand']));
});

test('a drill without a way back says so', () => {
  const oneWay = { 'check-flow': { verdict: 'WARN', evidence: { reverse: false } } } as const;
  expect(found(reported(drill('report', oneWay)), /way back/)).toEqual([
    ['WARN', 'no reverse flow is deployed: there is no failback'],
  ]);
});

test('the page has the checklist of a drill, and takes no name for markup; other runs have none', () => {
  const page = reportPage(reported(drill('report')));
  expect(page).toContain('<h2>Checklist</h2>');
  expect(page).toContain('<td>2 groups: billing, fraud &lt;eu&gt;</td>');

  const failover = reported(drill('lock'), {}, { kind: 'failover' });
  expect(failover.checklist).toBeUndefined();
  expect(reportPage(failover)).not.toContain('Checklist');
});
