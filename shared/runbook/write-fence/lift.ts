import { aboutEach } from '../../reconcile/acls/requests.ts';
import { WriteFenceBusy } from './errors.ts';
import { fencedTopics, fenceOn, refusalOfAny } from './fence-acl.ts';
import type { FencedCluster } from './ports.ts';

/**
 * Takes back what is noted, whichever run has made it, and nothing else. May be asked for any number of times.
 * @returns of how many topics; 0 where nothing was noted, and then the cluster is not asked
 * @throws WriteFenceBusy, WriteFenceRefused, and what the cluster or the registry throws when it does not answer
 */
export async function liftWriteFence(generation: number, { alias, acls, fences }: FencedCluster): Promise<number> {
  const note = await fences.read(alias);
  if (note === undefined || note.topics.length === 0) return 0;
  if (note.generation > generation) throw new WriteFenceBusy(alias);
  const present = await acls.acls();
  const standing = present === 'no-authorizer' ? new Set<string>() : fencedTopics(present);
  const ours = note.topics.filter((topic) => standing.has(topic));
  const answers = await aboutEach(ours.map(fenceOn), (some) => acls.deleteAcls(some));
  const topics = ours.filter((_, index) => answers[index] !== undefined);
  const left = { ...note, version: note.version + 1, generation, topics };
  if ((await fences.write(alias, note.version, left)) === 'conflict') throw new WriteFenceBusy(alias);
  const refused = refusalOfAny(alias, 'lifted', ours, answers);
  if (refused !== undefined) throw refused;
  return ours.length;
}
