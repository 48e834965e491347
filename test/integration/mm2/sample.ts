import fc from 'fast-check';

/** `CAUSEWAY_SEED=<seed>` asks MirrorMaker 2 the same again. */
const SEED = Number(process.env.CAUSEWAY_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`MirrorMaker 2 is asked with CAUSEWAY_SEED=${SEED}`);

export function sample<T>(any: fc.Arbitrary<T>, numRuns: number): readonly T[] {
  return fc.sample(any, { numRuns, seed: SEED });
}
