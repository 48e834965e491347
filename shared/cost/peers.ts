import { type Part, partOf, sumOf } from './part.ts';
import type { Prices } from './prices.ts';
import { recordTransfer } from './traffic-parts.ts';
import {
  type Assumptions,
  BYTES_PER_GB,
  BYTES_PER_TB,
  type FlowSettings,
  HOURS_PER_MONTH,
  SECONDS_PER_MONTH,
  type Workload,
} from './workload.ts';

export interface Peer {
  readonly name: string;
  readonly parts: readonly Part[];
  readonly usdPerMonth: number;
}

/** CPU seconds of MirrorMaker 2 4.1 for a million records, consuming included, as it was measured once beside Causeway. */
const MIRROR_CPU = { small: { bytes: 100, seconds: 9.65 }, large: { bytes: 1_024, seconds: 22.5 } } as const;
/** A second worker goes on when one is replaced. Beyond them workers come and go, so that parts of a unit count. */
const LEAST_SOURCE_UNITS = 2;
/** MSK Connect runs one connector in its workers: those of checkpoints and heartbeats have one each. */
const OTHER_UNITS = 2;

/** The same traffic by others: what they charge for copying, without brokers, as for Causeway. */
export function peersOf(
  workload: Workload,
  flows: readonly FlowSettings[],
  assumptions: Assumptions,
  prices: Prices,
): readonly Peer[] {
  const peer = (name: string, own: (flow: FlowSettings) => readonly Part[]): Peer => {
    const parts = flows.flatMap((flow) => [...own(flow), ...recordTransfer(workload, flow, prices)]);
    return { name, parts, usdPerMonth: sumOf(parts) };
  };
  return [
    peer('MSK Replicator', () => replicatorParts(workload, prices)),
    peer('MirrorMaker 2 on MSK Connect', () => connectParts(workload, assumptions, prices)),
  ];
}

/** Compressed bytes are counted, in its favour. */
function replicatorParts({ tbPerMonth, compressedTo }: Workload, prices: Prices): readonly Part[] {
  const gb = (tbPerMonth * BYTES_PER_TB * compressedTo) / BYTES_PER_GB;
  return [
    partOf(
      {
        ...{ name: 'replicator', unit: 'hours', price: 'replicatorHour', quantity: HOURS_PER_MONTH },
        because: 'one a flow',
      },
      prices,
    ),
    partOf(
      {
        ...{ name: 'data processed', unit: 'GB', price: 'replicatorGb', quantity: gb },
        because: 'compressed, in its favour',
      },
      prices,
    ),
  ];
}

function connectParts(workload: Workload, { connectUnits, peak }: Assumptions, prices: Prices): readonly Part[] {
  const units = connectUnits ?? unitsFor(workload, peak);
  return [
    partOf(
      {
        ...{ name: 'Connect units', unit: 'unit hours', price: 'connectUnitHour', quantity: units * HOURS_PER_MONTH },
        because: `${units.toLocaleString('en-US', { maximumFractionDigits: 1 })} units: records, checkpoints and heartbeats are a connector each`,
      },
      prices,
    ),
  ];
}

function unitsFor({ tbPerMonth, recordBytes }: Workload, peak: number): number {
  const { small, large } = MIRROR_CPU;
  const perByte = (large.seconds - small.seconds) / (large.bytes - small.bytes);
  const cpuSeconds = small.seconds + (recordBytes - small.bytes) * perByte;
  const records = (tbPerMonth * BYTES_PER_TB) / recordBytes;
  const busy = ((records / 1e6) * cpuSeconds * peak) / SECONDS_PER_MONTH;
  return Math.max(LEAST_SOURCE_UNITS, busy) + OTHER_UNITS;
}
