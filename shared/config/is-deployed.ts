import type { Flow } from './flow-schema.ts';

/**
 * Whether anything of a pair is deployed: of one that copies nothing its heartbeats, where it is known in which region they
 * are to be written; the file's warnings name those of which it is not.
 */
export function isDeployed({ enabled, target }: Flow): boolean {
  return enabled || target.region !== undefined;
}
