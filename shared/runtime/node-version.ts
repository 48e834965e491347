import { CausewayError } from '../flow/errors.ts';

/** The oldest Node that the published package runs on: the first with zstd. `engines` of package.json says the same. */
export const OLDEST_NODE = '22.15';

/** This Node is too old for the package. */
export class NodeTooOldError extends CausewayError {
  readonly code = 'NODE_TOO_OLD';
  readonly retriable = false;

  constructor(version: string) {
    super(`causeway needs Node ${OLDEST_NODE} or newer; this is Node ${version}`, {
      safe: 'Nothing was asked or changed.',
      next: `Run it on Node ${OLDEST_NODE} or newer.`,
    });
  }
}

/** @param version as `process.versions.node` has it @throws NodeTooOldError */
export function checkNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number);
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) throw new NodeTooOldError(version);
}
