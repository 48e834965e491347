import { PartitionAppender } from '../../shared/append/append.ts';
import { liftPartition } from '../../shared/append/hold.ts';
import { holdFlow } from '../../shared/hold/hold-flow.ts';
import { liftFlow } from '../../shared/hold/lift-flow.ts';
import type { SimRecord } from './source-partition.ts';

export type Appender = new (
  ...given: ConstructorParameters<typeof PartitionAppender<SimRecord>>
) => PartitionAppender<SimRecord>;

/** The code that is simulated: the project's own, or a mutant of it. */
export interface Core {
  readonly PartitionAppender: Appender;
  readonly liftPartition: typeof liftPartition;
  readonly holdFlow: typeof holdFlow;
  readonly liftFlow: typeof liftFlow;
}

export const realCore: Core = { PartitionAppender, liftPartition, holdFlow, liftFlow };
