import { grantedRanges } from '../../shared/offsets/grant.ts';
import type { Head, Producer } from '../../shared/offsets/head.ts';
import { advanceSequence, sequenceDistance } from '../../shared/offsets/sequence.ts';
import type { SimRecord } from './source-partition.ts';
import { Violation } from './violation.ts';

/** Producer ids, epochs and sequences of a schedule in one number. */
function sequenceKey({ producerId, epoch }: Producer, sequence: number): number {
  return (Number(producerId) * 64 + epoch) * 2 ** 31 + sequence;
}

/** A. For a producer id, epoch and sequence at most one source record is ever sent, granted durably before. */
export class InvariantA {
  readonly #heads: Head[] = [];
  readonly #sent = new Map<number, number>();

  granted(head: Head): void {
    if (head.grant.kind !== 'closed') this.#heads.push(head);
  }

  sent(producer: Producer, firstSequence: number, records: readonly SimRecord[]): void {
    for (const [i, { id, offset }] of records.entries()) {
      const sequence = advanceSequence(firstSequence, i);
      const key = sequenceKey(producer, sequence);
      const before = this.#sent.get(key);
      if (before !== undefined && before !== id) {
        throw new Violation('A', `sequence ${sequence} of epoch ${producer.epoch} meant record ${before}, now ${id}`);
      }
      if (before === undefined && !this.#heads.some((head) => grants(head, producer, sequence, offset))) {
        throw new Violation(
          'A',
          `sequence ${sequence} of epoch ${producer.epoch} was never granted for offset ${offset}`,
        );
      }
      this.#sent.set(key, id);
    }
  }
}

function grants(head: Head, producer: Producer, sequence: number, offset: number): boolean {
  if (head.producer.producerId !== producer.producerId || head.producer.epoch !== producer.epoch) return false;
  const at = sequenceDistance(head.nextSequence, sequence);
  return at >= 0 && grantedRanges(head, at, 1)[0]?.from === offset;
}
