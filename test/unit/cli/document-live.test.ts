import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { answerPlan } from '../../../functions/reconcile/answer-plan.ts';
import { type PlanResponse, planResponse } from '../../../functions/reconcile/plan-response.ts';
import type { OffsetResponse, TranslateResponse } from '../../../functions/translate/response.ts';
import { planAnswer } from '../../../shared/cli/commands/plan.ts';
import { statusAnswer } from '../../../shared/cli/commands/status.ts';
import { translateAnswer } from '../../../shared/cli/commands/translate.ts';
import { explainTopic } from '../../../shared/cli/explain/explain-topic.ts';
import { withLive } from '../../../shared/cli/explain/live-topic.ts';
import { present } from '../../../shared/cli/explain/present.ts';
import { UNSTYLED } from '../../../shared/cli/terminal/page.ts';
import { World, wanted } from '../reconcile/world.ts';
import { properties } from './command-line.ts';
import { asked, flowIn } from './explain/question.ts';
import { checkpointed, statusOf } from './status/scene.ts';

/** Examples that need a deployed flow are made from what such a flow answers; the others stand in document.test.ts. */
const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
const FLOW = 'us-east->us-west';

async function planned(topic: string | undefined): Promise<PlanResponse> {
  const world = new World();
  world.makeSource(topic ?? 'orders', 4);
  const question = { wanted: wanted({ start: 'TRIM_HORIZON' }), ports: world.ports(), configuration: '{}' };
  return planResponse.parse(JSON.parse(JSON.stringify(await answerPlan(question, topic))));
}

/** Of the page, what stands below a command. */
function shown(command: string): string {
  const begin = page.indexOf(`$ ${command}\n`);
  return begin < 0
    ? ''
    : page.slice(page.indexOf('\n', begin) + 1, page.indexOf('\n', page.indexOf('$ echo $?\n', begin) + 10));
}

function printed(text: string, exitCode: number): string {
  return `${text}\n$ echo $?\n${exitCode}`;
}

test('docs/cli.md shows what plan prints', async () => {
  const told = await planned(undefined);
  if (!('plan' in told)) throw new Error('no plan');
  const { exitCode, text } = planAnswer([{ flow: FLOW, fileIsDeployed: true, ...told.plan }]);

  expect(shown("causeway plan --flow 'us-east->us-west'")).toBe(printed(text(UNSTYLED), exitCode));
});

test('docs/cli.md shows what explain --live prints', async () => {
  const live = await planned('stock');
  if (!('seen' in live)) throw new Error('nothing seen');
  const file = properties('us-east->us-west.topics = stock');
  const explained = asked(file, (flow, written) => explainTopic(flow, 'stock', written));

  const text = present(UNSTYLED, withLive(explained, flowIn(file), 'stock', live), 'mm2.properties');
  expect(shown("causeway explain stock --live --flow 'us-east->us-west'")).toBe(printed(text, 1));
});

const place = (cluster: string, topic: string, partition: number, offset: number) => {
  return { cluster, topic, partition, offset };
};
const translated = (partition: number, offset: number): OffsetResponse => ({
  flow: FLOW,
  direction: 'forward',
  from: place('us-east', 'orders', partition, offset),
  to: place('us-west', 'us-east.orders', partition, offset),
  exact: true,
  beyond: 0,
});
const outOfRange = {
  code: 'OUT_OF_RANGE',
  status: 416,
  what: 'offset 5000 of orders-0 is past the end of the log, 117; nearest: source 117, target 117',
  safe: 'Nothing was changed.',
  next: 'Whether records may be skipped, or read twice, from the nearest offset on is for the application to decide.',
  retriable: false,
};

test.each<[string, TranslateResponse]>([
  [
    'causeway translate --group billing',
    {
      flow: FLOW,
      direction: 'forward',
      group: 'billing',
      offsetsFrom: { kind: 'cluster' },
      partitions: [translated(0, 40), translated(1, 10), translated(2, 0)],
      untranslated: [],
      otherTopics: [],
    },
  ],
  [
    'causeway translate --topic us-east.orders --partition 0 --offset 50 --reverse',
    {
      ...translated(0, 50),
      direction: 'backward',
      from: place('us-west', 'us-east.orders', 0, 50),
      to: place('us-east', 'orders', 0, 50),
    },
  ],
  ['causeway translate --topic orders --partition 0 --offset 5000', { error: outOfRange }],
])('docs/cli.md shows what %j prints', (command, answer) => {
  const { exitCode, text } = translateAnswer([{ flow: FLOW, answer }]);

  expect(shown(command)).toBe(printed(text(UNSTYLED), exitCode));
});

test('docs/cli.md shows what status prints', async () => {
  const topics = {
    orders: { partitions: [{ end: 250, copied: 250 }] },
    clicks: { partitions: [{ end: 9, copied: 9 }] },
  };
  const groups = { billing: { orders: 100 } };
  const scene = { topics, groups, age: () => 386.2, checkpoint: 999.9 };
  const healthy = statusAnswer([await statusOf(scene)], false);
  const dead = await statusOf({
    ...scene,
    onTarget: { billing: { orders: 40 } },
    checkpointed: [checkpointed('billing', 'orders', 40)],
  });
  const wrong = statusAnswer([dead], false);

  expect(shown('causeway status')).toBe(printed(healthy.text(UNSTYLED), healthy.exitCode));
  expect(shown('causeway status --flow us-east:us-west')).toBe(printed(wrong.text(UNSTYLED), wrong.exitCode));
});
