import { z } from 'zod';
import { unpackVariable } from '../../shared/adapters/lambda/packed-variable.ts';
import { decodeFlow } from '../../shared/config/flow-json.ts';

const environment = z.object({
  FLOW: z
    .string()
    .min(1)
    .transform((packed) => decodeFlow(unpackVariable(packed))),
  OFFSET_MAP_TABLE: z.string().min(1),
  OFFSET_MAP_REGION: z.string().min(1),
});

export type TranslateEnvironment = z.infer<typeof environment>;

/** @throws ZodError that names every variable which the stack did not set as it should */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): TranslateEnvironment {
  return environment.parse(variables);
}
