import { parseArgs } from 'node:util';
import { UsageFault } from '../region/errors.ts';
import { tasks } from '../setup/tasks.mjs';

/** With fewer, no record is left for the topic that is made while the demo runs. */
const FEWEST_RECORDS = 1_000;

/**
 * - move: applications are moved to the other region as planned, and back
 * - failover: their region is lost
 */
export const Scenario = { Move: 'move', Failover: 'failover' } as const;
export type Scenario = (typeof Scenario)[keyof typeof Scenario];

export interface DemoOptions {
  readonly scenario: Scenario;
  /** How many are written before anything is moved. */
  readonly records: number;
  /** Whether the regions stay up at the end. */
  readonly keep: boolean;
}

/** @throws UsageFault */
export function parseOptions(args: readonly string[]): DemoOptions {
  const { values, positionals } = parse(args);
  const { records, keep } = values;
  const count = Number(records);
  if (!Number.isInteger(count) || count < FEWEST_RECORDS)
    throw new UsageFault(`--records ${records}: a count from ${FEWEST_RECORDS}`, tasks.demo.help);
  const [named, ...others] = positionals;
  if (others.length > 0 || (named !== undefined && named !== Scenario.Failover))
    throw new UsageFault(`There is no demo "${positionals.join(' ')}"`, tasks.demo.help);
  return { scenario: named ?? Scenario.Move, records: count, keep };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { keep: { type: 'boolean', default: false }, records: { type: 'string', default: '60000' } },
    });
  } catch (error) {
    throw new UsageFault(error instanceof Error ? error.message : String(error), tasks.demo.help);
  }
}
