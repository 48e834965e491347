import type { Clock } from '../../append/ports.ts';
import { aboutEach } from '../../reconcile/acls/requests.ts';
import { WriteFenceBusy, WriteFenceYoung } from './errors.ts';
import { fencedTopics, fenceOn, refusalOfAny } from './fence-acl.ts';
import type { FencedCluster } from './ports.ts';

/** After its note an ACL may still be made for so long, by a call that nobody waits for any more: 5 s to ask, 5 s to be answered. */
export const LATEST_MS = 12_000;

/**
 * Takes back what is noted, whichever run has made it, and nothing else. May be asked for any number of times.
 * @returns of how many topics; 0 where nothing was noted, and then the cluster is not asked
 * @throws WriteFenceYoung as long as some of it may still be made, WriteFenceBusy, WriteFenceRefused, and what the cluster or the registry throws when it does not answer
 */
export async function liftWriteFence(
  generation: number,
  { alias, acls, fences }: FencedCluster,
  clock: Clock,
): Promise<number> {
  const note = await fences.read(alias);
  if (note === undefined || note.topics.length === 0) return 0;
  if (note.generation > generation) throw new WriteFenceBusy(alias);
  const present = await acls.acls();
  const standing = present === 'no-authorizer' ? new Set<string>() : fencedTopics(present);
  const ours = note.topics.filter((topic) => standing.has(topic));
  const answers = await aboutEach(ours.map(fenceOn), (some) => acls.deleteAcls(some));
  const young = clock.now() < note.at + LATEST_MS;
  const topics = young ? note.topics : ours.filter((_, index) => answers[index] !== undefined);
  const left = { ...note, version: note.version + 1, generation, topics };
  if ((await fences.write(alias, note.version, left)) === 'conflict') throw new WriteFenceBusy(alias);
  const refused = refusalOfAny(alias, 'lifted', ours, answers);
  if (refused !== undefined) throw refused;
  if (young) throw new WriteFenceYoung(alias);
  return ours.length;
}

/** What a run read of the note before this cannot be written any more: nothing is placed for it after it was undone. */
export async function sealWriteFence(generation: number, { alias, fences }: FencedCluster): Promise<void> {
  const note = (await fences.read(alias)) ?? { version: 0, at: 0, topics: [] };
  const sealed = { ...note, version: note.version + 1, generation };
  if ((await fences.write(alias, note.version, sealed)) === 'conflict') throw new WriteFenceBusy(alias);
}
