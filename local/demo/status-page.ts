import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../shared/flow/errors.ts';
import type { RegionsAddress } from '../region/addresses.ts';
import { workFolder } from '../setup/project.ts';
import { step } from '../setup/steps.mjs';
import { causewayJson } from './causeway.ts';

/** Of the newest demo. A run's own folder is removed with the run. */
const FILE = join(workFolder, 'demo-status.html');

/** Has the flows' status written as a page, and says where it is. What the demo proves does not hang on it. */
export async function offerStatusPage({ runId }: Pick<RegionsAddress, 'runId'>, file = FILE): Promise<void> {
  rmSync(file, { force: true });
  try {
    await step('status page written', async () => {
      const answer = await causewayJson(runId, ['status', '--html', file]);
      if (!existsSync(file)) throw new Error(JSON.stringify(answer));
    });
    console.log(`How the flows are, as a page for a browser: ${file}\n`);
  } catch (error) {
    console.error(`There is no status page: ${messageOf(error)}`);
  }
}
