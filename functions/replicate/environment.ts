import { z } from 'zod';
import { mapEnvironment, parseVariables } from '../environment.ts';

const environment = mapEnvironment.extend({
  /** Whether the opposite flow copies into the same topics. */
  TWO_WAY: z.stringbool().default(false),
});

export type ReplicateEnvironment = z.infer<typeof environment>;

/** @throws FunctionMisconfigured that names every variable which the stack did not set as it should */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): ReplicateEnvironment {
  return parseVariables(environment, variables);
}
