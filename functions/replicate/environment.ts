import { z } from 'zod';
import { unpackVariable } from '../../shared/adapters/lambda/packed-variable.ts';
import { decodeFlow } from '../../shared/config/flow-json.ts';
import { FunctionMisconfigured } from './errors.ts';

/** What is wrong with a packed flow is told by the name of what fails; its text would fill the log. */
const flow = z.string().transform((packed, context) => {
  try {
    return decodeFlow(unpackVariable(packed));
  } catch (error) {
    context.addIssue({ code: 'custom', message: `not a flow as this version packs it (${nameOf(error)})` });
    return z.NEVER;
  }
});

const environment = z.object({
  FLOW: flow,
  OFFSET_MAP_TABLE: z.string().min(1),
  OFFSET_MAP_REGION: z.string().min(1),
  /** Whether the opposite flow copies into the same topics. */
  TWO_WAY: z.stringbool().default(false),
});

export type ReplicateEnvironment = z.infer<typeof environment>;

/** @throws FunctionMisconfigured that names every variable which the stack did not set as it should */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): ReplicateEnvironment {
  const parsed = environment.safeParse(variables);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => {
    const name = path.join('.');
    return `${name} ${variables[name] === undefined ? 'is not set' : message}`;
  });
  throw new FunctionMisconfigured(faults, parsed.error);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
