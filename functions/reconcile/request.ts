import { z } from 'zod';
import { type CustomResourceRequest, customResourceRequest } from '../../shared/adapters/lambda/custom-resource.ts';

/** A scheduled run leaves room for the next one, a minute after it began. */
const RUN_S = 55;
/** Longer than until the schedule of a new stack begins, which is made after the mappings' resource. */
const FIRST_RUN_S = 115;

/** What `reconcile` is asked: by the schedule, a person or itself, or by CloudFormation. */
export type ReconcileRequest =
  /** Looks for so long, at least once. */
  | { readonly kind: 'look'; readonly forSeconds: number }
  | { readonly kind: 'remove' }
  /** Says what would be done, of one topic or of all, and does nothing. */
  | { readonly kind: 'plan'; readonly topic: string | undefined }
  | { readonly kind: 'deployment'; readonly request: CustomResourceRequest };

const direct = z.discriminatedUnion('action', [
  z.object({ action: z.literal('reconcile'), forSeconds: z.number().min(0).default(RUN_S) }),
  z.object({ action: z.literal('remove-all') }),
  z.object({ action: z.literal('plan'), topic: z.string().min(1).max(249).optional() }),
]);

/** The event by which a deployment has the first looks made. */
export const FIRST_LOOKS = { action: 'reconcile', forSeconds: FIRST_RUN_S } as const satisfies z.input<typeof direct>;

/** @throws ZodError when the event is none of these */
export function parseRequest(event: unknown): ReconcileRequest {
  const request = customResourceRequest.safeParse(event);
  if (request.success) return { kind: 'deployment', request: request.data };
  const asked = direct.parse(event);
  switch (asked.action) {
    case 'reconcile':
      return { kind: 'look', forSeconds: asked.forSeconds };
    case 'remove-all':
      return { kind: 'remove' };
    case 'plan':
      return { kind: 'plan', topic: asked.topic };
  }
}
