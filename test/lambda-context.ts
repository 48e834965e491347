import type { Context } from 'aws-lambda';

export interface InvocationFacts {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly memoryMb: number;
  /** When Lambda would end it, ms from now. */
  readonly remainingMs: number;
}

/** What Lambda's runtime tells a handler of an invocation that begins now. */
export function lambdaContext({ awsRequestId, functionName, memoryMb, remainingMs }: InvocationFacts): Context {
  const startedAt = performance.now();
  return {
    awsRequestId,
    functionName,
    functionVersion: '1',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    memoryLimitInMB: String(memoryMb),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'one',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.round(remainingMs - (performance.now() - startedAt)),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
