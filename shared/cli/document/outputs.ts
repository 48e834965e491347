import { fileURLToPath } from 'node:url';
import { run } from '../run.ts';
import { UNSTYLED } from '../terminal/page.ts';

/** Holds the `mm2.properties` of the examples. */
const folder = fileURLToPath(new URL('.', import.meta.url));

const EXAMPLE = /(<!-- run: (causeway[^\n]*) -->\n)[\s\S]*?(<!-- end -->)/g;

/** `page` with what each command prints written anew between `<!-- run: causeway ... -->` and `<!-- end -->`. */
export async function withOutputs(page: string): Promise<string> {
  const printed = new Map<string, string>();
  for (const [, , command = ''] of page.matchAll(EXAMPLE)) printed.set(command, await outputOf(command));
  return page.replace(EXAMPLE, (_, begin: string, command: string, end: string) => {
    return `${begin}\`\`\`\n${printed.get(command)}\n\`\`\`\n${end}`;
  });
}

/** As in a terminal of 80 columns. */
async function outputOf(command: string): Promise<string> {
  let printed = '';
  const channel = {
    page: UNSTYLED,
    write: (text: string) => {
      printed += text;
    },
  };
  const resolve = () => Promise.reject(new Error('the examples refer to nothing'));
  const exitCode = await run(wordsOf(command).slice(1), {
    folder,
    out: channel,
    err: channel,
    setVariables: () => {},
    resolve,
  });
  return `$ ${command}\n${printed}$ echo $?\n${exitCode}`;
}

/** As a shell splits it, single quotes taken off. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
}
