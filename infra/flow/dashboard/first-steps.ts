import { flowName } from '../../../shared/flow/flow.ts';
import type { AlarmSide } from '../../../shared/metrics/alarms.ts';
import { DEFAULT_PREFIX, dashboardName } from '../names.ts';
import type { ReplicationFlowProps } from '../props.ts';

/** What to do first, in CloudWatch's Markdown. */
export function firstSteps(props: ReplicationFlowProps, side: AlarmSide): string {
  const { flow, namePrefix = DEFAULT_PREFIX } = props;
  const of = `--flow ${flow.source}:${flow.target}${namePrefix === DEFAULT_PREFIX ? '' : ` --prefix ${namePrefix}`}`;
  const rows = [
    ['What is wrong now?', `npx causeway status ${of}`, 'docs/cli.md#status'],
    ['An alarm is on', 'its description says what to do first', 'docs/operating.md#alarms'],
    ['What is not in the target?', `npx causeway gaps ${of}`, 'docs/cli.md#gaps'],
    ['Is a topic not replicated?', `npx causeway plan ${of}`, 'docs/cli.md#plan'],
    [
      'Would a failover succeed?',
      `npx causeway failover start --dry-run ${of}`,
      'docs/runbooks.md#dry-runs-and-alarms',
    ],
    [`${flow.source} is lost`, `npx causeway failover start ${of}`, 'docs/runbooks.md#starting-one'],
  ].map(([question, command = '', page]) => {
    const shown = command.startsWith('npx') ? `\`${command}\`` : command;
    return `| ${question} | ${shown} | ${page} |`;
  });
  return [
    `# ${flowName(flow)}`,
    '| | first | more |',
    '|---|---|---|',
    ...rows,
    '',
    `${whatIsHere(props, side)} Tables are of the time that is shown; lines by topic are those of the 20 with most.`,
  ].join('\n');
}

function whatIsHere(props: ReplicationFlowProps, side: AlarmSide): string {
  const { source, target } = props;
  if (side === 'source')
    return `What is told in ${source.region}, beside the source; the flow as a whole: ${dashboardName(props, 'target')}.`;
  if (source.region === target.region) return 'The flow as a whole.';
  return `The flow as a whole, alarms of ${target.region}; those of ${source.region}: ${dashboardName(props, 'source')}.`;
}
