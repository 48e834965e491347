import { counted } from '../../counted.ts';
import type { Asked, FlowStatus, Sign } from '../../status/assess.ts';
import type { GroupStatus } from '../../status/group-status.ts';
import { ReadBy, type Reading } from '../../status/reading.ts';
import type { TopicStatus } from '../../status/topic-status.ts';
import { printable } from '../terminal/one-line.ts';
import { type Field, fields, type Line, type Page } from '../terminal/page.ts';
import { behind, counts, howRead, lastRun, onTarget } from './words.ts';

/** Rows of topics, and of groups, that are shown without `--all`; those that hurt come first. */
const SHOWN = 20;

const NOT_SYNCED = 'sync.group.offsets.enabled is false; applications start there from the checkpoints';

export function present(page: Page, status: Reading, all: boolean): string {
  const { flow, wrong, problems, asked, topics, groups } = status;
  const { bold, good, bad, dim } = page.style;
  const head = fields(page, [{ label: bold(flow), lines: [(wrong ? bad : good)(headline(status))] }], 0);
  const rows: Field[] = [
    ...readRow(status),
    ...problems.map((problem) => ({ label: bad('wrong'), lines: [printable(problem)] })),
    ...asked.map((each) => askedRow(page, each, asked)),
    ...(status.deployed.state === 'unknown'
      ? [{ label: 'deployed', lines: [`not known: ${status.deployed.because}`] }]
      : []),
    ...(status.commitsOffsets
      ? []
      : [{ label: 'offsets', lines: [`not committed on ${status.target}: ${NOT_SYNCED}`] }]),
    ...(status.remarks ?? []).map((remark) => ({ label: 'remark', lines: [printable(remark)] })),
    { label: 'heartbeat', lines: [sign(page, status, status.heartbeat, 'none has come')] },
    { label: 'checkpoint', lines: [checkpointSign(page, status)] },
    ...(status.lastRun === undefined ? [] : [{ label: 'last run', lines: [lastRun(status.lastRun)] }]),
  ];
  const section = <T>(title: string, every: readonly T[], row: (each: T) => Field) => {
    const shown = all ? every : every.slice(0, SHOWN);
    const rest = every.length - shown.length;
    const more =
      rest === 0 ? [] : [{ label: dim(`and ${rest} more`), lines: [dim('that hurt less: --all shows them')] }];
    return every.length === 0 ? [] : [`${title}\n${fields(page, [...shown.map(row), ...more], 4)}`];
  };
  return [
    head,
    fields(page, rows),
    ...section('  topics', topics, (each) => topicRow(page, each)),
    ...section('  groups', groups, (each) => groupRow(page, status.target, each)),
  ].join('\n');
}

/** `read  by monitor 40 s ago: the brokers cannot be reached from here: ...` */
function readRow(status: Reading): readonly Field[] {
  const how = howRead(status);
  if (how === undefined) return [];
  return [{ label: status.readBy === ReadBy.Monitor ? 'read' : 'monitor', lines: [how] }];
}

/** One cluster that does not answer leaves more than one fact open; why is said once. */
function askedRow({ style }: Page, { name, ageSeconds, error }: Asked, all: readonly Asked[]): Field {
  const when = `asked ${ageSeconds} s ago`;
  if (error === undefined) return { label: name, lines: [style.dim(when)] };
  const before = all.find((each) => each.error?.what === error.what)?.name;
  const why = before === name ? [error.what, error.next] : [`as ${before}`];
  return { label: name, lines: [`${style.bad(error.code)}, ${when}`, ...why] };
}

function headline(status: FlowStatus): string {
  const unknown = status.asked.filter(({ error }) => error !== undefined).map(({ name }) => name);
  const wrong = wrongIn(status);
  const first = [
    ...(unknown.length > 0 ? [`not known in full: ${unknown.join(', ')}`] : []),
    ...(wrong.length > 0 ? [`wrong: ${wrong.join(', ')}`] : []),
    ...(unknown.length > 0 || (status.wrong && status.records === 0) ? [] : [behind(status)]),
  ];
  return `${first.join('; ')}; ${counts(status)}`;
}

/** What has a line of its own below, in short. */
function wrongIn({ problems, heartbeat, checkpoint, topics, groups }: FlowStatus): readonly string[] {
  const signs = { heartbeats: heartbeat, checkpoints: checkpoint };
  const those = (kind: string, names: readonly string[]) =>
    names.length > 1 ? [`${names.length} ${kind}s`] : names.map((name) => `${kind} ${printable(name)}`);
  return [
    ...(problems.length === 0 ? [] : [problems.length === 1 ? 'the flow' : `the flow in ${problems.length} ways`]),
    ...Object.entries(signs).flatMap(([name, { state }]) => (state === 'unknown' ? [`${name} not known`] : [])),
    ...those(
      'topic',
      topics.filter((each) => each.problems.length > 0).map(({ topic }) => topic),
    ),
    ...those(
      'group',
      groups.filter((each) => each.problems.length > 0).map(({ group }) => group),
    ),
  ];
}

function topicRow(page: Page, { topic, remoteTopic, worst, gone, problems, ...lag }: TopicStatus): Field {
  if (gone !== undefined) return { label: topic, lines: [gone] };
  const where = worst === undefined ? '' : `, most in partition ${worst}`;
  return { label: topic, lines: [`${behind(lag)}${where}; ${remoteTopic}`, ...faults(page, problems)] };
}

function groupRow(page: Page, target: string, status: GroupStatus): Field {
  const { group, notReplicated, problems, checkpointAgeSeconds: age, ...lag } = status;
  const by = age === undefined ? '' : `, by its checkpoints of ${age} s ago`;
  const ahead = notReplicated === 0 ? '' : `, ${notReplicated} records of what it has read are not replicated yet`;
  return {
    label: printable(group),
    lines: [`${behind(lag)}; ${onTarget(target, status)}${ahead}${by}`, ...faults(page, problems)],
  };
}

function faults({ style }: Page, problems: readonly string[]): readonly Line[] {
  return problems.map((problem) => style.bad(printable(problem)));
}

/** That checkpoints agree is what counts: they are written only when something has changed. */
function checkpointSign(page: Page, reading: Reading): string {
  const { checkpoint, checkpointsAgree: agree } = reading;
  if (checkpoint.state !== 'written' || agree === undefined) return sign(page, reading, checkpoint, 'none was written');
  const { groups, missing } = agree;
  const of = missing.length > 0 ? page.style.bad(`behind in ${counted(missing.length, 'partition')}`) : agreed(groups);
  return `${of}; the last was written ${checkpoint.ageSeconds} s ${asOf(reading, 'ago', 'before')}`;
}

function agreed(groups: number): string {
  return groups === 0 ? 'no group to write of' : `as ${counted(groups, 'group')} committed`;
}

function sign({ style }: Page, reading: Reading, of: Sign, none: string): string {
  if (of.state === 'written') return `${of.ageSeconds} s old${asOf(reading, '', ' then')}`;
  return of.state === 'none' ? `${none}: ${of.because}` : style.bad(`not known: ${of.because}`);
}

/** What `monitor` tells is of when it read. */
function asOf({ readBy }: Reading, here: string, byMonitor: string): string {
  return readBy === ReadBy.Here ? here : byMonitor;
}
