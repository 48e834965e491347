import { RunbookKind } from '../runbook.ts';
import { STAGES, type StageDefinition, stagesOf, type Undo } from '../stages.ts';

const BEGIN = '<!-- stages: node shared/runbook/document/update.ts -->\n';
const END = '<!-- end of stages -->';

/** `page` with the stages as the table has them. @throws RangeError when the page has no place for them */
export function withStages(page: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new RangeError(`no ${BEGIN.trim()} ... ${END}`);
  const parts = [orders(), atAGlance(), ...STAGES.map(details)];
  // Markdown takes `<source>` for a tag.
  return page.slice(0, from) + BEGIN + parts.join('\n').replaceAll('<', '\\<') + page.slice(to);
}

/** Which runbook has which stages, in order. */
function orders(): string {
  const rows = Object.values(RunbookKind).map((kind) => {
    const names = stagesOf(kind).map(({ name }) => `[${name}](#${name})`);
    return `| ${kind} | ${names.join(' → ')} |`;
  });
  return table(['runbook', 'its stages'], rows);
}

function atAGlance(): string {
  const rows = STAGES.map(
    ({ name, changes, clientsSee, undo }: StageDefinition) =>
      `| [${name}](#${name}) | ${changes || 'nothing'} | ${clientsSee} | ${undone(undo)} |`,
  );
  return table(['stage', 'changes', 'clients see', 'undone'], rows);
}

function details({ name, of, proves, otherwise, byHand, limitSeconds }: StageDefinition): string {
  return `### ${name}

${of.length === Object.values(RunbookKind).length ? 'Every runbook' : listed(of)}, within ${time(limitSeconds)}.

- **Proves**: ${proves}
- **If not**: ${otherwise}
- **By hand**: ${byHand}
`;
}

function undone(undo: Undo): string {
  if (undo.kind === 'nothing') return 'nothing to undo';
  return undo.kind === 'undone' ? undo.how : `**not undone**: ${undo.left}`;
}

function listed(names: readonly string[]): string {
  const [first = '', ...rest] = names;
  const last = rest.at(-1);
  const text = last === undefined ? first : `${[first, ...rest.slice(0, -1)].join(', ')} and ${last}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function time(seconds: number): string {
  if (seconds % 3_600 === 0) return `${seconds / 3_600} hours`;
  return seconds % 60 === 0 && seconds > 60 ? `${seconds / 60} minutes` : `${seconds} seconds`;
}

function table(heads: readonly string[], rows: readonly string[]): string {
  return `| ${heads.join(' | ')} |\n|${'---|'.repeat(heads.length)}\n${rows.join('\n')}\n`;
}
