import type { GroupResponse, OffsetResponse, TranslateFault } from '../../../functions/translate/response.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import { type Field, fields, type Page } from '../terminal/page.ts';
import type { FlowAnswer } from './translate-flow.ts';

/** What one flow answered. */
export function present(page: Page, { flow, answer }: FlowAnswer, now: number): string {
  if ('error' in answer) return presentFault(page, flow, answer.error);
  return 'group' in answer ? presentGroup(page, answer, now) : presentOffset(page, answer);
}

function presentOffset(page: Page, { flow, from, to, exact, beyond }: OffsetResponse): string {
  const { bold, good, warning } = page.style;
  const rows: Field[] = [
    { label: from.cluster, lines: [{ whole: `${describeTopicPartition(from)}  offset ${from.offset}` }] },
    { label: to.cluster, lines: [{ whole: `${describeTopicPartition(to)}  offset ${bold(String(to.offset))}` }] },
    exact
      ? { label: good('exact'), lines: ['nothing is skipped, nothing is read twice'] }
      : { label: warning('ahead'), lines: [aheadOf(from.cluster, beyond)] },
  ];
  return `${bold(flow)}\n${fields(page, rows)}`;
}

function aheadOf(cluster: string, beyond: number): string {
  return `by ${beyond} offsets that are not replicated yet; once they are, they are read again: nothing of ${cluster} is skipped`;
}

function presentGroup(page: Page, answer: GroupResponse, now: number): string {
  const { flow, group, partitions, untranslated, otherTopics, offsetsFrom } = answer;
  const { bold, good, bad, warning } = page.style;
  const total = partitions.length + untranslated.length;
  const stale = offsetsFrom.kind === 'checkpoints';
  const colour = untranslated.length > 0 ? bad : stale ? warning : good;
  const by = stale ? ` by its checkpoints, ${ageOf(now - Date.parse(offsetsFrom.at))} old` : '';
  const head = fields(
    page,
    [{ label: bold(flow), lines: [colour(`${group}: ${partitions.length} of ${total} partitions translated${by}`)] }],
    0,
  );
  const notes: Field[] = [
    ...(offsetsFrom.kind === 'checkpoints'
      ? [
          note(
            warning('note'),
            `the source does not tell where it is: ${offsetsFrom.because.replace(/\.$/, '')}. The newest checkpoint is of ${offsetsFrom.at}; what it has read since, it reads again`,
          ),
        ]
      : []),
    ...(otherTopics.length > 0 ? [note('note', `not replicated by this flow: ${otherTopics.join(', ')}`)] : []),
  ];
  const faults = untranslated.map(({ from, error: { code, what, next } }, index): Field => {
    // Hundreds of partitions may be lost in the same way: what to do is said below the last of them.
    const last = untranslated[index + 1]?.error.next !== next;
    const head = { whole: `${from.offset ?? '?'}  ${bad(code)}` };
    return { label: describeTopicPartition(from), lines: last ? [head, what, next] : [head, what] };
  });
  return [
    head,
    ...(partitions.length === 0 ? [] : [table(partitions.map(rowOf(warning)))]),
    ...[faults, notes].filter((rows) => rows.length > 0).map((rows) => fields(page, rows)),
  ].join('\n');
}

/** In the unit in which a person would say it. */
function ageOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

function rowOf(warning: (text: string) => string) {
  return ({ from, to, exact, beyond }: OffsetResponse): readonly string[] => [
    describeTopicPartition(from),
    String(from.offset),
    describeTopicPartition(to),
    String(to.offset),
    exact ? '' : warning(`${beyond} ahead of the copy`),
  ];
}

/** Columns, numbers to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const [a, b, c, d] = [width(0), width(1), width(2), width(3)];
  return rows
    .map(([from = '', offset = '', to = '', there = '', rest = '']) =>
      `  ${from.padEnd(a)}  ${offset.padStart(b)}  ${to.padEnd(c)}  ${there.padStart(d)}  ${rest}`.trimEnd(),
    )
    .join('\n');
}

function presentFault(page: Page, flow: string, { code, what, next }: TranslateFault): string {
  const { bold, bad } = page.style;
  return fields(page, [{ label: bold(flow), lines: [bad(code), what, next] }], 0);
}

function note(label: string, text: string): Field {
  return { label, lines: [text] };
}
