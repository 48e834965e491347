import { parseArgs } from 'node:util';
import { UsageFault } from '../region/errors.ts';
import { tasks } from '../setup/tasks.mjs';

/** With fewer, no record is left for the topic that is made while the demo runs. */
const FEWEST_RECORDS = 1_000;

export interface DemoOptions {
  readonly records: number;
  /** Whether the regions stay up at the end. */
  readonly keep: boolean;
}

/** @throws UsageFault */
export function parseOptions(args: readonly string[]): DemoOptions {
  const { records, keep } = parse(args);
  const count = Number(records);
  if (!Number.isInteger(count) || count < FEWEST_RECORDS)
    throw new UsageFault(`--records ${records}: a count from ${FEWEST_RECORDS}`, tasks.demo.help);
  return { records: count, keep };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { keep: { type: 'boolean', default: false }, records: { type: 'string', default: '60000' } },
    }).values;
  } catch (error) {
    throw new UsageFault(error instanceof Error ? error.message : String(error), tasks.demo.help);
  }
}
