import { ALARM_SETTINGS, type AlarmSettingName, defaultAlarmSettings } from '../alarm-settings.ts';
import { type AlarmFacts, flowAlarms, LAMBDA_ERRORS } from '../alarms.ts';
import { RUNBOOK_ALARMS, type RunbookAlarmFacts } from '../runbook-alarms.ts';

const BEGIN = '<!-- alarms -->\n';
const END = '<!-- end of alarms -->';

const SETTINGS = Object.keys(ALARM_SETTINGS) as AlarmSettingName[];

const MISSING: Readonly<Record<AlarmFacts['missing'], string>> = {
  breaching: 'counts as beyond the threshold',
  notBreaching: 'counts as within it',
  ignore: 'leaves the alarm as it is',
};

/** `page` with a section for each alarm as they are. @throws RangeError when the page has no place for them */
export function withAlarms(page: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new RangeError(`no ${BEGIN.trim()} ... ${END}`);
  const sections = [
    ...Object.entries(flowAlarms(defaultAlarmSettings)).map(([name, facts]) => sectionOf(name, facts)),
    ...Object.entries(RUNBOOK_ALARMS).map(([name, facts]) => runbookSectionOf(name, facts)),
  ];
  return `${page.slice(0, from)}${BEGIN}\n${sections.join('\n')}\n${page.slice(to)}`;
}

function sectionOf(name: string, facts: AlarmFacts): string {
  const { means, first, missing, why, pages, side } = facts;
  const setting = settingOf(name);
  const set = setting === undefined ? '' : ` Set by \`causeway.${ALARM_SETTINGS[setting].property}\`.`;
  const told = pages ? `Part of \`...-${side}-unhealthy\`.` : 'Nobody is told of it: it is for who looks closer.';
  return `### ${name}\n\n${means}\n\n**First:** ${first}\n\n${whenOf(name, facts)}${set} A missing value ${MISSING[missing]}: ${why}. ${told}\n`;
}

function runbookSectionOf(name: string, facts: RunbookAlarmFacts): string {
  const { means, first, when, missing, why, toldBy, ofEach } = facts;
  const named = ofEach === undefined ? '' : `One of each runbook, as \`...-failover-${name}\`. `;
  const told = toldBy === undefined ? 'It starts the failover, and tells nobody.' : `Part of \`...-${toldBy}\`.`;
  return `### ${name}\n\n${means}\n\n**First:** ${first}\n\n${named}In alarm when ${when}; beside the target. A missing value ${MISSING[missing]}: ${why}. ${told}\n`;
}

function whenOf(name: string, facts: AlarmFacts): string {
  const { metric, service, statistic, comparison, threshold, periodMinutes, values, breaching, side } = facts;
  const period = periodMinutes === 1 ? 'a minute' : `${periodMinutes} minutes`;
  const times = values === 1 ? '' : `, ${breaching} of ${values} times`;
  const told = metric === LAMBDA_ERRORS ? `Lambda's own \`${metric}\`` : `[\`${metric}\`](metrics.md#all-of-them)`;
  const limit =
    name === 'rate-low'
      ? 'the band that CloudWatch learnt, or half of the configured rate'
      : threshold.toLocaleString('en-US');
  return `In alarm when the ${statistic} of ${told} of \`${service}\` over ${period} is ${comparison} ${limit}${times}; beside the ${side}.`;
}

/** Found by what changes when it is set. */
function settingOf(name: string): AlarmSettingName | undefined {
  const plain = JSON.stringify(flowAlarms(defaultAlarmSettings)[name]);
  return SETTINGS.find(
    (setting) => JSON.stringify(flowAlarms({ ...defaultAlarmSettings, [setting]: 7 })[name]) !== plain,
  );
}
