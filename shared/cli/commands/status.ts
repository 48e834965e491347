import { setTimeout as sleep } from 'node:timers/promises';
import type { Flow } from '../../config/flow-schema.ts';
import { counted } from '../../counted.ts';
import { flowName, flowOf } from '../../flow/flow.ts';
import type { Patience } from '../../status/late.ts';
import { askEach } from '../ask-each.ts';
import type { Answer, Command } from '../command.ts';
import { enabledFlows } from '../enabled-flows.ts';
import { ExitCode } from '../exit-code.ts';
import { readGaps } from '../gaps/read-gaps.ts';
import { answerText, exitCodeOf, statusAnswer } from '../status/answer.ts';
import { askedFor, OPTIONS } from '../status/asked-for.ts';
import { statusPage } from '../status/html/page.ts';
import { mustBeWritable, writePage } from '../status/html/write-page.ts';
import { FlowReaders } from '../status/readers.ts';
import { watch } from '../status/watch.ts';
import { drawnView, writtenView } from '../status/watch-views.ts';
import { Interrupts } from '../terminal/interrupts.ts';
import { UNSTYLED } from '../terminal/page.ts';
import { isDrawable, Screen } from '../terminal/screen.ts';
import { styleFor } from '../terminal/style.ts';
import { version } from '../version.ts';

export { statusAnswer };

/** How far behind is each flow, and what is wrong? */
export const status: Command = {
  usage: [
    '[--flow <A->B>] [--stored] [--html <file>] [--max-records <n>] [--max-seconds <n>] [--max-group-seconds <n>]',
    '--watch [--every <s>] [--flow <A->B>] [--stored]',
  ],
  description: [
    'Reads both clusters and the offset map, and says of every flow, topic and group how far it is behind: records between what is replicated and the end of the source’s log, and the age of the oldest of them; of a group those that it has not consumed on the source, and whether the target has it where it belongs: at its place, behind it (it would read records twice), ahead of it (it would skip some), or active there. What hurts most comes first, and each fact has its age.',
    'A group that moves is behind its place until the next tick of checkpoint, so one that is behind is watched until it has come to where it belonged, for three ticks and at least 15 seconds; so are checkpoints that are due. A group that checkpoint has not listed yet is also waited for by refresh.groups, where that is a minute at most. Only what has not happened by then is wrong.',
    'It runs where it is called, with the logins of the file. Where brokers cannot be reached from there, it tells what the flow’s function monitor found last, which is less than a minute old, and says so; older than three minutes it is wrong. What does not answer otherwise is shown as that, and the rest goes on.',
    'With --watch it reads again and again until Ctrl-C, and shows in place how fast flows are replicated and when they will have caught up; where no terminal is, each reading follows the one before. Each is one look: what moves is not waited for.',
    'Exit code 0: nothing is wrong; 1: something is, or could not be found out, or the flow is not enabled. Of --watch it is that of the last reading.',
  ],
  options: OPTIONS,
  examples: [
    { command: 'causeway status', does: 'is anything wrong?' },
    {
      command: "causeway status --flow 'us-east->us-west' --max-seconds 5 --json",
      does: 'one flow, in a health check',
    },
    { command: 'causeway status --stored', does: 'from a machine that reaches no broker, at once' },
  ],
  run: async ({ arguments: args, configuration, progress }) => {
    const asked = askedFor(args);
    const { question, groupMs, prefix, everySeconds, html } = asked;
    if (html !== undefined) await mustBeWritable(html);
    const loaded = await configuration(question.stored ? 'names' : 'all');
    const flows = enabledFlows(args.text('flow'), loaded);
    const patienceOf = (flow: Flow): Patience => {
      if (everySeconds !== undefined) return groupMs === undefined ? { watches: false } : { groupMs };
      const watching = (groups: number, seconds: number) =>
        progress(() => `${counted(groups, 'group')} of ${flowName(flowOf(flow))}: watched for up to ${seconds} s`);
      return { groupMs, watching };
    };
    // Then there is no row for the last run of a runbook, and the registry is not asked at each reading.
    const isDrawn = everySeconds !== undefined && isDrawable(process.stdout.isTTY, process.env);
    const questionOf = (flow: Flow) => ({ ...question, patience: patienceOf(flow), lastRun: !isDrawn });
    await using readers = new FlowReaders(flows, loaded.configuration, prefix, questionOf);
    if (everySeconds !== undefined) return await watched(readers, everySeconds, asked.all, isDrawn);
    if (html === undefined) return statusAnswer(await readers.read(), asked.all);
    const [readings, gaps] = await Promise.all([
      readers.read(),
      askEach(flows, (flow) => readGaps(flow, prefix, undefined)),
    ]);
    const answer = statusAnswer(readings, asked.all);
    await writePage(html, statusPage({ readings, gaps, at: Date.now(), version: version() }));
    return { ...answer, text: (page) => `${answer.text(page)}\n\nThe page is in ${html}` };
  },
};

async function watched(readers: FlowReaders, everySeconds: number, all: boolean, isDrawn: boolean): Promise<Answer> {
  const { stdout, env } = process;
  using interrupts = new Interrupts();
  const stop = interrupts.signal;
  const now = () => Date.now();
  const view = isDrawn
    ? drawnView(new Screen(stdout), styleFor(true, env), `every ${everySeconds} s`, now)
    : writtenView(UNSTYLED, (text) => stdout.write(text), all, now);
  // Aborted, it has waited long enough.
  const wait = (ms: number) => sleep(ms, undefined, { signal: stop }).catch(() => {});
  const last = await watch({ read: () => readers.read(), view, now, wait, stop }, everySeconds * 1_000);
  if (last === undefined)
    return { exitCode: ExitCode.Interrupted, json: { flows: [] }, text: () => 'Ended before anything was read.' };
  return {
    exitCode: exitCodeOf(last),
    json: { flows: last },
    text: (page) => (isDrawn ? answerText(page, last, all) : ''),
  };
}
