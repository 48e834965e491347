import { run } from '../../shared/cli/run.ts';
import type { Page } from '../../shared/cli/terminal/page.ts';
import { styleFor } from '../../shared/cli/terminal/style.ts';
import { projectRoot } from '../setup/project.ts';

const WIDTH = 100;
const { stdout } = process;
export const page: Page = {
  width: stdout.isTTY ? Math.min(WIDTH, stdout.columns || WIDTH) : WIDTH,
  style: styleFor(stdout.isTTY, process.env),
};

/** Types a `causeway` command, as an operator would, and shows what it says. @returns whether its exit code is 0 */
export async function causeway(runId: string, words: readonly string[]): Promise<boolean> {
  const { bold } = page.style;
  console.log(`\n${bold(`$ npx causeway ${[...words, '--run', runId].join(' ')}`)}`);
  const write = (text: string) => stdout.write(text);
  return (await execute(runId, words, write)) === 0;
}

/** What a command says to a program. */
export async function causewayJson(runId: string, words: readonly string[]): Promise<unknown> {
  let text = '';
  await execute(runId, [...words, '--json'], (more) => {
    text += more;
  });
  return JSON.parse(text);
}

function execute(runId: string, words: readonly string[], write: (text: string) => void) {
  return run([...words, '--run', runId], {
    folder: projectRoot,
    out: { page, write },
    err: { page, write },
    setVariables: (variables) => Object.assign(process.env, variables),
    resolve: async (reference) => {
      throw new Error(`the demo has no secrets: ${JSON.stringify(reference)}`);
    },
  });
}
