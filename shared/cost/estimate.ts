import { type Part, sumOf } from './part.ts';
import { type Peer, peersOf } from './peers.ts';
import type { Prices } from './prices.ts';
import { standingParts } from './standing-parts.ts';
import { trafficParts } from './traffic-parts.ts';
import type { Assumptions, FlowSettings, Workload } from './workload.ts';

export interface Question {
  /** Of each flow. */
  readonly workload: Workload;
  readonly flows: readonly FlowSettings[];
  readonly assumptions: Assumptions;
  readonly prices: Prices;
}

export interface FlowCost {
  readonly flow: string;
  readonly parts: readonly Part[];
  readonly usdPerMonth: number;
}

export interface Estimate {
  readonly flows: readonly FlowCost[];
  readonly usdPerMonth: number;
  readonly peers: readonly Peer[];
}

/** What flows cost a month, and what others would charge for the same traffic. */
export function estimate({ workload, flows, assumptions, prices }: Question): Estimate {
  const costs = flows.map((settings): FlowCost => {
    const parts = [
      ...trafficParts(workload, settings, assumptions, prices),
      ...standingParts(workload, settings, prices),
    ];
    return { flow: settings.flow, parts, usdPerMonth: sumOf(parts) };
  });
  return { flows: costs, usdPerMonth: sumOf(costs), peers: peersOf(workload, flows, assumptions, prices) };
}
