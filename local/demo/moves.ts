import { RunbookKind } from '../../shared/runbook/runbook.ts';
import { isExact } from '../applications/ledger.ts';
import { LATE_TOPIC } from '../applications/traffic.ts';
import { causeway, page } from './causeway.ts';
import { showClients } from './clients.ts';
import { showOpening, showStatus } from './opening.ts';
import { proveAll } from './proving.ts';
import { flowOption, type Scene } from './scene.ts';
import { watch } from './watch.ts';

/** Applications are moved to the other region and back, as planned. @returns whether all of it is proven */
export async function showMoves(scene: Scene, records: number): Promise<boolean> {
  const { source, target, applications } = scene;
  await showOpening(scene, [
    `traffic: ${records} records; a third of the way in topic ${LATE_TOPIC.name} is made, and nobody configures anything`,
    `switchover: the applications, still running, are moved to ${target.alias}, as planned`,
    `failback: they are moved home to ${source.alias}`,
    'proof: every record on both clusters against its copy, every record that a group read against the writers’ ledger',
  ]);
  await watch(scene, records);
  await showStatus(scene);
  showClients(applications);
  const moved = (await move(scene, RunbookKind.Switchover)) && (await move(scene, RunbookKind.Failback));
  const { groups, copied } = await proveAll(scene);
  return moved && copied && groups.every(isExact);
}

async function move(scene: Scene, kind: RunbookKind): Promise<boolean> {
  const { address, applications } = scene;
  const { writers } = applications;
  writers.longestPauseMs = 0;
  const began = performance.now();
  const moved = await causeway(address.runId, [kind, 'start', ...flowOption(scene), '--approval', 'waived']);
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  const [took, pause] = [seconds(performance.now() - began), seconds(writers.longestPauseMs)];
  console.log(page.style.bold(`${kind}: ${took}; no record was acknowledged for at most ${pause}`));
  return moved;
}
