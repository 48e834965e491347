import { flowName } from '../../flow/flow.ts';
import { type Field, fields, type Line, type Page } from '../terminal/page.ts';
import { type Change, type Explanation, type Finding, Rule } from './explanation.ts';

const PURPOSES = { start: 'to include', stop: 'to exclude', commit: 'to commit' } as const;

/** One flow's explanation. `file` as messages name it. */
export function present(page: Page, explanation: Explanation, file: string): string {
  const { flow, replicated, isSo = true, says, because, facts } = explanation;
  const { bold, good, bad } = page.style;
  const head = fields(page, [{ label: bold(flowName(flow)), lines: [(replicated && isSo ? good : bad)(says)] }], 0);
  const rows: Field[] = [
    ...because.map((finding, index) => ({
      label: index === 0 ? 'because' : 'and',
      lines: findingLines(finding, file),
    })),
    ...facts.map(({ label, text }) => ({ label, lines: [text] })),
    ...changeRows(explanation),
  ];
  return `${head}\n${fields(page, rows)}`;
}

function findingLines({ says, property, place }: Finding, file: string): readonly Line[] {
  if (property === undefined) return [says];
  return [
    says,
    place === undefined ? `(the default: ${file} does not set it)` : { whole: `${file}:${place.line}: ${place.key}` },
  ];
}

function changeRows({ replicated, because, changes }: Explanation): readonly Field[] {
  if (!replicated && changes.length === 0) {
    return [{ label: PURPOSES.start, lines: [withoutChange(because)] }];
  }
  return changes.map(({ to, says, write, lines }, index) => ({
    label: changes[index - 1]?.to === to ? 'and' : PURPOSES[to],
    lines: [`${whereTo(lines)} (${says}):`, { whole: write }],
  }));
}

/** Where no line can be proposed. */
function withoutChange(because: readonly Finding[]): string {
  if (because.some(({ rule }) => rule === Rule.RemoteName))
    return 'choose other names: causeway.replication.policy.pattern';
  const settings = because.every(({ property }) => property !== undefined);
  return settings ? 'write the list anew: its entries hang together' : 'no setting changes this';
}

function whereTo(lines: Change['lines']): string {
  if (lines === undefined) return 'add a line';
  return lines.first === lines.last ? `line ${lines.first} becomes` : `lines ${lines.first} to ${lines.last} become`;
}
