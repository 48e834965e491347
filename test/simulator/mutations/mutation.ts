import type { Patch } from '../mutant.ts';
import type { Scenario } from '../scenario.ts';
import type { Flaws } from '../simulation.ts';

/** A known break of a simpler protocol, put back, and the world in which it shows. */
export interface Mutation {
  readonly name: string;
  readonly patches?: readonly Patch[];
  /** What the surroundings leave out instead. */
  readonly flaws?: Flaws;
  readonly settings?: Scenario['settings'];
  readonly scenario: Scenario;
  /** Where the search begins, when the first seed that shows it is far. */
  readonly firstSeed?: number;
  /** Letters of the invariants that it may break: the harm, rather than the rule that was taken out. */
  readonly breaks: string;
}

/** The letters that tell of harm. */
export const HARM = 'CDEGK';
