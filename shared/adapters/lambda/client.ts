import { LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { timeLimits } from '../aws/time-limits.ts';

/** A region that does not answer is found out in seconds: neither a deployment nor a removal is to wait for it. */
const TIMEOUTS = timeLimits(3_000, 10_000);
/**
 * Lambda's control plane takes 15 requests a second of an account and a region, all functions together (Lambda quotas).
 * Eight attempts back off to 20 seconds between two.
 */
const MAX_ATTEMPTS = 8;

/** A client for Lambda's control plane that waits its turn. */
export function controlPlaneClient(config: LambdaClientConfig = {}): LambdaClient {
  return new LambdaClient({ maxAttempts: MAX_ATTEMPTS, requestHandler: TIMEOUTS, ...config });
}
