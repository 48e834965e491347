/** An AWS endpoint, and the region that is meant there. */
export interface AwsPlace {
  readonly awsEndpoint: string;
  readonly awsRegion: string;
}

export interface AwsRequest {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
  readonly signal?: AbortSignal;
}

/**
 * A request of any AWS service, for those whose client the project has no other need of.
 *
 * @returns the answer's text
 * @throws Error for an answer that is none of success
 */
export async function callAws(
  service: string,
  { path = '/', headers, ...request }: AwsRequest,
  { awsEndpoint, awsRegion }: AwsPlace,
): Promise<string> {
  // The local endpoint reads service and region from it and does not check the signature.
  const scope = `test/20260101/${awsRegion}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
  const response = await fetch(new URL(path, awsEndpoint), { ...request, headers: { ...headers, authorization } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${service} answered ${response.status}: ${text}`);
  return text;
}

/** A request in AWS's query protocol. */
export function queryAws(service: string, parameters: Record<string, string>, place: AwsPlace): Promise<string> {
  return callAws(service, { method: 'POST', body: new URLSearchParams(parameters) }, place);
}
