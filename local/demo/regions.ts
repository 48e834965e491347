import type { RegionsAddress } from '../region/addresses.ts';
import { describeRegions } from '../region/describe.ts';
import { startDetached } from '../region/detached.ts';
import { startRegions } from '../region/regions.ts';
import { step } from '../setup/steps.mjs';
import { onSuddenEnd } from '../setup/sudden-end.mjs';
import { describeCommands } from './describe.ts';

export interface DemoRegions {
  readonly address: RegionsAddress;
  /** Ends the demo's use of them. A failed demo's logs are kept. */
  readonly stop: (failed: boolean) => Promise<void>;
}

/** @param keep leaves them up at the end, also when the demo is interrupted, and says how to reach and stop them */
export async function openRegions(keep: boolean): Promise<DemoRegions> {
  if (!keep) {
    const regions = await step('two regions started', () => startRegions());
    const stop = (failed: boolean) => step('regions stopped, data removed', () => regions.stop({ failed }));
    return { address: regions.address, stop };
  }
  const address = await step('two regions started', () => startDetached());
  const tell = () => console.error(`The regions stay up. Stop them with: npm run local -- down ${address.runId}`);
  const forget = onSuddenEnd(tell);
  return {
    address,
    stop: async () => {
      forget();
      console.log(`${describeRegions(address)}\n\n${describeCommands(address)}`);
    },
  };
}
