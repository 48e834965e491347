import { z } from 'zod';
import { type AwsPlace, callAws } from '../../../local/region/call-aws.ts';

const answer = z.object({ events: z.array(z.object({ message: z.string(), timestamp: z.number() })) });

/** What functions of a region wrote to CloudWatch Logs. */
export class FunctionLog {
  readonly #place: AwsPlace;
  readonly #functionName: (name: string) => string;

  constructor(place: AwsPlace, functionName: (name: string) => string) {
    this.#place = place;
    this.#functionName = functionName;
  }

  /** Lines of one function since `since`, ms. */
  async since(name: string, since: number): Promise<readonly string[]> {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Logs_20140328.FilterLogEvents',
    };
    const body = JSON.stringify({ logGroupName: `/aws/lambda/${this.#functionName(name)}`, startTime: since });
    const text = await callAws('logs', { method: 'POST', headers, body }, this.#place);
    return answer.parse(JSON.parse(text)).events.map(({ message }) => message);
  }
}
