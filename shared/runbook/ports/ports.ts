import type { Clock } from '../../append/ports.ts';
import type { GroupRules } from '../../groups/select.ts';
import type { SourceEnds } from '../../loss/source-ends.ts';
import type { AclWriter } from '../../reconcile/acls/sync-acls.ts';
import type { RegistryEntry } from '../registry/entry.ts';
import type { Executions, RunJournal } from '../registry/ports.ts';
import type { Registry } from '../registry/registry.ts';
import type { WriteFences } from '../write-fence/ports.ts';
import type { RunbookCluster } from './cluster.ts';
import type { RunbookConsumers } from './consumers.ts';
import type { RunbookFlow } from './flow.ts';
import type { LastKnownOffsets, RunbookGroups } from './groups.ts';
import type { Publication } from './publication.ts';
import type { RunReports } from './reports.ts';
import type { RunbookSettings } from './settings.ts';

/** One end of the way: the cluster that applications leave, or the one that they move to. */
export interface RunbookSide {
  readonly cluster: RunbookCluster;
  readonly groups: RunbookGroups;
  readonly acls: AclWriter;
}

/**
 * What stages work with. They know no direction: a failback has the same, with the ends exchanged and the reverse flow as
 * the one that goes forward.
 */
export interface RunbookPorts {
  readonly clock: Clock;
  readonly registry: Pick<
    Registry,
    'entry' | 'begin' | 'mayBegin' | 'fenceProducers' | 'fenceConsumers' | 'unfence' | 'promote' | 'finish'
  >;
  /**
   * Where the applications of the other way are: its runbooks hold the same two flows. Undefined where there is no such
   * flow; the answer is undefined before its first run. @throws CausewayError or the SDK's errors
   */
  readonly opposite: (() => Promise<RegistryEntry | undefined>) | undefined;
  readonly executions: Executions;
  readonly journal: RunJournal;
  /** The journal of the flow's runs, in a dry run too. */
  readonly history: Pick<RunJournal, 'runs' | 'stage'>;
  readonly from: RunbookSide;
  readonly to: RunbookSide;
  /** Copies from the cluster that is left to the one that is moved to. */
  readonly forward: RunbookFlow;
  /** Copies the other way; undefined where no such flow is deployed. */
  readonly backward: RunbookFlow | undefined;
  /** Which groups are moved. */
  readonly rules: GroupRules;
  /** Time of the newest heartbeat from `from` that arrived at `to`, ms since the epoch; undefined: none ever. @throws CausewayError */
  readonly newestHeartbeat: () => Promise<number | undefined>;
  /** What was last seen of the ends of `from`; undefined: nothing. @throws CausewayError */
  readonly sourceEnds: () => Promise<SourceEnds | undefined>;
  /** Stands in for the groups of `from` while that does not answer; undefined: nothing is known. @throws CausewayError */
  readonly lastKnown: () => Promise<LastKnownOffsets | undefined>;
  /** Undefined where the configuration lists none. */
  readonly consumers?: RunbookConsumers | undefined;
  readonly publication: Publication;
  readonly writeFences: WriteFences;
  readonly reports: RunReports;
  readonly settings: RunbookSettings;
}
