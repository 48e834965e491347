import { z } from 'zod';
import { unpackVariable } from '../../shared/adapters/lambda/packed-variable.ts';
import { decodeFlow } from '../../shared/config/flow-json.ts';

const environment = z.object({
  FLOW: z
    .string()
    .min(1)
    .transform((packed) => decodeFlow(unpackVariable(packed))),
});

export type HeartbeatEnvironment = z.infer<typeof environment>;

/** @throws ZodError when the stack did not set what it should */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): HeartbeatEnvironment {
  return environment.parse(variables);
}
