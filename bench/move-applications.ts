import { isExact } from '../local/applications/ledger.ts';
import { RunbookKind } from '../shared/runbook/runbook.ts';
import type { BenchArguments } from './arguments.ts';
import { CONSUMERS, onBusyPair, readToTheEnd } from './deployed-pair.ts';
import { move } from './deployed-runs.ts';
import { describeMoves, figuresOf, type Move } from './moves-report.ts';

/**
 * Applications under load are moved to the other region and back, time and again, by the deployed runbooks; each record is
 * followed from its writer to each group, be it one of clients or a function that Lambda calls.
 *
 * @returns whether nothing was lost, read twice or out of order
 */
export async function moveApplicationsBench(args: BenchArguments): Promise<boolean> {
  const [rounds, rate, watchSeconds] = [args.whole('rounds', 1), args.whole('rate', 1), args.whole('watch', 1)];
  const consumers = args.choice('consumers', CONSUMERS);
  return onBusyPair(
    rate,
    async (pair) => {
      const { applications, lambda } = pair;
      const moves: Move[] = [];
      for (const kind of Array.from({ length: rounds }, () => [RunbookKind.Switchover, RunbookKind.Failback]).flat()) {
        const moved = await move(pair, kind);
        moves.push(moved);
        if (!moved.succeeded) break;
      }
      const verdicts = await readToTheEnd(applications);
      const figures = figuresOf(moves, verdicts, applications, lambda);
      console.log(args.flag('json') ? JSON.stringify(figures) : describeMoves(figures));
      const areMoved = moves.every(({ succeeded }) => succeeded) && moves.length === 2 * rounds;
      return areMoved && verdicts.every(isExact) && figures.strays.length === 0;
    },
    { consumers, settings: { 'causeway.watch.lag.seconds': String(watchSeconds) } },
  );
}
