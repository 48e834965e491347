import { z } from 'zod';
import type { FlowPartition } from '../../flow/flow.ts';
import { isTold } from '../../groups/committed-offsets.ts';
import { dueOf } from '../../offsets/due.ts';
import type { Heads } from '../ports/flow.ts';
import type { Evidence } from '../stage.ts';

/**
 * How far each partition was copied when an emergency stopped the flow: the first source offset that was not in the target,
 * by topic, in the order of partitions; null: the offset map did not tell.
 */
export type StoppedAt = Readonly<Record<string, readonly (number | null)[]>>;

const evidence = z.object({ stoppedAt: z.record(z.string(), z.array(z.int().nonnegative().nullable())) });

export function stoppedAt(heads: Heads, partitions: readonly FlowPartition[]): StoppedAt {
  const byTopic = new Map<string, (number | null)[]>();
  for (const each of partitions) {
    const { topic, partition } = each;
    const head = heads.get(topic)?.get(partition);
    const ofTopic = byTopic.get(topic) ?? [];
    byTopic.set(topic, ofTopic);
    ofTopic[partition] = head === undefined || isTold(head) ? dueOf(each, head) : null;
  }
  return Object.fromEntries(byTopic);
}

/** What `bound-loss` of an emergency noted; undefined: it noted nothing. */
export function stoppedAtIn(told: Evidence | undefined): StoppedAt | undefined {
  return evidence.safeParse(told).data?.stoppedAt;
}
