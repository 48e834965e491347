import { z } from 'zod';
import { unpackVariable } from '../../shared/adapters/lambda/packed-variable.ts';
import { decodeTopicChoice } from '../../shared/config/topic-choice.ts';
import { mapEnvironment, packed } from '../environment.ts';

/** Where the parts of a flow are that a runbook stops and starts. */
export interface FlowPlace {
  /** Beside the flow's target. */
  readonly offsetMapTable: string;
  readonly offsetMapRegion: string;
  /** ARN of the function, beside the flow's source. */
  readonly replicate: string;
  readonly replicateRegion: string;
}

const name = z.string().min(1);

/** `FLOW`, its offset map and, beside that, the registry; then what may be in the other region. */
export const runbookEnvironment = mapEnvironment.extend({
  REGISTRY_TABLE: name,
  REGISTRY_PARAMETER: name,
  REPORT_BUCKET: name,
  /** Whether the runbooks may fence writers at the brokers, and do. */
  FENCE_BY_ACLS: z.stringbool().default(false),
  REPLICATE_FUNCTION: name,
  REPLICATE_REGION: name,
  /** Of the flow that comes back; absent where none is deployed. */
  REVERSE_OFFSET_MAP_TABLE: name.optional(),
  REVERSE_OFFSET_MAP_REGION: name.optional(),
  REVERSE_REPLICATE_FUNCTION: name.optional(),
  REVERSE_REPLICATE_REGION: name.optional(),
  /** Beside the reverse flow's offset map. */
  REVERSE_REGISTRY_TABLE: name.optional(),
  /** What it copies; absent where that is not known. */
  REVERSE_TOPICS: packed('a choice of topics', (text) => decodeTopicChoice(unpackVariable(text))).optional(),
});

export type RunbookEnvironment = z.infer<typeof runbookEnvironment>;

export function ownPlace(environment: RunbookEnvironment): FlowPlace {
  return {
    offsetMapTable: environment.OFFSET_MAP_TABLE,
    offsetMapRegion: environment.OFFSET_MAP_REGION,
    replicate: environment.REPLICATE_FUNCTION,
    replicateRegion: environment.REPLICATE_REGION,
  };
}

/** Undefined where no reverse flow is deployed. */
export function reversePlace(environment: RunbookEnvironment): FlowPlace | undefined {
  const {
    REVERSE_OFFSET_MAP_TABLE: offsetMapTable,
    REVERSE_OFFSET_MAP_REGION: offsetMapRegion,
    REVERSE_REPLICATE_FUNCTION: replicate,
    REVERSE_REPLICATE_REGION: replicateRegion,
  } = environment;
  if (!offsetMapTable || !offsetMapRegion || !replicate || !replicateRegion) return undefined;
  return { offsetMapTable, offsetMapRegion, replicate, replicateRegion };
}
