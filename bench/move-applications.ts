import { Applications } from '../local/applications/applications.ts';
import { isExact } from '../local/applications/ledger.ts';
import { startRegions } from '../local/region/regions.ts';
import { step } from '../local/setup/steps.mjs';
import { RunbookKind } from '../shared/runbook/runbook.ts';
import type { BenchArguments } from './arguments.ts';
import { deployBothWays, move, PATIENCE_MS, WORKLOAD } from './deployed-pair.ts';
import { describeMoves, figuresOf, type Move } from './moves-report.ts';

/**
 * Applications under load are moved to the other region and back, time and again, by the deployed runbooks; each record is
 * followed from its writer to each group.
 *
 * @returns whether nothing was lost, read twice or out of order
 */
export async function moveApplicationsBench(args: BenchArguments): Promise<boolean> {
  const [rounds, rate, watchSeconds] = [args.whole('rounds', 1), args.whole('rate', 1), args.whole('watch', 1)];
  const regions = await step('two regions started', () => startRegions());
  let exact = false;
  try {
    const { address } = regions;
    const flow = await deployBothWays(address, { 'causeway.watch.lag.seconds': String(watchSeconds) });
    await using applications = new Applications(address, { ...WORKLOAD, rate });
    await step('applications write and read', () => applications.start());
    const moves: Move[] = [];
    for (const kind of Array.from({ length: rounds }, () => [RunbookKind.Switchover, RunbookKind.Failback]).flat()) {
      const moved = await move(flow, kind, applications);
      moves.push(moved);
      if (!moved.succeeded) break;
    }
    const verdicts = await step('every group reads to the end', () => applications.finish(PATIENCE_MS));
    const figures = figuresOf(moves, verdicts, applications);
    console.log(args.flag('json') ? JSON.stringify(figures) : describeMoves(figures));
    exact = moves.every(({ succeeded }) => succeeded) && moves.length === 2 * rounds && verdicts.every(isExact);
    return exact;
  } finally {
    await step('regions stopped', () => regions.stop({ failed: !exact }));
  }
}
