import type { StageTable } from '../run-stage.ts';
import { boundLoss } from './bound-loss.ts';
import { canary } from './canary.ts';
import { checkFlow } from './check-flow.ts';
import { checkTarget } from './check-target.ts';
import { compareRecords } from './compare-records.ts';
import { drain } from './drain.ts';
import { fenceConsumers } from './fence-consumers.ts';
import { fenceWriters } from './fence-writers.ts';
import { lock } from './lock.ts';
import { moveGroups } from './move-groups.ts';
import { promote } from './promote.ts';
import { proveSource } from './prove-source.ts';
import { release } from './release.ts';
import { removeShadows } from './remove-shadows.ts';
import { report } from './report.ts';
import { shadowGroups } from './shadow-groups.ts';
import { startReverse } from './start-reverse.ts';
import { stopFlow } from './stop-flow.ts';
import { undo } from './undo.ts';
import { watchLag } from './watch-lag.ts';

/** What each stage does, by its name in the table of stages. */
export const stageTable: StageTable = {
  lock,
  'prove-source': proveSource,
  'check-target': checkTarget,
  'check-flow': checkFlow,
  'fence-writers': fenceWriters,
  drain,
  'stop-flow': stopFlow,
  'bound-loss': boundLoss,
  'fence-consumers': fenceConsumers,
  'move-groups': moveGroups,
  promote,
  canary,
  'start-reverse': startReverse,
  'watch-lag': watchLag,
  release,
  'shadow-groups': shadowGroups,
  'compare-records': compareRecords,
  'remove-shadows': removeShadows,
  report,
  undo,
};
