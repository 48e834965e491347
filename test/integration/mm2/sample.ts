import fc from 'fast-check';

/** `CAUSEWAY_SEED=<seed>` asks MirrorMaker 2 the same again. */
export const SEED = Number(process.env.CAUSEWAY_SEED ?? Math.floor(Math.random() * 2 ** 31));

export function sample<T>(any: fc.Arbitrary<T>, numRuns: number): readonly T[] {
  return fc.sample(any, { numRuns, seed: SEED });
}
