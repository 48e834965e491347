import { z } from 'zod';
import { type CustomResourceRequest, customResourceRequest } from '../../shared/adapters/lambda/custom-resource.ts';

/** What `reconcile` is asked: by the schedule or a person, or by CloudFormation. */
export type ReconcileRequest =
  | { readonly kind: 'direct'; readonly action: 'reconcile' | 'remove-all' }
  | {
      readonly kind: 'deployment';
      readonly action: 'reconcile' | 'remove-all';
      readonly request: CustomResourceRequest;
    };

const direct = z.object({ action: z.enum(['reconcile', 'remove-all']) });

/** @throws ZodError when the event is none of these */
export function parseRequest(event: unknown): ReconcileRequest {
  const request = customResourceRequest.safeParse(event);
  if (!request.success) return { kind: 'direct', action: direct.parse(event).action };
  const action = request.data.RequestType === 'Delete' ? 'remove-all' : 'reconcile';
  return { kind: 'deployment', action, request: request.data };
}
