import type { FlowPartition } from '../../flow/flow.ts';
import { flowPartition } from '../../groups/knowledge.ts';
import type { TopicItem } from '../../ledger/topic-registry.ts';
import type { RunbookFlow } from '../ports/flow.ts';

/** How the records of one partition of the cluster that is left came to be on the other one. */
export interface CrossingPartition {
  /** Copied by the flow that goes the way of the runbook. */
  readonly forward: FlowPartition | undefined;
  /** Themselves copies, made by the flow that comes back; their originals are on the other cluster. */
  readonly backward: FlowPartition | undefined;
}

/** Topics of the cluster that is left, by how their records are on the other one. */
export class Ways {
  readonly #forward: ReadonlyMap<string, TopicItem>;
  readonly #backward: ReadonlyMap<string, TopicItem>;
  readonly #flows: { readonly forward: RunbookFlow['flow']; readonly backward: RunbookFlow['flow'] | undefined };

  constructor(
    forward: { readonly flow: RunbookFlow['flow']; readonly topics: readonly TopicItem[] },
    backward: { readonly flow: RunbookFlow['flow']; readonly topics: readonly TopicItem[] } | undefined,
  ) {
    this.#forward = new Map(forward.topics.map((item) => [item.topic, item]));
    this.#backward = new Map(backward?.topics.map((item) => [item.remoteTopic, item]));
    this.#flows = { forward: forward.flow, backward: backward?.flow };
  }

  /** Undefined: no flow has it, and its records are on this cluster only. */
  of(topic: string, partition: number): CrossingPartition | undefined {
    const [there, back] = [this.#forward.get(topic), this.#backward.get(topic)];
    if (there === undefined && back === undefined) return undefined;
    const { forward, backward } = this.#flows;
    return {
      forward: there && flowPartition(forward, there, partition),
      backward: back && backward && flowPartition(backward, back, partition),
    };
  }
}

/** Both flows copy it under one name: copies and originals stand in one log. */
export function isShared({ forward, backward }: CrossingPartition): boolean {
  return forward !== undefined && forward.remoteTopic === backward?.topic;
}
