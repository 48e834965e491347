import { z } from 'zod';
import { unpackVariable } from '../../shared/adapters/lambda/packed-variable.ts';

const environment = z.object({
  FLOW: z.string().min(1).transform(unpackVariable),
  OFFSET_MAP_TABLE: z.string().min(1),
  OFFSET_MAP_REGION: z.string().min(1),
  /** Whether the opposite flow copies into the same topics. */
  TWO_WAY: z.stringbool().default(false),
});

export type ReplicateEnvironment = z.infer<typeof environment>;

/** @throws ZodError that names every variable which the stack did not set as it should */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): ReplicateEnvironment {
  return environment.parse(variables);
}
