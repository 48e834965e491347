import type { HeadStore } from '../../shared/append/ports.ts';
import type { Producers } from '../../shared/reconcile/renew.ts';
import { type PartitionAppendersOptions, partitionAppenders } from '../partition-appenders.ts';

export interface ProducersOptions extends PartitionAppendersOptions {
  readonly heads: HeadStore;
  /** Names this execution environment in HEAD. */
  readonly invocation: string;
}

/** The producers that `replicate` appends with, by the same HEADs and the same transactional ids. */
export function partitionProducers({ invocation, ...options }: ProducersOptions): Producers {
  const appenderOf = partitionAppenders(options);
  return {
    head: (partition) => options.heads.read(partition),
    renew: async (partition, item, deadline) =>
      (await appenderOf(partition, item, deadline)).fence({ deadline, invocation }),
  };
}
