import { step } from '../setup/steps.mjs';
import { compareFlows, type FlowComparison, SAMPLE_EVERY } from './comparison.ts';
import { type GroupReading, reportFlows, reportGroups } from './report.ts';
import type { Scene } from './scene.ts';

/** Without a record for so long, nothing more is read. */
const PATIENCE_MS = 60_000;

export interface Proven {
  readonly groups: readonly GroupReading[];
  readonly flows: readonly FlowComparison[];
  /** Every record has its copy, in its place. */
  readonly copied: boolean;
}

/** Ends the writing, and shows what has become of every record: in the logs, and at every group. */
export async function proveAll(scene: Scene): Promise<Proven> {
  const { address, applications } = scene;
  const { ledger, readers, writers } = applications;
  const left = () => readers.map(({ group }) => `${group} ${ledger.left(group)}`).join(', ');
  console.log('');
  const verdicts = await step(
    'every group reads to the end',
    () => applications.finish(PATIENCE_MS),
    () => `left: ${left()}`,
  );
  const flows = await compareFlows(scene);
  const written = { acknowledged: ledger.acknowledged, unknown: writers.unknown, sampleEvery: SAMPLE_EVERY };
  const copied = reportFlows(flows, written, console.log);
  const groups = verdicts.map((verdict): GroupReading => {
    const read = readers.find(({ group }) => group === verdict.group)?.read ?? new Map<string, number>();
    return { ...verdict, read };
  });
  const aliases = address.clusters.map(({ alias }) => alias);
  reportGroups(groups, aliases, console.log);
  return { groups, flows, copied };
}
