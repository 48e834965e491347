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

/** CloudFormation takes a response of 4,096 bytes: reason and each datum are cut, to leave room for the ids. */
const MAX_REASON_BYTES = 1_500;
const MAX_DATUM_BYTES = 800;

/** Attempts, and the time that each has: well within what `reconcile` keeps back for the answer. */
const ATTEMPTS = 3;
const ATTEMPT_MS = 4_000;

/**
 * Tells CloudFormation how it went; without an answer it waits until the service time-out, so a lost connection or a fault
 * of S3 is not the end of it. Taking the same answer twice is no error.
 * @throws Error when the answer is not taken
 */
export async function answerCustomResource(
  request: CustomResourceRequest,
  answer: CustomResourceAnswer,
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = request;
  const body = JSON.stringify({
    Status: answer.status,
    Reason: answer.reason && cut(answer.reason, MAX_REASON_BYTES),
    PhysicalResourceId: answer.physicalResourceId,
    StackId,
    RequestId,
    LogicalResourceId,
    Data:
      answer.data &&
      Object.fromEntries(Object.entries(answer.data).map(([name, value]) => [name, cut(value, MAX_DATUM_BYTES)])),
  });
  for (let attempt = 1; ; attempt++) {
    const refusal = await put(request.ResponseURL, body);
    if (refusal === undefined) return;
    if (attempt === ATTEMPTS || !refusal.passing)
      throw new Error(`CloudFormation did not take the answer: ${refusal.reason}`, { cause: refusal.cause });
  }
}

/** The beginning of `text` that takes no more than so many bytes as JSON. */
function cut(text: string, bytes: number): string {
  let kept = text.slice(0, bytes);
  while (Buffer.byteLength(JSON.stringify(kept)) > bytes) kept = kept.slice(0, Math.floor(kept.length * 0.9));
  return kept;
}

interface Refused {
  readonly reason: string;
  /** Whether the same request may be taken the next time. */
  readonly passing: boolean;
  readonly cause?: unknown;
}

async function put(url: string, body: string): Promise<Refused | undefined> {
  try {
    // The URL is signed for an empty content type.
    const headers = { 'content-type': '' };
    const response = await fetch(url, { method: 'PUT', headers, body, signal: AbortSignal.timeout(ATTEMPT_MS) });
    if (response.ok) return undefined;
    return { reason: `${response.status} ${response.statusText}`, passing: response.status >= 500 };
  } catch (cause) {
    return { reason: String(cause), passing: true, cause };
  }
}
