import type { Question } from '../../../shared/cost/estimate.ts';
import { pricesWith } from '../../../shared/cost/prices.ts';
import {
  defaultAssumptions,
  defaultSettings,
  defaultWorkload,
  type FlowSettings,
  type Workload,
} from '../../../shared/cost/workload.ts';

/** A flow of one topic with one partition and records of 1,000 bytes, of which a TB has 10^9; a delivery a second. */
export function question(workload: Partial<Workload> = {}, settings: Partial<FlowSettings> = {}): Question {
  const flow = { ...defaultSettings, flow: 'us-east->us-west', topicsMeasured: 1, batchingWindowSeconds: 1 };
  return {
    workload: { ...defaultWorkload, tbPerMonth: 1, topics: 1, partitions: 1, ...workload },
    flows: [{ ...flow, ...settings }],
    assumptions: defaultAssumptions,
    prices: pricesWith(),
  };
}
