import { relative } from 'node:path';
import type { RegionsAddress } from '../region/addresses.ts';
import { projectRoot } from '../setup/project.ts';
import { configurationOf } from './configuration.ts';

/** What can be done with the demo's regions when they stay up. */
export function describeCommands(address: RegionsAddress): string {
  const { runId } = address;
  const file = relative(projectRoot, configurationOf(address));
  const causeway = (command: string) => `  npx causeway ${command} --run ${runId} --config ${file}`;
  return [
    'Ask them, in the folder of the project:',
    causeway('status'),
    causeway('translate --group billing'),
    causeway('translate --topic orders --partition 0 --offset 100'),
    '',
    `Stop them with: npm run local -- down ${runId}`,
  ].join('\n');
}
