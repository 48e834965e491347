import { causeway, page } from './causeway.ts';
import { haveBegun } from './first-minute.ts';
import { FIRST_TOPICS, flowOption, GROUPS, type Scene } from './scene.ts';

/** What the operator has, and what is going to be done. */
export async function showOpening(scene: Scene, plan: readonly string[]): Promise<void> {
  const { bold } = page.style;
  console.log(`\n${describeScene(scene)}`);
  await causeway(scene.address.runId, ['switchover', 'status', ...flowOption(scene)]);
  const steps = plan.map((each, index) => `  ${index + 1}  ${each}`);
  console.log(`\n${bold('What happens now')}\n${steps.join('\n')}\n`);
}

/** How the flow is, once all of it has begun. @throws Error when it does not */
export async function showStatus(scene: Scene): Promise<void> {
  console.log('');
  await haveBegun(scene);
  await causeway(scene.address.runId, ['status', ...flowOption(scene)]);
}

/** Two regions side by side: who runs where, and what is copied which way. */
export function describeScene({ source, target }: Pick<Scene, 'source' | 'target'>): string {
  const topics = FIRST_TOPICS.map(({ name }) => name);
  const copiesOf = (alias: string) => topics.map((topic) => `${alias}.${topic}`);
  const left = [
    `${source.alias} (${source.awsRegion})`,
    source.bootstrapServers,
    '',
    ...topics,
    ...copiesOf(target.alias),
  ];
  const right = [
    `${target.alias} (${target.awsRegion})`,
    target.bootstrapServers,
    '',
    ...copiesOf(source.alias),
    ...topics,
  ];
  const width = Math.max(...left.map(({ length }) => length));
  const arrows = topics.length;
  const rows = left.map((text, row) => {
    const to = row < 3 ? ' ' : row < 3 + arrows ? '►' : '─';
    const from = row < 3 ? ' ' : row < 3 + arrows ? '─' : '◄';
    const between = row < 3 ? ' '.repeat(14) : ` ${from}${'─'.repeat(10)}${to} `;
    return `  ${text.padEnd(width)}${between} ${right[row] ?? ''}`.trimEnd();
  });
  return [
    ...rows,
    '',
    `  An application writes ${topics.join(' and ')} in ${source.alias}, groups ${GROUPS.join(' and ')} read them; kafkajs, by`,
    '  createFailoverKafka. They know nothing else of Causeway.',
  ].join('\n');
}
