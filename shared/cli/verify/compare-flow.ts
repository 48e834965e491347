import type { Flow } from '../../config/flow-schema.ts';
import { flowName, flowOf } from '../../flow/flow.ts';
import { verifyPorts } from '../../verify/connect.ts';
import type { FlowReport } from '../../verify/flow-report.ts';
import { type VerifyOptions, type VerifyProgress, verifyFlow } from '../../verify/verify-flow.ts';
import type { Progress } from '../command.ts';
import { FlowClusters } from '../flow-clusters.ts';
import { offsetMapTable } from '../offset-map-table.ts';
import { describeProgress } from './present.ts';

const CLIENT_ID = 'causeway-verify';
/** Partitions; mostly waiting for answers. */
const SIDE_BY_SIDE = 8;
const TOLD_EACH_MS = 2_000;

export interface CompareOptions extends Omit<VerifyOptions, 'sideBySide' | 'onProgress'> {
  readonly progress: Progress;
}

/** Compares a flow as the file has it, from where the command is called. @throws CausewayError */
export async function compareFlow(
  flow: Flow,
  prefix: string,
  { progress, ...options }: CompareOptions,
): Promise<FlowReport> {
  const { tableName, open, read: fromTable } = offsetMapTable(flow, prefix);
  await using clusters = new FlowClusters(flow, CLIENT_ID);
  const { admin, data } = clusters;
  const table = open();
  try {
    const ports = verifyPorts(flow, { admin, data, tableName, table, fromTable, signal: options.signal });
    return await verifyFlow(ports, {
      ...options,
      sideBySide: SIDE_BY_SIDE,
      onProgress: tellNowAndThen(flowName(flowOf(flow)), progress),
    });
  } finally {
    table.destroy();
  }
}

function tellNowAndThen(name: string, progress: Progress): (progressed: () => VerifyProgress) => void {
  let at = performance.now();
  let done: number | undefined;
  return (progressed) => {
    const passedMs = performance.now() - at;
    // What another run had done is no work of this one's.
    done ??= progressed().done;
    if (passedMs < TOLD_EACH_MS) return;
    const now = progressed();
    const perSecond = ((now.done - done) * 1_000) / passedMs;
    progress((page) => describeProgress(page, name, now, perSecond));
    at = performance.now();
    done = now.done;
  };
}
