import { z } from 'zod';
import { RunbookKind } from '../../shared/runbook/runbook.ts';

const fault = z.object({
  code: z.string(),
  what: z.string(),
  safe: z.string(),
  next: z.string(),
  retriable: z.boolean(),
});

/** A step with its own details, `says` as an order. */
const step = z.looseObject({ kind: z.string(), says: z.string() });

const topic = z.object({
  topic: z.string(),
  steps: z.array(step),
  /** Of a topic that is gone at the source: what becomes of its copy. */
  gone: z.string().optional(),
  /** What the next step waits for. */
  waitingFor: z.object({ kind: z.string(), says: z.string() }).optional(),
  /** Why nothing is done for the topic. */
  fault: fault.optional(),
});

const hold = z.object({ generation: z.int(), since: z.int(), kind: z.enum(RunbookKind) });

const outOfStep = z.object({
  topic: z.string(),
  remoteTopic: z.string(),
  /** As orders. */
  steps: z.array(z.string()),
});

const plan = z.object({
  /** Source topics that the flow copies or should copy. */
  covered: z.int(),
  /** Those with something to be done, waited for or complained of. */
  topics: z.array(topic),
  /** Remote topics whose settings or ACLs differ, seen to when `sync.topic.*.interval.seconds` have passed. */
  outOfStep: z.array(outOfStep),
  /** Of settings and ACLs: what cannot be compared, or what the target does not know. */
  faults: z.array(fault),
  /** Remote topics that are there though their source topics are gone. */
  orphans: z.array(z.string()),
  /** Whether the stack is being destroyed: reconcile then does nothing more. */
  removed: z.boolean(),
  /** Set where a runbook holds the flow: reconcile then keeps its mappings disabled, and does nothing else. */
  hold: hold.optional(),
});

const clusterTopic = z.object({ id: z.string(), partitions: z.int() });

/** One topic as it is found; absent is what is not there. */
const seen = z.object({
  source: clusterTopic.optional(),
  remoteTopic: z.string(),
  target: clusterTopic.optional(),
  registered: z.object({ state: z.string(), generation: z.int() }).optional(),
  mappings: z.array(z.object({ uuid: z.string(), phase: z.string(), enabled: z.boolean(), group: z.string() })),
});

/** What `{"action":"plan"}` is answered, with a topic or without one; docs/cli.md has the command that asks it. */
export const planResponse = z.union([
  z.object({ plan, configuration: z.string() }),
  z.object({
    seen,
    next: topic.optional(),
    removed: z.boolean(),
    hold: hold.optional(),
    /** Absent from those of a version before. */
    configuration: z.string().optional(),
  }),
  z.object({ error: fault }),
]);

export type PlanResponse = z.infer<typeof planResponse>;
export type PlanFault = z.infer<typeof fault>;
export type PlannedTopic = z.infer<typeof topic>;
export type PlannedFlow = z.infer<typeof plan>;
export type SeenTopic = z.infer<typeof seen>;
