import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** So that a measurement does not pay for what was made before it. Node offers it only behind a flag. */
export const collectGarbage: () => void = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
})();
