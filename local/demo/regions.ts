import type { RegionsAddress } from '../region/addresses.ts';
import { describeRegions } from '../region/describe.ts';
import { startDetached } from '../region/detached.ts';
import { type Regions, startRegions } from '../region/regions.ts';
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
  if (!keep) return openOwnRegions(keep);
  const address = await step('two regions started', () => startDetached());
  const tell = () => console.error(`The regions stay up. Stop them with: npm run local -- down ${address.runId}`);
  const forget = onSuddenEnd(tell);
  return {
    address,
    stop: async () => {
      forget();
      console.log(describeKept(address));
    },
  };
}

/**
 * Regions of this process, whose brokers it can kill.
 *
 * @param keep leaves them up at the end until Ctrl-C: they end with this process
 */
export async function openOwnRegions(keep: boolean): Promise<DemoRegions & { readonly regions: Regions }> {
  const regions = await step('two regions started', () => startRegions());
  const { address } = regions;
  const stop = async (failed: boolean) => {
    if (keep) {
      console.log(`${describeKept(address)}\n\nThey stay up until then, or until Ctrl-C.`);
      throw await regions.failure;
    }
    await step('regions stopped, data removed', () => regions.stop({ failed }));
  };
  return { address, regions, stop };
}

function describeKept(address: RegionsAddress): string {
  return `${describeRegions(address)}\n\n${describeCommands(address)}`;
}
