import { type Part, partOf } from './part.ts';
import type { Prices } from './prices.ts';
import { BYTES_PER_TB, type FlowSettings, MINUTES_PER_MONTH, type Workload } from './workload.ts';

/** For a million records, both logs (README.md, `npm run bench -- verify`; that counts by windows, too). */
const SECONDS_PER_MILLION = 2.5;
/** As infra/flow makes it: one CPU. */
const MEMORY_MB = 1_769;

/** What it costs to compare all records as they are replicated, but for their transfer. */
export function verifyParts(
  { tbPerMonth, recordBytes }: Workload,
  { verifyMinutes }: Pick<FlowSettings, 'verifyMinutes'>,
  prices: Prices,
): readonly Part[] {
  if (verifyMinutes === undefined) return [];
  const seconds = ((tbPerMonth * BYTES_PER_TB) / recordBytes / 1e6) * SECONDS_PER_MILLION;
  return [
    partOf(
      {
        ...{ name: 'verify, requests', unit: 'runs', price: 'lambdaRequest' },
        ...{ quantity: MINUTES_PER_MONTH / verifyMinutes, because: `one each ${verifyMinutes} minutes` },
      },
      prices,
    ),
    partOf(
      {
        ...{ name: 'verify, compute', unit: 'GB-s', price: 'lambdaGbSecond' },
        ...{ quantity: seconds * (MEMORY_MB / 1_024), because: `${SECONDS_PER_MILLION} s for a million records` },
      },
      prices,
    ),
  ];
}
