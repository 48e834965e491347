import type { CausewayError } from '../flow/errors.ts';
import type { TopicItem } from '../ledger/topic-registry.ts';
import type { LaterStart, MappingSettings } from './mapping.ts';

/** One change that brings a topic nearer to what the flow wants. Each is safe to repeat and to lose. */
export type Action =
  | {
      readonly kind: 'create-remote-topic';
      readonly remoteTopic: string;
      readonly partitions: number;
      readonly configs: Readonly<Record<string, string>>;
    }
  /** The topic was deleted at the source: its copy is to be deleted once the grace period is over. */
  | { readonly kind: 'begin-grace'; readonly item: TopicItem }
  | { readonly kind: 'delete-remote-topic'; readonly item: TopicItem }
  | { readonly kind: 'grow-remote-topic'; readonly remoteTopic: string; readonly partitions: number }
  /** Conditional on the version before; a conflict means that another run is at work, which is fine. */
  | {
      readonly kind: 'write-item';
      readonly reason: ItemChange;
      readonly item: TopicItem;
      /** Where its partitions begin, to be noted with it; undefined: where they do is not to be changed. */
      readonly beginsAt?: LaterStart;
    }
  | { readonly kind: 'create-mapping'; readonly item: TopicItem }
  | { readonly kind: 'update-mapping'; readonly uuid: string; readonly settings: MappingSettings }
  | { readonly kind: 'delete-mapping'; readonly uuid: string; readonly reason: MappingRemoval };

export type ItemChange =
  | 'first-seen'
  | 'topic-made-anew'
  | 'no-longer-covered'
  | 'mapping-gone'
  | 'mapping-back'
  | 'new-generation'
  | 'resumed'
  | 'retired'
  | 'kept'
  | 'remote-made'
  | 'partitions'
  | 'mapping';

export type MappingRemoval =
  | 'not-wanted'
  | 'other-generation'
  | 'double'
  | 'other-origin'
  | 'drops-records'
  | 'flow-removed';

/** What is to be done for a topic now, and what its next step is waiting for, if anything. */
export interface TopicPlan {
  readonly topic: string;
  readonly actions: readonly Action[];
  readonly waitingFor: Waiting | undefined;
  /** Why nothing is done for the topic. */
  readonly fault: CausewayError | undefined;
}

export type Waiting = 'mapping-deleted' | 'mapping-settled' | 'deliveries-ended';
