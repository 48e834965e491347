import type { ReplicateEnvironment } from '../../../functions/replicate/environment.ts';
import type { FlowPartitions } from '../../../functions/replicate/flow-partitions.ts';
import { wire } from '../../../functions/replicate/wiring.ts';
import { silentObserver } from '../../../shared/append/context.ts';
import { parseEvent } from '../../../shared/records/event.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import { type PartitionOutcome, replicateEvent } from '../../../shared/replicate/replicate-event.ts';

const INVOCATION_MS = 30_000;

/** One execution environment of `replicate`, with a memory and connections of its own. */
export class Replicator {
  readonly #partitions: FlowPartitions;

  private constructor(partitions: FlowPartitions) {
    this.#partitions = partitions;
  }

  static async open(environment: ReplicateEnvironment): Promise<Replicator> {
    const { partitions } = await wire(environment, silentObserver, { written: () => {}, lost: () => {} });
    return new Replicator(partitions);
  }

  /** Hands over records of one partition as Lambda does. */
  async deliver(records: readonly KafkaRecord[]): Promise<PartitionOutcome> {
    const [first] = records;
    if (first === undefined) throw new RangeError('nothing to deliver');
    const event = { eventSource: 'aws:kafka', records: { [`${first.topic}-${first.partition}`]: records } };
    const signal = AbortSignal.timeout(INVOCATION_MS);
    const invocation = { id: crypto.randomUUID(), deadline: Date.now() + INVOCATION_MS };
    const { outcomes } = await replicateEvent(parseEvent(event), invocation, (topic, partition) =>
      this.#partitions.open(topic, partition, signal),
    );
    const [outcome] = outcomes;
    if (outcome === undefined) throw new RangeError('no outcome');
    return outcome;
  }
}
