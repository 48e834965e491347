import type { Flow } from './flow-schema.ts';

/** The same pair the other way round; undefined where there is none of it in `flows`. */
export function oppositeOf({ source, target }: Flow, flows: readonly Flow[]): Flow | undefined {
  return flows.find((other) => other.source.alias === target.alias && other.target.alias === source.alias);
}
