import { counted } from '../../../counted.ts';
import { flowName } from '../../../flow/flow.ts';
import { howToMake } from '../../../ledger/repair/errors.ts';
import {
  describeRepair,
  type RepairedRecord,
  type RepairOutcome,
  type RepairPlan,
} from '../../../ledger/repair/repair.ts';
import { type Field, fields, type Line, type Page } from '../../terminal/page.ts';
import { KINDS, partitionLabel, SHOWN } from '../present.ts';

type Kind = RepairOutcome['kind'];

/** Those that another call, or somebody, has still something to do about. */
const OPEN: readonly Kind[] = ['to-write', 'too-large', 'refused', 'damaged'];

export function isRepaired({ records, absent }: RepairPlan): boolean {
  return !absent && records.every(({ outcome }) => !OPEN.includes(outcome.kind));
}

export function present(page: Page, plan: RepairPlan, isDone: boolean, all: boolean): string {
  const { bold, warning } = page.style;
  const { wanted, records, others, remarks } = plan;
  const absent = plan.absent ? [warning(`it has no topic ${wanted.topic}`)] : [];
  const lines = [destinationLine(page, plan), ...remarks.map((remark) => warning(remark))];
  const shown = all ? records : records.slice(0, SHOWN);
  const left = all ? others : others.slice(0, SHOWN);
  const hidden = records.length - shown.length + (others.length - left.length);
  const next = nextStep(plan, isDone);
  return [
    fields(page, [{ label: bold(flowName(wanted.flow)), lines: [headline(page, plan), ...absent] }], 0),
    fields(page, [{ label: 'to', lines }]),
    ...(shown.length === 0
      ? []
      : [
          fields(
            page,
            shown.map((record) => rowOf(page, plan, record)),
          ),
        ]),
    ...(left.length === 0 ? [] : [`  not set aside, so nothing can be written anywhere\n${otherRows(page, left)}`]),
    ...(hidden === 0 ? [] : [`  and ${hidden} more: --all shows them`]),
    ...(next === undefined ? [] : [fields(page, [{ label: 'next', lines: [next] }])]),
  ].join('\n');
}

/** One that was just written, as progress. */
export function describeWritten({ partition, offset, outcome }: RepairedRecord): string {
  const done = outcome.kind === 'written' ? `written to ${describeRepair(outcome.repair)}` : outcome.kind;
  return `${partitionLabel(partition)} offset ${offset}: ${done}`;
}

function headline({ style }: Page, { records }: RepairPlan): string {
  const count = (...kinds: readonly Kind[]) => records.filter(({ outcome }) => kinds.includes(outcome.kind)).length;
  const parts: readonly (readonly [number, string, (text: string) => string])[] = [
    [count('to-write'), 'to write', style.bold],
    [count('written'), 'written', style.good],
    [count('repaired'), 'written before', style.good],
    [count('too-large', 'refused'), 'not taken', style.bad],
    [count('damaged'), 'damaged', style.bad],
  ];
  const told = parts.filter(([each]) => each > 0).map(([each, text, paint]) => paint(`${each} ${text}`));
  return `${counted(records.length, 'record')} set aside${told.length === 0 ? '' : `: ${told.join(', ')}`}`;
}

function destinationLine({ style }: Page, { wanted, destination }: RepairPlan): string {
  const name = `${wanted.to} on ${wanted.flow.target}`;
  if (destination === undefined) return style.bad(`${name}: there is no such topic`);
  const { partitions, maxMessageBytes } = destination;
  return `${name}: ${counted(partitions, 'partition')}, batches of up to ${maxMessageBytes} bytes`;
}

function rowOf(page: Page, plan: RepairPlan, { partition, offset, outcome }: RepairedRecord): Field {
  return { label: partitionLabel(partition), lines: [`offset ${offset}: ${saysOf(page, plan, outcome)}`] };
}

function saysOf({ style }: Page, { wanted: { to }, destination }: RepairPlan, outcome: RepairOutcome): string {
  switch (outcome.kind) {
    case 'to-write':
      return `${outcome.sizeBytes} bytes, to be written to ${to}${outcome.to === undefined ? '' : `-${outcome.to}`}`;
    case 'written':
      return style.good(`written to ${describeRepair(outcome.repair)}`);
    case 'repaired':
      return style.dim(`written before, to ${outcome.repairs.map(describeRepair).join(', and to ')}`);
    case 'too-large': {
      const size = outcome.sizeBytes === undefined ? '' : ` of ${outcome.sizeBytes} bytes`;
      return `${style.bad('not taken')}: its batch${size} is larger than the ${destination?.maxMessageBytes} of ${to}: raise its max.message.bytes`;
    }
    case 'refused':
      return `${style.bad('not taken')}: ${outcome.because}`;
    case 'damaged':
      return `${style.bad('damaged')}: ${outcome.because}; restore it from a point-in-time copy of the table`;
  }
}

function otherRows(page: Page, others: RepairPlan['others']): string {
  const rows = others.map(({ partition, entry: { kind, from, to } }): Field => {
    const lines: readonly Line[] = [`offsets ${from} to ${to - 1}: ${KINDS[kind].is}; ${KINDS[kind].repair}`];
    return { label: partitionLabel(partition), lines };
  });
  return fields(page, rows, 4);
}

function nextStep({ wanted, destination, records }: RepairPlan, isDone: boolean): string | undefined {
  if (isDone || !records.some(({ outcome }) => outcome.kind === 'to-write')) return undefined;
  if (destination === undefined) return howToMake(wanted.to);
  return 'Nothing was written. Run it again with --apply to write them.';
}

/** For programs. */
export function asJson({ wanted, destination, remarks, absent, records, others }: RepairPlan, applied: boolean) {
  const time = (at: number) => new Date(at).toISOString();
  const timed = <T extends { readonly at: number }>(each: T) => ({ ...each, at: time(each.at) });
  const outcomeJson = ({ kind, ...facts }: RepairOutcome) => {
    if ('repair' in facts) return { outcome: kind, repairs: [timed(facts.repair)] };
    if ('repairs' in facts) return { outcome: kind, repairs: facts.repairs.map(timed) };
    if ('timestamp' in facts) return { outcome: kind, to: facts.to, sizeBytes: facts.sizeBytes };
    return { outcome: kind, ...facts };
  };
  return {
    flow: flowName(wanted.flow),
    applied,
    destination: { topic: wanted.to, exists: destination !== undefined, ...destination, remarks },
    absent: absent ? [wanted.topic] : [],
    records: records.map(({ partition: { topic, partition, generation }, offset, outcome }) => {
      return { topic, partition, generation, offset, ...outcomeJson(outcome) };
    }),
    notSetAside: others.map(({ partition: { topic, partition, generation }, entry: { kind, from, to, at } }) => {
      return { topic, partition, generation, kind, from, to, at: time(at) };
    }),
  };
}
