import { z } from 'zod';
import { unpackVariable } from '../shared/adapters/lambda/packed-variable.ts';
import { decodeFlow } from '../shared/config/flow-json.ts';
import { flowName, flowOf } from '../shared/flow/flow.ts';
import { FunctionMisconfigured } from './errors.ts';

/**
 * A variable whose text is more than a name. What is wrong with it is told by the name of what fails; its text would fill
 * the log.
 */
export function packed<T>(what: string, unpack: (text: string) => T) {
  return z.string().transform((text, context) => {
    try {
      return unpack(text);
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      context.addIssue({ code: 'custom', message: `not ${what} as this version packs it (${name})` });
      return z.NEVER;
    }
  });
}

/** Of a function that needs nothing but its flow. */
export const flowEnvironment = z.object({ FLOW: packed('a flow', (text) => decodeFlow(unpackVariable(text))) });

const ends = z.object({ source: z.object({ alias: z.string() }), target: z.object({ alias: z.string() }) });

/** `us-east->us-west`, also of a flow of which this version reads nothing else; undefined where not even that can be read. */
export function flowNameIn({ FLOW = '' }: Readonly<Record<string, string | undefined>>): string | undefined {
  try {
    return flowName(flowOf(ends.parse(JSON.parse(unpackVariable(FLOW)))));
  } catch {
    return undefined;
  }
}

/** Of a function that reads the flow's offset map. */
export const mapEnvironment = flowEnvironment.extend({
  OFFSET_MAP_TABLE: z.string().min(1),
  OFFSET_MAP_REGION: z.string().min(1),
});

export type FlowEnvironment = z.infer<typeof flowEnvironment>;
export type MapEnvironment = z.infer<typeof mapEnvironment>;

/** @throws FunctionMisconfigured that names every variable which the stack did not set as it should */
export function parseVariables<T>(
  environment: z.ZodType<T>,
  variables: Readonly<Record<string, string | undefined>>,
): T {
  const parsed = environment.safeParse(variables);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => {
    const name = path.map(String).join('.');
    return `${name} ${variables[name] === undefined ? 'is not set' : message}`;
  });
  throw new FunctionMisconfigured(faults, parsed.error);
}
