import { z } from 'zod';
import { mapEnvironment } from '../environment.ts';

/** The tables of a pair that copies nothing are not made; nobody asks for them. */
export const heartbeatEnvironment = mapEnvironment.extend({ REGISTRY_TABLE: z.string().min(1) });

export type HeartbeatEnvironment = z.infer<typeof heartbeatEnvironment>;
