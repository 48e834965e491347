import { expect, test } from 'vitest';
import { answerPlan } from '../../../../functions/reconcile/answer-plan.ts';
import { planResponse } from '../../../../functions/reconcile/plan-response.ts';
import { planAnswer } from '../../../../shared/cli/commands/plan.ts';
import { isAsExplained, liveFacts } from '../../../../shared/cli/explain/live-topic.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import type { Hold } from '../../../../shared/ledger/hold.ts';
import { look } from '../../../../shared/reconcile/reconcile.ts';
import { settle } from '../../reconcile/settled.ts';
import { World, wanted } from '../../reconcile/world.ts';
import { properties } from '../command-line.ts';
import { flowIn } from '../explain/question.ts';

const hold: Hold = { generation: 7, since: Date.UTC(2026, 2, 1, 12), kind: 'switchover' };
const SAYS = 'held by switchover generation 7 since 2026-03-01T12:00:00.000Z';

async function held(): Promise<World> {
  const world = new World();
  world.makeSource('orders', 3);
  await settle(world, wanted());
  world.hold = hold;
  return world;
}

/** What the deployed function answers, as it crosses the wire. */
async function told(world: World, topic?: string) {
  const question = { wanted: wanted(), ports: world.ports(), configuration: '{}' };
  return planResponse.parse(JSON.parse(JSON.stringify(await answerPlan(question, topic))));
}

/** Lines are as wide as a terminal. */
function unwrapped(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

test('a plan of a flow that is held says by whom and since when, and disables its mappings', async () => {
  const answer = await told(await held());
  if (!('plan' in answer)) throw new Error(JSON.stringify(answer));

  const { text, exitCode } = planAnswer([{ flow: 'us-east->us-west', fileIsDeployed: true, ...answer.plan }]);

  expect(exitCode).toBe(1);
  expect(text(UNSTYLED)).toMatch(/orders {2}update the event source mapping m\d+: disabled/);
  expect(unwrapped(text(UNSTYLED))).toContain(
    `note The flow is ${SAYS}: its mappings are kept disabled, and nothing is copied.`,
  );
});

test('a plan of a flow that is held, and disabled already, has nothing to do and says why', async () => {
  const world = await held();
  await look(wanted(), world.ports());
  world.pass(60_000);

  const answer = await told(world);
  if (!('plan' in answer)) throw new Error(JSON.stringify(answer));
  const { text } = planAnswer([{ flow: 'us-east->us-west', fileIsDeployed: true, ...answer.plan }]);

  expect(text(UNSTYLED)).toMatch(/^us-east->us-west {2}nothing to do, of 1 topic covered\n/);
  expect(unwrapped(text(UNSTYLED))).toContain(SAYS);
});

test('a topic of a flow that is held is not copied, whatever the file says', async () => {
  const answer = await told(await held(), 'orders');
  if (!('seen' in answer)) throw new Error(JSON.stringify(answer));

  const notes = liveFacts(flowIn(properties()), 'orders', answer).filter(({ label }) => label === 'note');

  expect(notes.map(({ text }) => text)).toEqual([`the flow is ${SAYS}: nothing is copied`]);
  expect(isAsExplained({ replicated: true }, { ...answer, hold })).toBe(false);
});
