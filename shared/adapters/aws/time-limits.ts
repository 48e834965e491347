/** What an AWS client takes as its `requestHandler`; times in ms. */
export interface TimeLimits {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly throwOnRequestTimeout: true;
}

/**
 * How long one try of a request to AWS may take. Without the last of the three the SDK only warns of a request that has no
 * answer, and goes on waiting: half a region that accepts connections and says nothing would be waited for without end.
 *
 * @param connectMs until the connection stands
 * @param answerMs from there to the end of the answer
 */
export function timeLimits(connectMs: number, answerMs: number): TimeLimits {
  return { connectionTimeout: connectMs, requestTimeout: answerMs, throwOnRequestTimeout: true };
}
