import type { CausewayError } from '../../../flow/errors.ts';
import { type SourceOffset, targetOffset } from '../../../flow/offset.ts';
import { isTold } from '../../../groups/committed-offsets.ts';
import type { StartOffsets } from '../../../reconcile/ports.ts';
import type { ConsumerGroups } from './consumer-groups.ts';

/** What is thrown where a broker refuses, with its answer. */
export type StartRefused = new (group: string, topic: string, partition: number, answer: string) => CausewayError;

/** What an event source mapping's group has committed on the source. */
export function startOffsets(
  connect: () => Promise<ConsumerGroups<SourceOffset>>,
  Refused: StartRefused,
): StartOffsets {
  return {
    committed: async (group, topic) => {
      const told = (await (await connect()).committed([group])).get(group);
      if (told === undefined) return new Map();
      if (!isTold(told)) throw new Refused(group, topic, 0, told.code);
      const found = new Map<number, number>();
      for (const [partition, offset] of told.get(topic) ?? []) {
        if (!isTold(offset)) throw new Refused(group, topic, partition, offset.code);
        found.set(partition, offset.offset);
      }
      return found;
    },
    commit: async (group, topic, offsets) => {
      // Groups are otherwise committed on targets alone, so that the port takes their offsets.
      const asked = [...offsets].map(([partition, offset]) => ({
        ...{ topic, partition, offset: targetOffset(offset) },
        metadata: '',
      }));
      const outcomes = (await (await connect()).commit(new Map([[group, asked]]))).get(group) ?? [];
      for (const [i, { partition }] of asked.entries()) {
        const outcome = outcomes[i] ?? { kind: 'refused', code: 'UNKNOWN_SERVER_ERROR' };
        if (outcome.kind === 'refused') throw new Refused(group, topic, partition, outcome.code);
      }
    },
  };
}
