import type { TopicAclBinding } from '../../policy/acl-selection.ts';
import type { RunbookPorts, RunbookSide } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';
import { WriteFenceBusy, WriteFenceYoung } from '../write-fence/errors.ts';
import { fenceOn } from '../write-fence/fence-acl.ts';
import { liftWriteFence, sealWriteFence } from '../write-fence/lift.ts';
import { type Placed, placeWriteFence } from '../write-fence/place.ts';
import type { FencedCluster } from '../write-fence/ports.ts';
import { byThen, isDefect } from './poll.ts';

type Ports = Pick<RunbookPorts, 'writeFences' | 'clock'>;
type Side = Pick<RunbookSide, 'cluster' | 'acls'>;

/** Clients may stand still meanwhile: a cluster that does not answer by then is asked by the next call. */
const ADMIT_MS = 4_000;

/** No topic has this name: to be allowed to lift it is to be allowed to lift any, and nothing is changed by it. */
const NO_TOPIC = '.';

/** Of all topics of applications that are copied; heartbeats and Causeway's own are none, and go on being written. */
export async function refuseWriters(
  run: RunbookRun,
  side: Side,
  ports: Ports & Pick<RunbookPorts, 'registry' | 'forward'>,
): Promise<Placed> {
  const { generation, way } = run;
  const confirm = async () => {
    const { active } = await ports.registry.fenceProducers(generation);
    if (active === way.to) throw new WriteFenceBusy(way.from);
  };
  const topics = (await ports.forward.topics()).map(({ topic }) => topic);
  return placeWriteFence(generation, topics, fencedCluster(side, ports), ports.clock, confirm);
}

/** When this run placed a fence, or was about to, ms since the epoch; undefined: it has not come to that. */
export async function refusedSince({ generation }: RunbookRun, side: Side, ports: Ports): Promise<number | undefined> {
  const note = await ports.writeFences.read(side.cluster.alias);
  return note?.generation === generation && note.topics.length > 0 ? note.at : undefined;
}

/**
 * Lifts what runs of this flow have denied on a cluster, as far as it answers.
 * @returns why it stands yet; undefined: nothing is denied any more
 */
export async function admitWriters({ generation }: RunbookRun, side: Side, ports: Ports): Promise<string | undefined> {
  const { alias } = side.cluster;
  try {
    const { clock, writeFences } = ports;
    if (!((await writeFences.read(alias))?.topics.length ?? 0)) return undefined;
    const lifting = liftWriteFence(generation, fencedCluster(side, ports), clock);
    if ((await byThen(clock, clock.now() + ADMIT_MS, lifting)) !== undefined) return undefined;
    return `writers are still refused on ${alias}, by ACLs of this flow: it does not answer`;
  } catch (error) {
    if (!(error instanceof Error) || isDefect(error)) throw error;
    if (error instanceof WriteFenceYoung) return error.message;
    return `writers are still refused on ${alias}, by ACLs of this flow: ${error.message}`;
  }
}

/**
 * Lifts it for good: nothing that an earlier call of the run has still under way makes it again. For a run that is undone,
 * once the registry says so.
 */
export async function admitWritersForGood(run: RunbookRun, side: Side, ports: Ports): Promise<string | undefined> {
  await sealWriteFence(run.generation, fencedCluster(side, ports));
  return admitWriters(run, side, ports);
}

/** Whether a fence could be made and lifted: `no-authorizer` where it would hold nobody. @throws CausewayError where not */
export async function mayRefuseWriters({ acls }: Side): Promise<'no-authorizer' | 'may'> {
  if ((await acls.acls()) === 'no-authorizer') return 'no-authorizer';
  const nothing: TopicAclBinding = fenceOn(NO_TOPIC);
  const [refusal] = await acls.deleteAcls([nothing]);
  if (refusal !== undefined) throw refusal;
  return 'may';
}

function fencedCluster({ cluster, acls }: Side, { writeFences }: Ports): FencedCluster {
  return { alias: cluster.alias, acls, fences: writeFences };
}
