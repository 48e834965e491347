import type { Context } from 'aws-lambda';
import { handler } from '../functions/verify/index.ts';

/** As its stack has it. */
const TIMEOUT_MS = 900_000;

/** One invocation of the function `verify`, in a process of its own as Lambda has it; the process's output is its log. */
const began = performance.now();
const FUNCTION = 'verify';
const context: Context = {
  awsRequestId: 'bench',
  functionName: FUNCTION,
  functionVersion: '1',
  invokedFunctionArn: `arn:aws:lambda:us-west-2:000000000000:function:${FUNCTION}`,
  memoryLimitInMB: '1769',
  logGroupName: `/aws/lambda/${FUNCTION}`,
  logStreamName: 'one',
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () => Math.round(TIMEOUT_MS - (performance.now() - began)),
  done: () => {},
  fail: () => {},
  succeed: () => {},
};
await handler({ action: 'verify' }, context);
// Connections stay open for the next invocation.
process.exit(0);
