import type { Clock } from '../../append/ports.ts';
import { aboutEach } from '../../reconcile/acls/requests.ts';
import { WriteFenceBusy } from './errors.ts';
import { fencedTopics, fenceOn, refusalOfAny } from './fence-acl.ts';
import type { FencedCluster } from './ports.ts';

/**
 * - standing: nobody but super users writes to the topics; `at`, ms since the epoch, is from when on at the latest,
 *   `byOthers` are those that were fenced before, by whom the registry does not know: they stay so
 * - no-authorizer: the cluster has no ACLs
 */
export type Placed =
  | { readonly kind: 'standing'; readonly at: number; readonly byOthers: readonly string[] }
  | { readonly kind: 'no-authorizer' };

/** No ACL is asked for later than this after its note: what lifting waits for rests on it. */
const MAKING_MS = 5_000;

/**
 * Denies everybody to write to topics. May be asked for any number of times, by any run: what an earlier one has made is
 * gone on with. Only what is not there is noted and made, in this order, so that lifting takes back neither less nor more.
 * @param confirm throws where the run is not to go on; asked between the reading of the note and its writing, which fails
 * when a later run has written it: so nothing is noted for a run that was undone
 * @throws WriteFenceBusy, WriteFenceRefused, and what the cluster or the registry throws when it does not answer
 */
export async function placeWriteFence(
  generation: number,
  topics: readonly string[],
  { alias, acls, fences }: FencedCluster,
  clock: Clock,
  confirm: () => Promise<void>,
): Promise<Placed> {
  const note = await fences.read(alias);
  if (note !== undefined && note.generation > generation) throw new WriteFenceBusy(alias);
  // After the note: what stands by now and is not in it is somebody else's.
  const present = await acls.acls();
  if (present === 'no-authorizer') return { kind: 'no-authorizer' };
  const standing = fencedTopics(present);
  const ours = new Set(note?.topics);
  const missing = topics.filter((topic) => !standing.has(topic));
  const byOthers = topics.filter((topic) => standing.has(topic) && !ours.has(topic));
  if (missing.length === 0 && note?.generation === generation) return { kind: 'standing', at: note.at, byOthers };
  await confirm();
  const version = note?.version ?? 0;
  const noted = { version: version + 1, generation, at: clock.now(), topics: [...ours.union(new Set(missing))] };
  if ((await fences.write(alias, version, noted)) === 'conflict') throw new WriteFenceBusy(alias);
  const answers = await aboutEach(missing.map(fenceOn), async (some) => {
    if (clock.now() > noted.at + MAKING_MS) throw new WriteFenceBusy(alias);
    return acls.createAcls(some);
  });
  const refused = refusalOfAny(alias, 'made', missing, answers);
  if (refused !== undefined) throw refused;
  return { kind: 'standing', at: clock.now(), byOthers };
}
