import { z } from 'zod';

/** CloudFormation's call of a custom resource's function (AWS CloudFormation user guide, "Custom resource requests"). */
export const customResourceRequest = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
});
export type CustomResourceRequest = z.infer<typeof customResourceRequest>;

export interface CustomResourceAnswer {
  readonly status: 'SUCCESS' | 'FAILED';
  /** Same for the life of the resource. */
  readonly physicalResourceId: string;
  /** Shown in the stack's events. */
  readonly reason?: string;
  /** What the template can read with `Fn::GetAtt`. */
  readonly data?: Readonly<Record<string, string>>;
}

/** CloudFormation takes a response of 4,096 bytes; the reason is cut to leave room for the rest. */
const MAX_REASON = 2_000;

/**
 * Tells CloudFormation how it went; without an answer it waits until the service time-out.
 * @throws Error when the answer is not taken
 */
export async function answerCustomResource(
  request: CustomResourceRequest,
  answer: CustomResourceAnswer,
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = request;
  const response = await fetch(request.ResponseURL, {
    method: 'PUT',
    // The URL is signed for an empty content type.
    headers: { 'content-type': '' },
    body: JSON.stringify({
      Status: answer.status,
      Reason: answer.reason?.slice(0, MAX_REASON),
      PhysicalResourceId: answer.physicalResourceId,
      StackId,
      RequestId,
      LogicalResourceId,
      Data: answer.data,
    }),
  });
  if (!response.ok)
    throw new Error(`CloudFormation did not take the answer: ${response.status} ${response.statusText}`);
}
