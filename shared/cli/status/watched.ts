import type { FlowTrends } from '../../status/flow-trends.ts';
import type { Reading } from '../../status/reading.ts';
import type { Asked } from '../ask-each.ts';

/** A flow that is read again and again: what was found last, and how it got on. */
export interface Watched {
  readonly asked: Asked<Reading>;
  readonly trends: FlowTrends;
}
