import { z } from 'zod';
import { unpackVariable } from '../../shared/adapters/lambda/packed-variable.ts';
import { decodeFlow } from '../../shared/config/flow-json.ts';
import { SourceAccessType, StartPosition } from '../../shared/reconcile/mapping.ts';
import { packed, parseVariables } from '../environment.ts';

const mapping = z.object({
  origin: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('msk'), clusterArn: z.string() }),
    z.object({ kind: z.literal('self-managed'), bootstrapServers: z.array(z.string()) }),
  ]),
  settings: z.object({
    enabled: z.boolean(),
    batchSize: z.int(),
    batchingWindowSeconds: z.int(),
    pollers: z.object({ minimum: z.int(), maximum: z.int(), group: z.string().optional() }).optional(),
    access: z.array(z.object({ type: z.enum(SourceAccessType), uri: z.string() })),
  }),
  start: z.union([z.enum(StartPosition), z.object({ atMs: z.int() })]),
});

const environment = z.object({
  /** Its `text` is JSON as `encodeFlow` writes it: what is deployed can be compared with what would be. */
  FLOW: packed('a flow', (variable) => {
    const text = unpackVariable(variable);
    return { text, flow: decodeFlow(text) };
  }),
  OFFSET_MAP_TABLE: z.string().min(1),
  OFFSET_MAP_REGION: z.string().min(1),
  REPLICATE_FUNCTION: z.string().min(1),
  MAPPING: packed('what mappings are to be', (text) => {
    const { origin, settings, start } = mapping.parse(JSON.parse(text));
    return { origin, settings: { ...settings, pollers: settings.pollers }, start };
  }),
  /** Whether the opposite flow copies into the same topics. */
  TWO_WAY: z.stringbool().default(false),
  DRAIN_MS: z.coerce.number().int().positive(),
  LOOK_EVERY_MS: z.coerce.number().int().positive(),
});

export type ReconcileEnvironment = z.infer<typeof environment>;

/** @throws FunctionMisconfigured that names every variable which the stack did not set as it should */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): ReconcileEnvironment {
  return parseVariables(environment, variables);
}
