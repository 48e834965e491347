import type { FlowId } from '../flow/flow.ts';
import type { ConfigRules } from './configs/plan-configs.ts';
import type { MappingOrigin, MappingSettings, StartPosition } from './mapping.ts';
import type { FlowTopics } from './topic.ts';

/** What the configuration asks for; the same for every topic of the flow. */
export interface Wanted {
  readonly flow: FlowId;
  readonly topics: FlowTopics;
  readonly origin: MappingOrigin;
  readonly settings: MappingSettings;
  /** Where topics begin that are seen for the first time; every later generation begins at the source's log start. */
  readonly start: StartPosition;
  /** From the end of a mapping until no delivery of it can be running, ms: `replicate`'s time-out and a margin. */
  readonly drainMs: number;
  /** Of new remote topics; -1 leaves it to the broker's default. */
  readonly replicationFactor: number;
  /** Whether records that the flow did not write are to be expected in its remote topics (two-way, same names). */
  readonly twoWay: boolean;
  /** Topic settings; `rules` hold at the creation of a remote topic too. */
  readonly configs: { readonly rules: ConfigRules; readonly sync: Schedule };
  /** What becomes of the copy of a topic that is deleted at the source. */
  readonly deletedTopics: { readonly action: 'keep' | 'delete'; readonly graceMs: number };
  readonly acls: { readonly deleteRevoked: boolean; readonly sync: Schedule };
}

/** Done at most once in `intervalMs`, or never. */
export interface Schedule {
  readonly enabled: boolean;
  readonly intervalMs: number;
}
