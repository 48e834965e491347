import { z } from 'zod';

const answer = z.object({ events: z.array(z.object({ message: z.string(), timestamp: z.number() })) });

/** What functions of a region wrote to CloudWatch Logs. */
export class FunctionLog {
  readonly #endpoint: string;
  readonly #region: string;
  readonly #functionName: (name: string) => string;

  constructor(endpoint: string, region: string, functionName: (name: string) => string) {
    this.#endpoint = endpoint;
    this.#region = region;
    this.#functionName = functionName;
  }

  /** Lines of one function since `since`, ms. */
  async since(name: string, since: number): Promise<readonly string[]> {
    const scope = `test/20260101/${this.#region}/logs/aws4_request`;
    const response = await fetch(this.#endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Logs_20140328.FilterLogEvents',
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      },
      body: JSON.stringify({ logGroupName: `/aws/lambda/${this.#functionName(name)}`, startTime: since }),
    });
    if (!response.ok) throw new Error(`FilterLogEvents: ${await response.text()}`);
    return answer.parse(await response.json()).events.map(({ message }) => message);
  }
}
