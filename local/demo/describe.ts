import type { RegionsAddress } from '../region/addresses.ts';

/** What can be done with the demo's regions when they stay up. */
export function describeCommands({ runId }: Pick<RegionsAddress, 'runId'>): string {
  const causeway = (command: string) => `  npx causeway ${command} --run ${runId}`;
  return [
    'Ask them, in the folder of the project:',
    causeway('status'),
    causeway('translate --group billing'),
    causeway('translate --topic orders --partition 0 --offset 100'),
    '',
    `Stop them with: npm run local -- down ${runId}`,
  ].join('\n');
}
