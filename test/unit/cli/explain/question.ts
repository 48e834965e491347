import type { Change, Explanation } from '../../../../shared/cli/explain/explanation.ts';
import { WrittenFile } from '../../../../shared/cli/explain/written-file.ts';
import type { Flow } from '../../../../shared/config/flow-schema.ts';
import { parseConfiguration } from '../../../../shared/config/parse-configuration.ts';

/** What the flow us-east->us-west of a file answers. */
export function asked<E extends Explanation>(text: string, ask: (flow: Flow, file: WrittenFile) => E): E {
  return ask(flowIn(text), new WrittenFile(text));
}

export function flowIn(text: string): Flow {
  const { flows } = parseConfiguration(text, { file: 'mm2.properties' }).configuration;
  const found = flows.find(({ source }) => source.alias === 'us-east');
  if (found === undefined) throw new RangeError('the file keeps no flow from us-east');
  return found;
}

/** The file after somebody did what an explanation says. */
export function changed(text: string, changes: readonly Change[]): string {
  const lines: (string | undefined)[] = text.split('\n');
  const added: string[] = [];
  for (const { write, lines: place } of changes) {
    if (place === undefined) added.push(write);
    else
      for (let line = place.first; line <= place.last; line += 1)
        lines[line - 1] = line === place.first ? write : undefined;
  }
  return [...lines.filter((line) => line !== undefined), ...added, ''].join('\n');
}
